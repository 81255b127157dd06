import FoundationEssentials
import RoostModel

/// A note about a job that runs, for the listener that comes after a killed one: whose pages and processes are left.
///
/// There is one file for each job, `_diag/jobs/JOB.json`, from its begin to its end. It holds no secret and no text of the job.
struct JobJournal: Codable, Hashable, Sendable {
    var job: String
    var request: Int
    var displayName: String
    var workerPID: Int32
    /// See ``ProcessEntry/startTicks``.
    var workerStartTicks: UInt64
    var listenerPID: Int32

    /// The mark of all processes of the job; see ``ProcessTree/markName``.
    var mark: String { "vsts_\(job)" }

    /// The worker, if it still runs.
    var worker: ProcessEntry? {
        guard let entry = ProcessEntry(pid: workerPID), entry.startTicks == workerStartTicks, !entry.isZombie else {
            return nil
        }
        return entry
    }

    // MARK: Files

    func write(_ root: AgentRoot) {
        guard let data = try? JSONEncoder().encode(self) else { return }
        _ = FileTree.make(root.journals, mode: 0o700)
        _ = SmallFile.write(String(decoding: data, as: UTF8.self), to: Self.path(job, root))
    }

    static func remove(job: String, _ root: AgentRoot) { FileTree.delete(path(job, root)) }

    /// What earlier listeners left.
    static func all(_ root: AgentRoot) -> [JobJournal] {
        FileTree.names(in: root.journals).filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            guard let text = SmallFile.read("\(root.journals)/\(name)") else { return nil }
            return try? JSONDecoder().decode(JobJournal.self, from: Data(text.utf8))
        }
    }

    private static func path(_ job: String, _ root: AgentRoot) -> String { "\(root.journals)/\(job).json" }
}
