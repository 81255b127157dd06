import Foundation
import Glibc

/// The process at the other end of a TCP connection of this machine, found as `ss -p` finds it: from the kernel's table of
/// connections to the socket, and from the socket to the process that holds it (proc(5)).
struct PeerProcess: Hashable, Sendable {
    var pid: Int
    /// Who owns the socket.
    var user: UInt32
    /// Programs of the processes above it, nearest first.
    var ancestors: [String]
    /// It lives in another mount or process namespace than this process: in a container.
    var isContained: Bool
}

/// Reads the kernel's tables below `/proc`.
struct PeerFinder: Sendable {
    /// Such as `/proc`.
    let root: String

    init(root: String = "/proc") { self.root = root }

    /// The process that opened a connection to here.
    ///
    /// - Parameters:
    ///   - port: the client's.
    ///   - ownPort: this side's.
    /// - Returns: nil when no process of this machine can be found that holds it.
    func peer(port: Int, ownPort: Int) -> PeerProcess? {
        guard let socket = socket(port: port, ownPort: ownPort) else { return nil }
        guard let pid = holder(of: socket.inode) else { return nil }
        let isContained = ["mnt", "pid"].contains { link("\(pid)/ns/\($0)") != link("self/ns/\($0)") }
        return PeerProcess(pid: pid, user: socket.user, ancestors: ancestors(of: pid), isContained: isContained)
    }

    // MARK: Connections

    private func socket(port: Int, ownPort: Int) -> (user: UInt32, inode: UInt64)? {
        for table in ["net/tcp", "net/tcp6"] {
            if let found = Self.socket(in: text("\(root)/\(table)"), port: port, ownPort: ownPort) { return found }
        }
        return nil
    }

    /// A file of the kernel, read to its end: it has no size, and comes in pieces of a page.
    private func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The line of a table whose local port is the client's and whose remote port is this side's.
    static func socket(in table: String, port: Int, ownPort: Int) -> (user: UInt32, inode: UInt64)? {
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 9, Self.port(fields[1]) == port, Self.port(fields[2]) == ownPort,
                let user = UInt32(fields[7]), let inode = UInt64(fields[9]), inode != 0
            else { continue }
            return (user, inode)
        }
        return nil
    }

    /// Of `0100007F:1F90`.
    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    // MARK: Processes

    private func holder(of inode: UInt64) -> Int? {
        let wanted = "socket:[\(inode)]"
        return entries(root).compactMap { Int($0) }.first { pid in
            entries("\(root)/\(pid)/fd").contains { link("\(pid)/fd/\($0)") == wanted }
        }
    }

    /// Names in a folder; none when it is gone.
    private func entries(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return names
    }

    private func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("\(root)/\(path)", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Up to the first process; a job's processes never leave the tree of their listener, which adopts orphans.
    private func ancestors(of pid: Int) -> [String] {
        var programs: [String] = []
        var current = pid
        while programs.count < 64, let parent = parent(of: current), parent > 0 {
            programs.append(link("\(parent)/exe").map { URL(filePath: $0).lastPathComponent } ?? "")
            current = parent
        }
        return programs
    }

    private func parent(of pid: Int) -> Int? {
        text("\(root)/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("PPid:") }.flatMap {
            Int($0.dropFirst(5).filter { !$0.isWhitespace })
        }
    }
}

/// Whom a machine's metadata endpoint answers.
public struct PeerPolicy: Hashable, Sendable {
    /// Numbers of users; root is always one.
    public var users: Set<UInt32>

    public init(users: Set<UInt32> = []) { self.users = users.union([0]) }

    /// Why a process is refused; nil when it is answered.
    func refusal(of peer: PeerProcess?) -> String? {
        guard let peer else { return "the process that asks cannot be found on this machine" }
        if !users.contains(peer.user) { return "the user \(peer.user) may not use the machine's identity" }
        if peer.isContained { return "a process in a container may not use the machine's identity" }
        if peer.ancestors.contains(where: {
            $0 == "roost-agent" || $0 == "roost" || $0 == "Agent.Worker" || $0 == "Agent.Listener"
        }) {
            return "a job may not use the machine's identity"
        }
        return nil
    }
}
