import CRoostLinux
import CZlib
import Glibc
import RoostModel

/// Reads a ZIP archive (APPNOTE.TXT, without 64-bit sizes and encryption) from a file, entry by entry.
///
/// The directory is checked as a whole when it is opened: every name stays below the folder, none is there twice, nothing is a link, and the sizes
/// keep to the limits. While a file is unpacked no more bytes are made than the directory says, and the check sum must agree.
public struct ZipReader: Sendable {
    /// A file or a folder.
    public struct Entry: Hashable, Sendable {
        /// Relative, with `/`; a folder without one at its end.
        public var name: String
        public var isFolder: Bool
        public var isExecutable: Bool
        /// Bytes, unpacked.
        public var size: Int
        var packed: Int
        var method: UInt16
        var crc: UInt32
        var offset: Int
    }

    public let path: String
    public let entries: [Entry]

    /// Opens an archive and checks its directory.
    public init(path: String, limits: ZipLimits = ZipLimits()) throws(ZipFault) {
        let file = try ZipFile(path: path)
        self.path = path
        entries = try ZipDirectory.read(file, limits)
    }

    /// The entry of a file's name.
    public func file(_ name: String) -> Entry? { entries.first { $0.name == name && !$0.isFolder } }

    /// The bytes of a small file.
    ///
    /// - Throws: ``ZipFault/tooLarge(_:)`` beyond the limit.
    public func bytes(of entry: Entry, limit: Int) throws(ZipFault) -> [UInt8] {
        guard entry.size <= limit else { throw .tooLarge("'\(entry.name)' has \(entry.size) bytes") }
        var bytes: [UInt8] = []
        try read(entry) { (part) throws(ZipFault) in bytes += part }
        return bytes
    }

    /// Unpacks all files below a prefix into a folder, which is made.
    public func extract(to folder: String, below prefix: String = "") throws(ZipFault) {
        try Self.make(folder)
        for entry in entries where prefix.isEmpty || entry.name.hasPrefix("\(prefix)/") {
            let name = prefix.isEmpty ? entry.name : String(entry.name.dropFirst(prefix.utf8.count + 1))
            let target = "\(folder)/\(name)"
            if entry.isFolder {
                try Self.make(target)
            } else {
                try Self.make(String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]))
                try write(entry, to: target)
            }
        }
    }

    private func write(_ entry: Entry, to target: String) throws(ZipFault) {
        let file = open(
            target,
            O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW,
            entry.isExecutable ? 0o755 : 0o644
        )
        guard file >= 0 else { throw .notWritable(path: target, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        try read(entry) { (part) throws(ZipFault) in
            var rest = part[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .notWritable(path: target, reason: String(cString: strerror(errno))) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Makes a folder and those above it.
    private static func make(_ path: String) throws(ZipFault) {
        if mkdir(path, 0o755) == 0 { return }
        if errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try make(String(path[..<slash]))
            if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        }
        throw .notWritable(path: path, reason: String(cString: strerror(errno)))
    }

    /// Gives the bytes of a file in parts.
    public func read(_ entry: Entry, _ body: ([UInt8]) throws(ZipFault) -> Void) throws(ZipFault) {
        let file = try ZipFile(path: path)
        let header = try file.bytes(at: entry.offset, count: 30)
        guard header.number32(0) == 0x0403_4b50 else { throw .damaged("the head of '\(entry.name)' is not there") }
        let start = entry.offset + 30 + Int(header.number16(26)) + Int(header.number16(28))
        var made = 0
        var crc: UInt32 = 0
        func take(_ part: [UInt8]) throws(ZipFault) {
            made += part.count
            guard made <= entry.size else { throw .damaged("'\(entry.name)' is longer than the archive says") }
            crc = part.withUnsafeBufferPointer { roost_crc32(crc, $0.baseAddress, $0.count) }
            try body(part)
        }
        if entry.method == 0 {
            try Self.copy(file, start, entry.packed, take)
        } else {
            try Inflation.run(file, start, entry.packed, name: entry.name, take)
        }
        guard made == entry.size else { throw .damaged("'\(entry.name)' is shorter than the archive says") }
        guard crc == entry.crc else { throw .damaged("the check sum of '\(entry.name)' is another one") }
    }

    static let part = 64 << 10

    private static func copy(
        _ file: ZipFile,
        _ start: Int,
        _ count: Int,
        _ take: ([UInt8]) throws(ZipFault) -> Void
    ) throws(ZipFault) {
        var place = start
        while place < start + count {
            let bytes = try file.bytes(at: place, count: min(part, start + count - place))
            try take(bytes)
            place += bytes.count
        }
    }
}
