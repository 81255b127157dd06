public import RoostModel
import RoostControlGroups
import Synchronization

/// The control groups of one job and what they limit; it travels to the worker with the job.
public struct JobFence: Codable, Hashable, Sendable {
    /// The most that the job may use.
    public var limits: MachineSize
    /// Folders of the groups.
    public var folders: [String]

    /// What happened to the job at its limits beyond what is known, as sentences.
    ///
    /// - Parameters:
    ///   - known: what was told before.
    ///   - now: what the kernel counts.
    /// - Returns: that a process was killed, and that none could be made; nil for what did not happen.
    func news(since known: GroupOverruns, _ now: GroupOverruns) -> (killed: String?, refused: String?) {
        let kills = now.kills - known.kills
        let memory = MachineSize.size(limits.memory ?? 0)
        let processes = kills == 1 ? "one of its processes was" : "\(kills) of its processes were"
        let killed = "The job used more than its \(memory) of memory, and \(processes) killed."
        let refused = "The job has reached its limit of \(limits.processes ?? 0) processes; more could not be started."
        return (kills > 0 ? killed : nil, now.refusals > known.refusals ? refused : nil)
    }
}

/// Tells each overrun of a job once.
final class FenceWatch: Sendable {
    let fence: JobFence
    private let known: Mutex<GroupOverruns>

    init(_ fence: JobFence) {
        self.fence = fence
        known = Mutex(GroupOverruns(of: fence.folders))
    }

    /// What has happened since this was asked last.
    func news() -> (killed: String?, refused: String?) {
        let now = GroupOverruns(of: fence.folders)
        return known.withLock { known in
            defer { known = now }
            return fence.news(since: known, now)
        }
    }
}
