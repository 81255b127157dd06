import RoostModel

/// `AzureCLI@2`: a script with `az` signed in by a service connection of any kind.
struct AzureCLITask: TaskHandler {
    static let reference = TaskReference(
        id: "46e4be58-730b-4389-8a2f-ea10b3e5e815",
        name: "AzureCLI",
        version: "2.262.0"
    )
    let title = "Azure CLI"

    func run(_ work: StepWork) async throws -> TaskResult {
        let script = try AzureScript(work)
        let account = try await work.cloudAccount("connectedServiceNameARM", "azureSubscription")
        let session = try AzureSession(
            work,
            account,
            isGlobal: work.flag("useGlobalConfig"),
            isVisible: work.flag("visibleAzLogin", default: true)
        )
        defer { session.remove() }
        guard try await session.begin(allowsNoSubscriptions: work.flag("allowNoSubscriptions")) else { return .failed }
        var inner = session.work
        if work.flag("addSpnToEnvironment") { inner = inner.adding(account.variables) }
        let result = try await script.run(inner)
        try await session.end()
        return result
    }
}

extension CloudAccount {
    /// What `addSpnToEnvironment` gives a script.
    fileprivate var variables: [String: String] {
        var variables = ["servicePrincipalId": client, "tenantId": tenant]
        switch credential {
        case .secret(let secret): variables["servicePrincipalKey"] = secret.exposed
        case .idToken(let token): variables["idToken"] = token.exposed
        case .certificate, .managedIdentity: break
        }
        return variables
    }
}

/// The script of an `AzureCLI` step.
private struct AzureScript {
    private let isPowerShell: Bool
    private let program: String
    /// What the interpreter reads.
    private let text: String

    /// - Throws: ``TaskFailure``, ``ProgramFailure``, before anybody signs in.
    init(_ work: StepWork) throws {
        let type = try work.word("scriptType", of: ["ps", "pscore", "batch", "bash"], default: "bash")
        guard type == "bash" || type == "pscore" else {
            throw TaskFailure.inputInvalid("scriptType", value: type, expected: "bash or pscore on Linux")
        }
        isPowerShell = type == "pscore"
        program =
            isPowerShell
            ? try work.program("pwsh", package: "powershell") : try work.program("bash", package: "bash")
        let location = try work.word("scriptLocation", of: ["inlineScript", "scriptPath"], default: "scriptPath")
        let arguments = work.input("scriptArguments", "arguments", "args").map { " \($0)" } ?? ""
        let body: String
        if location == "inlinescript" {
            guard let inline = work.inputs["inlinescript"], !inline.isEmpty else {
                throw TaskFailure.inputMissing("inlineScript")
            }
            // Arguments are those of the script, whose lines stand in this one.
            body = isPowerShell || arguments.isEmpty ? inline : "set --\(arguments)\n\(inline)"
        } else {
            let path = work.place(try work.required("scriptPath"))
            guard FileTree.isFile(path) else { throw TaskFailure.fileMissing(path) }
            body =
                isPowerShell
                ? ". '\(path.replacing("'", with: "''"))'\(arguments)"
                : "exec bash \(ShellQuoting.quoted(path))\(arguments)"
        }
        text = isPowerShell ? try Self.powerShell(body, work) : body
    }

    private static func powerShell(_ body: String, _ work: StepWork) throws(TaskFailure) -> String {
        let words = ["stop", "continue", "silentlyContinue"]
        let preference = try work.word("powerShellErrorActionPreference", of: words, default: "stop")
        var lines = ["$ErrorActionPreference = '\(preference)'", body]
        if !work.flag("powerShellIgnoreLASTEXITCODE") {
            lines += [
                "if (!(Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit 0 }", "exit $LASTEXITCODE",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func run(_ work: StepWork) async throws -> TaskResult {
        let file = try ScriptFile(
            work.insideText(text),
            folder: work.settings.folders.temp,
            suffix: isPowerShell ? "ps1" : "sh"
        )
        defer { file.remove() }
        let path = work.insideText(file.path)
        return try await work.carryOut(
            program,
            isPowerShell
                ? ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", ". '\(path.replacing("'", with: "''"))'"]
                : ["--noprofile", "--norc", path],
            in: work.workingDirectory,
            failingOnErrors: work.flag("failOnStandardError")
        )
    }
}
