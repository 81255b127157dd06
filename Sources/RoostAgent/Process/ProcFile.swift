import CRoostLinux
import Glibc

/// Files of the kernel's process file system.
enum ProcFile {
    /// The content; nil when the file cannot be read.
    ///
    /// Stat calls say nothing about the size of these files, so they are read until they end.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(max(1024, bytes.count), limit - bytes.count)
            var count = 0
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                    count = Glibc.read(file, buffer.baseAddress, wanted)
                    filled = max(0, count)
                }
            )
            if count < 0 { return nil }
            if count == 0 { break }
        }
        return bytes
    }

    /// Children of this process over all its threads; nil when the kernel does not list them.
    static func ownChildren() -> [pid_t]? {
        guard let folder = opendir("/proc/self/task") else { return nil }
        defer { closedir(folder) }
        var children: [pid_t] = []
        while let item = readdir(folder) {
            let thread = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { atol($0) }
            }
            guard thread > 0 else { continue }
            guard let text = read("/proc/self/task/\(thread)/children", limit: 1 << 20) else {
                // A thread that has just ended is no reason for doubt; a kernel without the file is.
                if access("/proc/self/task/\(thread)", F_OK) == 0 { return nil }
                continue
            }
            children += text.split(separator: UInt8(ascii: " ")).compactMap {
                pid_t(String(decoding: $0, as: UTF8.self))
            }
        }
        return children
    }
}

/// See `roost_pidfd_open`.
func pidfdOpen(_ pid: pid_t) -> Int32 { roost_pidfd_open(pid) }

/// See `roost_pidfd_signal`.
func pidfdSignal(_ handle: Int32, _ signal: Int32) { _ = roost_pidfd_signal(handle, signal) }
