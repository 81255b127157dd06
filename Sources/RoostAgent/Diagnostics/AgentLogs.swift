import Glibc

/// The newest log files of an agent and its workers.
struct AgentLogs: Sendable {
    let root: AgentRoot

    /// Of each kind.
    private static let most = 5
    /// The end of a log tells more than its begin.
    private static let longest = 1 << 20

    /// Files by their names, the newest first.
    func newest(_ kind: DiagnosticLog.Kind, most: Int = AgentLogs.most) -> [String] {
        let names = FileTree.names(in: root.diagnostics).filter { kind.isName($0) }
        return names.sorted().suffix(most).reversed()
    }

    /// All that are worth a look.
    var parts: [DiagnosticPart] {
        let agent = newest(.agent).map { ($0, "the agent's log") }
        let workers = newest(.worker).map { ($0, "the log of a worker, which carries out one job") }
        let others = [
            ("warm-up.log", "output of the warm-up"), ("service.log", "output of the service, without systemd"),
        ]
        return (agent + workers + others).compactMap { name, about in
            Self.end(of: "\(root.diagnostics)/\(name)").map { DiagnosticPart("logs/\(name)", about, $0) }
        }
    }

    /// The last part of a file; nil when it cannot be read.
    static func end(of path: String) -> String? {
        let file = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC))
        return file.number < 0 ? nil : end(of: file)
    }

    /// The same of a file that is open, whatever is in its place now.
    static func end(of file: OwnedDescriptor) -> String? {
        var status = stat()
        guard fstat(file.number, &status) == 0 else { return nil }
        var place = max(0, Int(status.st_size) - longest)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = pread(file.number, &buffer, buffer.count, off_t(place))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
            place += count
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return Int(status.st_size) > longest ? "… the begin is left out\n" + text : text
    }
}
