import Foundation
import Glibc
import RoostTesting

/// What a process and all it started hold: command line, environment and memory, as root can read them.
struct ProcessTraces {
    /// The process and its descendants.
    let pids: [Int32]

    init(of pid: Int32) { pids = Self.tree(pid) }

    private static func tree(_ pid: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let children = threads.flatMap { thread in
            text("/proc/\(pid)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
        }
        return [pid] + children.flatMap(tree)
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    /// Where a text is found, such as `memory of 17`.
    func places(of secret: String) throws -> [String] { try places(of: [Data(secret.utf8)]) }

    /// Where one of some things is found.
    func places(of wanted: [Data]) throws -> [String] {
        try pids.flatMap { pid in
            try files(of: pid, wanted) + (Self.memory(of: pid, holds: wanted) ? ["memory of \(pid)"] : [])
        }
    }

    /// Where a text is found besides the memory, which who is no root may not read of all.
    func openPlaces(of secret: String) -> [String] { pids.flatMap { files(of: $0, [Data(secret.utf8)]) } }

    private func files(of pid: Int32, _ wanted: [Data]) -> [String] {
        let names = ["cmdline", "environ"].filter { name in
            FileManager.default.contents(atPath: "/proc/\(pid)/\(name)").map { Self.has($0, wanted) } ?? false
        }
        return names.map { "\($0) of \(pid)" }
    }

    private static func has(_ bytes: Data, _ wanted: [Data]) -> Bool {
        bytes.withUnsafeBytes { bytes in wanted.contains { has(bytes, $0) } }
    }

    /// Looks for one byte of it that memory seldom has, as quickly as the C library can, and then for the rest around it.
    private static func has(_ bytes: UnsafeRawBufferPointer, _ wanted: Data) -> Bool {
        let anchor = wanted.firstIndex { $0 >= 0x80 || (0x41...0x5a).contains($0) } ?? wanted.startIndex
        let (offset, byte) = (anchor - wanted.startIndex, Int32(wanted[anchor]))
        return wanted.withUnsafeBytes { wanted in
            guard let base = bytes.baseAddress, let own = wanted.baseAddress, bytes.count >= wanted.count else {
                return false
            }
            var place = offset
            let last = bytes.count - wanted.count + offset
            while place <= last, let found = memchr(base + place, byte, last - place + 1) {
                let start = UnsafeRawPointer(found) - offset
                if memcmp(start, own, wanted.count) == 0 { return true }
                place = UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }

    private static func memory(of pid: Int32, holds wanted: [Data]) throws -> Bool {
        let file = open("/proc/\(pid)/mem", O_RDONLY | O_CLOEXEC)
        // It may have ended since it was listed.
        if file < 0, errno == ESRCH || errno == ENOENT { return false }
        guard file >= 0 else { throw TestFailure("the memory of \(pid) cannot be read") }
        defer { close(file) }
        return regions(of: pid).contains { region(file, $0, holds: wanted) }
    }

    /// What the process can write to; the rest is its program.
    private static func regions(of pid: Int32) -> [Range<UInt64>] {
        text("/proc/\(pid)/maps").split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            return words.count > 1 && words[1].hasPrefix("rw") && ends.count == 2 ? ends[0]..<ends[1] : nil
        }
    }

    private static func region(_ file: Int32, _ region: Range<UInt64>, holds wanted: [Data]) -> Bool {
        let size = 1 << 20
        let overlap = max(0, (wanted.map(\.count).max() ?? 0) - 1)
        var place = region.lowerBound
        var rest = Data()
        while place < region.upperBound {
            var part = Data(count: Int(min(UInt64(size), region.upperBound - place)))
            let count = part.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(place)) }
            guard count > 0 else { return false }
            let whole = rest + part.prefix(count)
            if has(whole, wanted) { return true }
            rest = Data(whole.suffix(overlap))
            place += UInt64(count)
        }
        return false
    }
}
