import Glibc
import Synchronization

/// The process groups that run now.
///
/// They belong to the operating system process, so this is one list per process and not a dependency to pass in.
enum RunningGroups {
    private static let groups = Mutex<Set<pid_t>>([])

    static var all: Set<pid_t> { groups.withLock { $0 } }

    static func insert(_ group: pid_t) { groups.withLock { _ = $0.insert(group) } }

    static func remove(_ group: pid_t) { groups.withLock { _ = $0.remove(group) } }
}
