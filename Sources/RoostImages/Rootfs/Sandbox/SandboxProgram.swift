/// A program that is run in a sandbox.
struct SandboxProgram: Sendable {
    var path: String
    /// With the name of the program as the first.
    var arguments: [String]
    var environment: [String: String]
    var user: SandboxUser = .root
    var folder: String = "/"
    /// Where shells look for programs.
    static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A descriptor that gets its standard output; nil is who runs it.
    var output: Int32?
}

/// Who a program runs as, by numbers inside.
struct SandboxUser: Sendable, Hashable {
    var name: String
    var number: UInt32
    var group: UInt32
    var groups: [UInt32]
    var home: String

    static let root = SandboxUser(name: "root", number: 0, group: 0, groups: [], home: "/root")

    /// The user of a name or number in the texts of `/etc/passwd` and `/etc/group`.
    ///
    /// A number that is no user's is taken with the group of the same number.
    static func named(_ name: String, passwd: String, group: String) -> SandboxUser? {
        for line in passwd.split(separator: "\n") {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 6, parts[0] == name || parts[2] == name, let number = UInt32(parts[2]),
                let own = UInt32(parts[3])
            else { continue }
            return SandboxUser(
                name: parts[0],
                number: number,
                group: own,
                groups: groups(of: parts[0], group),
                home: parts[5].isEmpty ? "/" : parts[5]
            )
        }
        return UInt32(name).map { SandboxUser(name: name, number: $0, group: $0, groups: [], home: "/") }
    }

    private static func groups(of name: String, _ text: String) -> [UInt32] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 4, parts[3].split(separator: ",").contains(Substring(name)) else { return nil }
            return UInt32(parts[2])
        }
    }
}
