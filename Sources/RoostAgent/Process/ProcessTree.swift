import CRoostLinux
import Glibc

/// The processes that come from one step or one job, wherever they have moved in the process table.
///
/// A process leaves its parent by forking twice, its session by setsid, its mark by clearing the environment. It cannot leave the
/// subreaper: whatever loses its parent becomes a child of this process. So the tree is what descends from the root, what descends
/// from adopted children, and what bears the mark.
public struct ProcessTree: Sendable {
    /// Name of the environment variable that marks what a job starts.
    public static let markName = "VSTS_PROCESS_LOOKUP_ID"

    private static let namespaceKeeper = "podman pause"

    /// The first process; nil for all that was adopted or is marked.
    let root: Int32?
    /// Value of the mark; nil when processes are not marked.
    let mark: String?
    /// Whether every adopted child belongs to it, as in a worker, which has one job only.
    let takesAllAdopted: Bool
    /// Adopted or marked processes that began before belong to an earlier step; clock ticks since boot.
    let since: UInt64
    /// The first process of the job's own namespace, which adopts in the place of this process; nil where there is none.
    let keeper: pid_t?

    /// - Parameters:
    ///   - root: the first process; nil for all that was adopted or is marked.
    ///   - mark: value of ``markName`` in the environment of its processes.
    ///   - takesAllAdopted: whether this process has no other job whose orphans it adopts.
    ///   - since: adopted processes that began before do not belong to it; clock ticks since boot.
    ///   - keeper: the process that adopts in the place of this one.
    public init(
        root: Int32? = nil,
        mark: String?,
        takesAllAdopted: Bool,
        since: UInt64 = 0,
        keeper: Int32? = nil
    ) {
        self.root = root
        self.mark = mark
        self.takesAllAdopted = takesAllAdopted
        self.since = since
        self.keeper = keeper
    }

    /// Makes this process the one that adopts what loses its parent; false when the kernel refuses.
    @discardableResult
    public static func becomeSubreaper() -> Bool { roost_become_subreaper() == 0 }

    /// Living members, in no order; ended orphans are collected on the way.
    func members() -> [ProcessEntry] {
        let table = ProcessEntry.all()
        OwnChildren.reapAdopted(table)
        return members(in: table, own: getpid(), isOwnChild: OwnChildren.contains, isMarked: isMarked)
    }

    /// Whether anything may be left to stop; costs much less than ``members()`` when nothing is.
    func mayHaveMembers() -> Bool {
        guard takesAllAdopted, keeper == nil else { return true }
        // Asked first because looking into /proc/self/task makes the end of this process cost the kernel milliseconds.
        guard roost_has_children() != 0 else { return false }
        guard let children = ProcFile.ownChildren() else { return true }
        let adopted = children.filter { !OwnChildren.contains($0) }
        guard !adopted.isEmpty else { return false }
        OwnChildren.reapAdopted(adopted.compactMap { ProcessEntry(pid: $0) })
        return adopted.contains { ProcessEntry(pid: $0).map { !$0.isZombie } ?? false }
    }

    /// Which entries of a table belong to the tree; pure.
    func members(
        in table: [ProcessEntry],
        own: pid_t,
        isOwnChild: (pid_t) -> Bool,
        isMarked: (ProcessEntry) -> Bool
    ) -> [ProcessEntry] {
        var children: [pid_t: [ProcessEntry]] = [:]
        for entry in table { children[entry.parent, default: []].append(entry) }
        let adopted = [own, keeper].compactMap { $0 }.flatMap { children[$0] ?? [] }
            .filter { !isOwnChild($0.pid) && $0.startTicks >= since }
        var open = table.filter { $0.pid == root }
        var seen: Set<pid_t> = [own]
        open += takesAllAdopted ? adopted : []
        open += table.filter { $0.startTicks >= since && !isOwnChild($0.pid) && isMarked($0) }
        var found: [ProcessEntry] = []
        while let entry = open.popLast() {
            // Podman keeps the user's namespaces by it, for all jobs.
            guard entry.name != Self.namespaceKeeper, seen.insert(entry.pid).inserted else { continue }
            if !entry.isZombie { found.append(entry) }
            open += children[entry.pid] ?? []
        }
        return found
    }

    private func isMarked(_ entry: ProcessEntry) -> Bool {
        guard let mark, !entry.isZombie else { return false }
        return entry.environment(has: "\(Self.markName)=\(mark)")
    }

    /// Sends a signal to all living members; gives their number.
    @discardableResult
    func signal(_ signal: Int32) -> Int {
        let members = members()
        for member in members { member.signal(signal) }
        return members.count
    }

    /// Sends SIGINT to what a client started elsewhere, not to the client itself nor to the monitors of containers, which would pass it on once more.
    func interruptInner() {
        for member in members() where member.pid != root && member.name != "conmon" && member.name != "podman" {
            member.signal(SIGINT)
        }
    }

    /// Ends all members: SIGTERM, the grace, then SIGKILL again and again, because a process may fork while it is being killed.
    ///
    /// Blocks its thread up to the grace and five seconds.
    ///
    /// - Parameter grace: how long they may take after SIGTERM.
    /// - Returns: how many resisted.
    @discardableResult
    public func end(grace: Duration) -> Int {
        guard mayHaveMembers() else { return 0 }
        let clock = ContinuousClock()
        if grace > .zero, signal(SIGTERM) > 0 {
            let deadline = clock.now + grace
            while clock.now < deadline, !members().isEmpty { Self.rest() }
        }
        let deadline = clock.now + Self.killPatience
        while true {
            let left = signal(SIGKILL)
            if left == 0 || clock.now >= deadline { return left }
            Self.rest()
        }
    }

    /// A killed process that is not gone after this waits in the kernel for a device and will not go for us.
    static let killPatience = Duration.seconds(5)

    /// Long enough for a killed process to leave the table, short enough for nobody to notice.
    private static func rest() { usleep(5_000) }
}
