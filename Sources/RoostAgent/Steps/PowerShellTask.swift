import RoostModel

/// `pwsh`: a script in the pipeline's file or one of the repository, where PowerShell is installed.
struct PowerShellTask: TaskHandler {
    let title = "PowerShell"

    func run(_ work: StepWork) async throws -> TaskResult {
        let pwsh = try work.program("pwsh")
        let preference = try errorPreference(work)
        let content: String
        if work.input("targetType")?.lowercased() == "inline" || work.input("filePath") == nil {
            guard let script = work.inputs["script"] else { throw TaskFailure.inputMissing("script") }
            ShellScript.show(script, work)
            content = script
        } else {
            content = try command(work)
            work.output.writeLine("Formatted command: \(content)")
        }
        var lines = ["$ErrorActionPreference = '\(preference)'", content]
        if !work.flag("ignoreLASTEXITCODE") {
            lines += [
                "if (!(Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit 0 }",
                "exit $LASTEXITCODE",
            ]
        }
        let file = try ScriptFile(
            work.insideText(lines.joined(separator: "\n")) + "\n",
            folder: work.settings.folders.temp,
            suffix: "ps1"
        )
        defer { file.remove() }
        let call = ". '\(work.insideText(file.path).replacing("'", with: "''"))'"
        let arguments = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", call]
        return try await ShellScript.run(pwsh, arguments, program: "PowerShell", work)
    }

    private func errorPreference(_ work: StepWork) throws(TaskFailure) -> String {
        let preference = work.input("errorActionPreference")?.lowercased() ?? "stop"
        guard ["stop", "continue", "silentlycontinue", "default"].contains(preference) else {
            throw .inputInvalid(
                "errorActionPreference",
                value: preference,
                expected: "stop, continue, silentlyContinue or default"
            )
        }
        return preference == "default" ? "continue" : preference
    }

    private func command(_ work: StepWork) throws(TaskFailure) -> String {
        guard let input = work.input("filePath") else { throw .inputMissing("filePath") }
        let path = work.absolute(input, below: work.folders.sources)
        guard FileTree.isFile(path) else { throw .fileMissing(path) }
        return ". '\(path.replacing("'", with: "''"))' \(work.input("arguments") ?? "")"
    }
}
