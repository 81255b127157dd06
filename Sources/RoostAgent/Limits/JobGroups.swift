import FoundationEssentials
import Glibc
import Logging
import RoostControlGroups
import RoostModel

/// Makes the control groups of an agent's jobs, and takes them away.
struct JobGroups: Sendable {
    /// The group that listeners of an agent stand in themselves, beside those of their jobs.
    private static let leaf = "roost-agent"

    let limits: MachineSize
    private let groups: ControlGroups
    /// Two agents may share the place where their groups are.
    private let prefix: String

    /// Looks where groups can be made.
    ///
    /// - Parameters:
    ///   - limits: what they are to limit.
    ///   - root: the agent's folder.
    /// - Throws: ``ConfigurationFailure/limitsNotKept(_:)``.
    init(_ limits: MachineSize, _ root: AgentRoot) throws(ConfigurationFailure) {
        groups = ControlGroups.ofThisProcess(leaf: Self.leaf)
        self.limits = limits
        prefix = "job-\(Self.mark(root.path))-"
        let missing = groups.missing.map(\.rawValue).filter(limits.names.contains)
        guard missing.isEmpty else { throw .limitsNotKept(Self.reason(missing)) }
    }

    /// Moves this process where it may stand while its children make groups.
    ///
    /// - Throws: ``ConfigurationFailure/limitsNotKept(_:)``.
    static func prepare(_ limits: MachineSize?, _ root: AgentRoot) throws(ConfigurationFailure) {
        if let limits { _ = try JobGroups(limits, root) }
    }

    private static func reason(_ missing: [String]) -> String {
        let names = missing.map { "'\($0)'" }.joined(separator: ", ")
        let group = missing.count == 1 ? "the control group \(names)" : "the control groups \(names)"
        return "the agent's user may not use \(group)"
    }

    /// A short name for a folder that is the same at each start (FNV-1a).
    private static func mark(_ path: String) -> String {
        let hash = path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }

    /// Puts a worker into the groups of its job, before it has the job.
    ///
    /// - Throws: ``ControlGroupFailure``.
    func enclose(_ job: JobID, worker: pid_t) throws(ControlGroupFailure) -> JobFence {
        let folders = try groups.make("\(prefix)\(job)", limits, swaps: false)
        try ControlGroups.join(folders, process: worker)
        return JobFence(limits: limits, folders: folders)
    }

    /// Takes the groups of a job away with all that is still in them.
    func remove(_ job: JobID, _ logger: Logger) async {
        await remove(named: "\(prefix)\(job)", logger)
    }

    /// Those of jobs of an earlier listener.
    func sweep(_ logger: Logger) async {
        for name in groups.names(beginning: prefix) { await remove(named: name, logger) }
    }

    private func remove(named name: String, _ logger: Logger) async {
        let failure: ControlGroupFailure?? = try? await OwnThread.run { deliver in
            do throws(ControlGroupFailure) {
                try groups.remove(name)
                deliver(nil)
            } catch { deliver(error) }
        }
        if case .some(.some(let failure)) = failure {
            logger.error("a control group cannot be removed", metadata: ["reason": "\(failure)"])
        }
    }
}
