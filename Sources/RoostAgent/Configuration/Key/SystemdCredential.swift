import FoundationEssentials
import Glibc

/// Seals bytes with keys of this machine, by the program `systemd-creds`.
struct SystemdCredential: Sendable {
    private let program: String
    private let path: String
    private let isRoot: Bool

    /// Part of what is sealed, so that another credential cannot take its place.
    private static let name = "roost-agent-key"
    /// The first that seals for users other than root.
    private static let firstForUsers = 256
    /// A TPM may take seconds.
    private static let patience = Duration.seconds(60)

    /// - Parameter path: where to look before the usual folders.
    /// - Throws: ``KeyFault`` when the machine has no such program.
    init(path: String?) throws(KeyFault) {
        let usual = ExecutableSearch.defaultPath
        guard
            let program = ExecutableSearch.find("systemd-creds", path: path)
                ?? ExecutableSearch.find("systemd-creds", path: usual)
        else { throw KeyFault(reason: "this machine has no systemd-creds") }
        self.program = program
        self.path = path ?? usual
        isRoot = geteuid() == 0
    }

    /// Whether a TPM takes part.
    func hasTPM() async -> Bool { (try? await run(["has-tpm2", "--quiet"]))?.code == 0 }

    /// Writes sealed bytes to a file.
    func seal(_ bytes: Data, to file: String) async throws(KeyFault) {
        try await checkVersion()
        let draft = "\(file).new"
        let answer = try await run(["encrypt"] + scope + ["--name=\(Self.name)", "-", draft], input: Array(bytes))
        guard answer.code == 0, chmod(draft, 0o600) == 0, rename(draft, file) == 0 else {
            unlink(draft)
            throw KeyFault(reason: "systemd-creds cannot seal it: \(answer.lastLine)")
        }
    }

    func open(_ file: String) async throws(KeyFault) -> Data {
        let answer = try await run(["decrypt"] + scope + ["--name=\(Self.name)", file, "-"])
        guard answer.code == 0 else {
            throw KeyFault(reason: "systemd-creds cannot open it: \(answer.lastLine)")
        }
        return Data(answer.output.utf8)
    }

    private var scope: [String] { isRoot ? [] : ["--user"] }

    private func checkVersion() async throws(KeyFault) {
        guard !isRoot else { return }
        let words = try await run(["--version"]).output.split { $0 == " " || $0 == "\n" }
        guard words.count > 1, let version = Int(words[1].prefix { $0.isNumber }), version < Self.firstForUsers else {
            return
        }
        throw KeyFault(reason: "systemd \(version) seals for root only, from \(Self.firstForUsers) on for others too")
    }

    // MARK: The program

    private struct Answer {
        var code: Int32
        var output: String
        /// What it said last, for a message.
        var lastLine: String {
            output.split(whereSeparator: \.isNewline).last.map { SignInRefusal.line(String($0)) }
                ?? "it ended with \(code)"
        }
    }

    private func run(_ arguments: [String], input: [UInt8] = []) async throws(KeyFault) -> Answer {
        let output = CollectedOutput(limit: 64 << 10)
        do {
            let process = try PipedProcess(launch(arguments), receive: output.receive)
            defer { process.closeInput() }
            if !input.isEmpty { try await process.write(input, patience: Self.patience) }
            process.closeInput()
            let end = await process.end.value
            return Answer(code: ProcessOutcome(end: end).exitCode, output: output.text)
        } catch {
            throw KeyFault(reason: "systemd-creds cannot be run")
        }
    }

    private func launch(_ arguments: [String]) -> ProcessLaunch {
        ProcessLaunch(
            executable: program,
            arguments: arguments,
            // Its remarks would stand between the bytes.
            environment: ["PATH": path, "SYSTEMD_LOG_LEVEL": "err"],
            workingDirectory: "/"
        )
    }
}
