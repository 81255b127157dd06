import CRoostLinux
import Glibc
import Synchronization

/// The children this process started itself and waits for.
///
/// All other children are orphans it adopted as subreaper. Children belong to the operating system process, so this is one list per
/// process and not a dependency to pass in.
enum OwnChildren {
    private static let pids = Mutex<Set<pid_t>>([])
    /// Ended children that nobody here started, and when they were first seen.
    private static let ended = Mutex<[Ended: ContinuousClock.Instant]>([:])
    /// Foundation, too, starts children of this process, whose end it must collect itself.
    ///
    /// That takes it milliseconds, and seconds on a machine that is overloaded. Taken away from it, any end would look like success.
    private static let patience = Duration.seconds(30)

    private struct Ended: Hashable {
        let pid: pid_t
        let startTicks: UInt64
    }

    /// Starts a child; no sweep can take it for an orphan, because the list is locked until it is in it.
    static func spawn(_ start: (inout pid_t) -> Int32) -> (error: Int32, pid: pid_t) {
        pids.withLock { pids in
            var pid: pid_t = 0
            let error = start(&pid)
            if error == 0 { pids.insert(pid) }
            return (error, pid)
        }
    }

    /// Collects the end of an own child; nil while it runs.
    static func reap(_ pid: pid_t) -> ProcessOutcome.End? {
        pids.withLock { pids in
            guard let end = collect(pid) else { return nil }
            pids.remove(pid)
            return end
        }
    }

    static func contains(_ pid: pid_t) -> Bool { pids.withLock { $0.contains(pid) } }

    /// Forgets a child that cannot be waited for any longer; a sweep collects it when it ends after all.
    static func abandon(_ pid: pid_t) { pids.withLock { _ = $0.remove(pid) } }

    /// Collects adopted children that ended a while ago, so that they do not stay as zombies.
    static func reapAdopted(_ entries: [ProcessEntry], now: ContinuousClock.Instant = .now) {
        let zombies = entries.filter { $0.isZombie && $0.parent == getpid() }
        guard !zombies.isEmpty else { return }
        let old = ended.withLock { ended in
            let keys = zombies.map { Ended(pid: $0.pid, startTicks: $0.startTicks) }
            ended = Dictionary(keys.map { ($0, ended[$0] ?? now) }) { first, _ in first }
            return keys.filter { ended[$0].map { now - $0 >= patience } ?? false }
        }
        pids.withLock { pids in
            for zombie in old where !pids.contains(zombie.pid) { _ = collect(zombie.pid) }
        }
    }

    private static func collect(_ pid: pid_t) -> ProcessOutcome.End? {
        var exited: Int32 = 0
        var code: Int32 = 0
        switch roost_reap(pid, &exited, &code) {
        case 0: return nil
        case pid: return exited != 0 ? .exited(code) : .signaled(code)
        default: return .unknown
        }
    }
}
