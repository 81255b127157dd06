import Glibc

/// One line of the kernel's process table.
struct ProcessEntry: Hashable, Sendable {
    var pid: pid_t
    var parent: pid_t
    var state: UInt8
    /// Clock ticks since boot; with the pid it names a process for ever.
    var startTicks: UInt64

    /// The program's name, cut to 15 bytes by the kernel.
    var name = ""

    /// Ended, and only waiting for its parent to take note.
    var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }

    /// Reads `/proc/PID/stat`; nil when there is no such process.
    init?(pid: pid_t) {
        guard let bytes = ProcFile.read("/proc/\(pid)/stat", limit: 1024) else { return nil }
        self.init(pid: pid, stat: bytes)
    }

    /// Parses the text of a stat file; see proc(5).
    ///
    /// The second field is the program's name in parentheses and may itself hold spaces and parentheses, so fields are counted from the last `)`.
    init?(pid: pid_t, stat bytes: [UInt8]) {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let state = fields[0].first,
            let parent = pid_t(String(decoding: fields[1], as: UTF8.self)),
            let startTicks = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        let open = bytes.firstIndex(of: UInt8(ascii: "(")) ?? close
        name = String(decoding: bytes[open..<close].dropFirst(), as: UTF8.self)
        self.pid = pid
        self.parent = parent
        self.state = state
        self.startTicks = startTicks
    }

    /// All processes that can be seen.
    static func all() -> [ProcessEntry] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var entries: [ProcessEntry] = []
        while let item = readdir(folder) {
            let pid = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { atol($0) }
            }
            if pid > 0, let entry = ProcessEntry(pid: pid_t(pid)) { entries.append(entry) }
        }
        return entries
    }

    /// Whether the process was started with this pair in its environment; false when that may not be read.
    func environment(has pair: String) -> Bool {
        guard let bytes = ProcFile.read("/proc/\(pid)/environ", limit: 4 << 20) else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual(pair.utf8) }
    }

    /// Sends a signal, unless the process has ended and its number may belong to another.
    func signal(_ signal: Int32) {
        let handle = pidfdOpen(pid)
        guard handle >= 0 else {
            if handle == -1, let now = ProcessEntry(pid: pid), now.startTicks == startTicks { kill(pid, signal) }
            return
        }
        defer { close(handle) }
        guard let now = ProcessEntry(pid: pid), now.startTicks == startTicks else { return }
        pidfdSignal(handle, signal)
    }
}
