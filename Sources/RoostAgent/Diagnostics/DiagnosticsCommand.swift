import FoundationEssentials
import Glibc

/// `roost-agent diagnostics`: puts what helps to find a fault into one archive, without secrets, and says what is in it.
struct DiagnosticsCommand: Sendable {
    let root: AgentRoot
    let inputs: AgentInputs
    let environment: [String: String]
    let console: any AgentConsole

    /// Writes the archive.
    ///
    /// - Throws: ``ConfigurationFailure/notWritable(path:error:)``.
    func run() async throws(ConfigurationFailure) {
        let moment = Date()
        let inherited = AgentEnvironment(root: root, base: environment).values
        let masker = DiagnosticMasker(root: root, environment: environment.merging(inherited) { $1 })
        let name = (try? AgentFiles(root: root).settings())?.agentName
        let parts = await AgentDiagnostics(root: root, environment: environment).parts()
        let title = name.map { "The agent '\($0)' in \(root.path)" } ?? "No agent is configured in \(root.path)"
        let bundle = DiagnosticBundle(title, parts, masker, at: moment)
        let path =
            inputs.text("output")
            ?? "roost-agent-\(name.map(Self.fileName) ?? "none")-\(DiagnosticLog.stamp(moment)).zip"
        try write(bundle.archive, to: path)
        console.say("Wrote \(FileTree.resolved(path) ?? path):")
        for part in bundle.parts {
            let space = String(repeating: " ", count: max(1, 34 - part.name.count))
            console.say("  \(part.name)\(space)\(part.about)")
        }
        console.say(
            "Secrets that the agent knows, and what looks like one, are replaced by \(SecretMasker.replacement). Look through it before you give it away."
        )
    }

    private static func fileName(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
    }

    /// For the user alone, and never over what is there.
    private func write(_ bytes: [UInt8], to path: String) throws(ConfigurationFailure) {
        let file = OwnedDescriptor(open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600))
        guard file.number >= 0 else { throw .notWritable(path: path, error: errno) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = errno
                unlink(path)
                throw .notWritable(path: path, error: error)
            }
            rest = rest.dropFirst(count)
        }
    }
}
