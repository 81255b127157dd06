import Foundation

/// Who the users of a sandbox are outside.
enum SandboxUsers: Sendable, Hashable {
    /// The machine's own; needs root.
    case machine
    /// The machine's own numbers, with rights in the sandbox alone; needs root.
    case same
    /// Root is who builds, and others are these numbers of the machine.
    case mapped(users: SubordinateRange, groups: SubordinateRange)
    /// Root, who is who builds, is the only one.
    case alone

    /// What this process can offer, the best first.
    static func offered(by account: Account) -> [SandboxUsers] {
        var offers: [SandboxUsers] = account.isRoot ? [.machine] : []
        if let users = account.users, let groups = account.groups {
            offers.append(.mapped(users: users, groups: groups))
        }
        return offers + [.alone]
    }

    var areOwn: Bool { self != .machine }

    /// What cannot be done with them; nil when nothing is missing.
    var limits: String? {
        guard self == .alone else { return nil }
        return "The root file system can have files of root only: this user has no numbers in /etc/subuid and "
            + "/etc/subgid, or newuidmap and newgidmap (Debian's package uidmap) are missing."
    }

    /// Who builds, as far as it matters here.
    struct Account: Sendable, Hashable {
        var isRoot: Bool
        var users: SubordinateRange?
        var groups: SubordinateRange?

        /// This process's.
        static var own: Account {
            let names = [NSUserName(), "\(getuid())"]
            let canMap = SubordinateRange.programs.allSatisfy { access($0, X_OK) == 0 }
            return Account(
                isRoot: geteuid() == 0,
                users: canMap ? SubordinateRange.first(in: "/etc/subuid", of: names) : nil,
                groups: canMap ? SubordinateRange.first(in: "/etc/subgid", of: names) : nil
            )
        }
    }
}

/// Numbers that a user may give to users or groups of its own, as subuid(5) says.
struct SubordinateRange: Sendable, Hashable {
    var first: UInt32
    var count: UInt32

    static let programs = ["/usr/bin/newuidmap", "/usr/bin/newgidmap"]

    /// The first range that a file of lines `name:first:count` gives one of these names.
    static func first(in file: String, of names: [String]) -> SubordinateRange? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        return first(amongLines: text, of: names)
    }

    static func first(amongLines text: String, of names: [String]) -> SubordinateRange? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, names.contains(String(parts[0])), let first = UInt32(parts[1]),
                let count = UInt32(parts[2]), count > 0
            else { continue }
            return SubordinateRange(first: first, count: count)
        }
        return nil
    }
}
