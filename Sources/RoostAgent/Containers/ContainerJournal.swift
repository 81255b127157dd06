import Crypto
import FoundationEssentials

/// Notes in the work folder that a job has containers, so that those of a killed worker are found.
struct ContainerJournal: Sendable {
    private let settings: WorkerSettings

    init(_ settings: WorkerSettings) { self.settings = settings }

    /// As the listener needs it, which runs no jobs itself; the environment is by default its own.
    init(_ folders: AgentFolders, _ environment: [String: String]?) {
        let environment = environment ?? ProcessEnvironment.own()
        settings = WorkerSettings(folders: folders, agentName: "", agentVersion: "", environment: environment)
    }

    private var file: String { "\(settings.folders.containers)/in-use" }

    /// The label of all containers of this agent, whatever the job.
    var label: String {
        let hash = Insecure.SHA1.hash(data: Array(settings.folders.root.utf8))
        return "roost.agent=\(hash.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())"
    }

    /// A job begins to have containers.
    func note() { _ = SmallFile.create("", at: file) }

    /// It has none any more.
    func close() { FileTree.delete(file) }

    /// Removes what a job left whose worker was killed; costs nothing when there is nothing.
    ///
    /// - Returns: what is worth telling; nil when nothing was left.
    @discardableResult
    func sweep() async -> String? {
        guard FileTree.exists(file) else { return nil }
        do {
            let engine = PodmanEngine(profile: try await PodmanProbe(settings: settings).find(), settings: settings)
            let ids = try await engine.remove(label: label)
            await engine.reclaim([settings.folders.work])
            close()
            return "Removed \(ids.count) containers of an earlier job whose worker was killed."
        } catch {
            return "Containers of an earlier job could not be removed: \(error)"
        }
    }
}
