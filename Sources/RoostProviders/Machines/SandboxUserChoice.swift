import CRoostLinux
import Glibc

/// Who the users of a machine in a sandbox are outside.
enum SandboxUserChoice: Hashable, Sendable {
    struct Range: Hashable, Sendable {
        var first: UInt32
        var count: UInt32
    }

    /// The same numbers, with rights in the sandbox alone.
    case same
    case mapped(users: Range, groups: Range)
    /// Root only.
    case alone

    func write(to head: inout roost_machine_order) {
        switch self {
        case .same: head.users = ROOST_MACHINE_SAME
        case .alone: head.users = ROOST_MACHINE_ALONE
        case .mapped(let users, let groups):
            head.users = ROOST_MACHINE_MAPPED
            (head.own_user, head.first_user, head.user_count) = (geteuid(), users.first, users.count)
            (head.own_group, head.first_group, head.group_count) = (getegid(), groups.first, groups.count)
        }
    }
}
