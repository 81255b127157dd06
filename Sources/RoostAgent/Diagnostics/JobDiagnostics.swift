import FoundationEssentials
import Glibc
import RoostModel

/// The bundle of one job, for runs with `Agent.Diagnostic`: what its worker saw, and what the agent did meanwhile.
///
/// The logs are opened before the job is isolated, which hides them.
struct JobDiagnostics: Sendable {
    /// The variable by which a run asks for it.
    static let switchName = "Agent.Diagnostic"
    /// The attachment's type, by which clients find it.
    static let attachmentType = "DistributedTask.Core.DiagnosticLog"

    private let parts: JobParts
    private let logs: [(name: String, about: String, file: OwnedDescriptor)]
    private let masker: DiagnosticMasker

    /// Nil when the job does not ask for it.
    init?(_ parts: JobParts) {
        guard parts.variables.flag(Self.switchName) else { return nil }
        self.parts = parts
        let root = AgentRoot(parts.settings.folders.root)
        masker = DiagnosticMasker(root: root, environment: parts.settings.environment, job: parts.masker)
        let all = AgentLogs(root: root)
        logs = [(DiagnosticLog.Kind.agent, "the agent's log"), (.worker, "the log of the job's worker")].compactMap {
            kind,
            about in
            guard let name = all.newest(kind, most: 1).first else { return nil }
            let file = OwnedDescriptor(open("\(root.diagnostics)/\(name)", O_RDONLY | O_CLOEXEC))
            return file.number < 0 ? nil : ("logs/\(name)", about, file)
        }
    }

    var attachmentName: String { "\(parts.order.name)-\(parts.order.job)-diagnostics.zip" }

    /// The archive.
    ///
    /// - Parameter records: what became of the steps.
    /// - Returns: its bytes.
    func archive(_ records: [String]) async -> [UInt8] {
        let moment = Date()
        let settings = parts.settings
        let scan = CapabilityScan(
            root: AgentRoot(settings.folders.root),
            agentName: settings.agentName,
            environment: settings.environment,
            asksVersions: false
        )
        let capabilities = await scan.run().dictionary.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        let environment = settings.environment.sorted { $0.key < $1.key }.map { name, value in
            "\(name)=\(SecretGuess.judge(name: name, value: value) == nil ? value : SecretMasker.replacement)\n"
        }
        let variables = parts.variables.all.sorted { $0.name < $1.name }.map { entry in
            "\(entry.name)=\(entry.isSecret ? SecretMasker.replacement : entry.value)\n"
        }
        let files = [
            DiagnosticPart(
                "job.txt",
                "the job, and what became of its steps",
                job + records.joined(separator: "\n") + "\n"
            ),
            DiagnosticPart("variables.txt", "the variables at the job's end", variables.joined()),
            DiagnosticPart("environment.txt", "what steps inherit", environment.joined()),
            DiagnosticPart("capabilities.txt", "what the agent tells of the machine", capabilities.joined()),
        ]
        let logs = logs.compactMap { name, about, file in
            AgentLogs.end(of: file).map { DiagnosticPart(name, about, $0) }
        }
        return DiagnosticBundle("The job \(parts.order.job)", files + logs, masker, at: moment).archive
    }

    private var job: String {
        let order = parts.order
        return """
            job      \(order.job) (\(order.name))
            plan     \(order.plan)
            request  \(order.request)
            agent    \(parts.settings.agentName), version \(parts.settings.agentVersion)
            folder   \(parts.settings.folders.work)


            """
    }
}
