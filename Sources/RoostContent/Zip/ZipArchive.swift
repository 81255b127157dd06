import CRoostLinux
public import FoundationEssentials

/// Writes a ZIP archive part by part (APPNOTE.TXT, version 4.5): entries are stored, sizes and check sums follow them.
///
/// Sizes have 64 bits where they need them, so archives and the number of their entries have no limit.
public struct ZipArchive: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        var time: UInt16
        var date: UInt16
        var offset: Int
        /// Type and permission bits of Unix; nil for none.
        var mode: Int?
        var crc: UInt32 = 0
        var size = 0
        var isLarge: Bool { size >= ZipArchive.limit || offset >= ZipArchive.limit }
    }

    private var entries: [Entry] = []
    private var written = 0

    public init() {}

    /// Sizes follow the data; names are UTF-8.
    private static let flags: UInt16 = 0x0808
    /// From here on a number of 32 bits is not enough.
    private static let limit = 0xffff_ffff
    private static let version: UInt16 = 45

    /// The bytes before an entry's data.
    public mutating func begin(_ name: String, at moment: Date, mode: Int? = nil) -> [UInt8] {
        let (date, time) = Self.dosTime(moment)
        let entry = Entry(name: Array(name.utf8), time: time, date: date, offset: written, mode: mode)
        var header = Bytes()
        header.put(UInt32(0x0403_4b50))
        header.put(Self.version)
        header.put(Self.flags)
        header.put(UInt16(0))
        header.put(time)
        header.put(date)
        header.put(UInt32(0))
        header.put(UInt32(0))
        header.put(UInt32(0))
        header.put(UInt16(entry.name.count))
        header.put(UInt16(0))
        header.bytes += entry.name
        entries.append(entry)
        written += header.bytes.count
        return header.bytes
    }

    /// Counts data of the entry that was begun; the caller writes it as it is.
    public mutating func add(_ data: [UInt8]) {
        guard !entries.isEmpty else { return }
        entries[entries.count - 1].crc = data.withUnsafeBufferPointer { bytes in
            roost_crc32(entries[entries.count - 1].crc, bytes.baseAddress, bytes.count)
        }
        entries[entries.count - 1].size += data.count
        written += data.count
    }

    /// The bytes after an entry's data.
    public mutating func end() -> [UInt8] {
        guard let entry = entries.last else { return [] }
        var descriptor = Bytes()
        descriptor.put(UInt32(0x0807_4b50))
        descriptor.put(entry.crc)
        if entry.size >= Self.limit {
            descriptor.put(UInt64(entry.size))
            descriptor.put(UInt64(entry.size))
        } else {
            descriptor.put(UInt32(truncatingIfNeeded: entry.size))
            descriptor.put(UInt32(truncatingIfNeeded: entry.size))
        }
        written += descriptor.bytes.count
        return descriptor.bytes
    }

    /// The directory at the end of the archive.
    public mutating func finish() -> [UInt8] {
        var directory = Bytes()
        for entry in entries { directory.put(entry) }
        let size = directory.bytes.count
        if entries.count >= 0xffff || written >= Self.limit { directory.putLargeEnd(entries.count, size, written) }
        directory.put(UInt32(0x0605_4b50))
        directory.put(UInt16(0))
        directory.put(UInt16(0))
        directory.put(UInt16(min(entries.count, 0xffff)))
        directory.put(UInt16(min(entries.count, 0xffff)))
        directory.put(UInt32(min(size, Self.limit)))
        directory.put(UInt32(min(written, Self.limit)))
        directory.put(UInt16(0))
        return directory.bytes
    }

    private struct Bytes {
        var bytes: [UInt8] = []
        mutating func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }

        mutating func put(_ entry: Entry) {
            put(UInt32(0x0201_4b50))
            // Made on Unix, which is where the mode is from.
            put(ZipArchive.version | (entry.mode == nil ? 0 : 3 << 8))
            put(ZipArchive.version)
            put(ZipArchive.flags)
            put(UInt16(0))
            put(entry.time)
            put(entry.date)
            put(entry.crc)
            put(entry.isLarge ? UInt32.max : UInt32(entry.size))
            put(entry.isLarge ? UInt32.max : UInt32(entry.size))
            put(UInt16(entry.name.count))
            put(UInt16(entry.isLarge ? 28 : 0))
            // No comment, first disk, no inner attributes.
            for _ in 0..<3 { put(UInt16(0)) }
            put(UInt32(truncatingIfNeeded: (entry.mode ?? 0) << 16))
            put(entry.isLarge ? UInt32.max : UInt32(entry.offset))
            bytes += entry.name
            guard entry.isLarge else { return }
            put(UInt16(1))
            put(UInt16(24))
            put(UInt64(entry.size))
            put(UInt64(entry.size))
            put(UInt64(entry.offset))
        }

        /// The end of a directory whose numbers need 64 bits, and where it is.
        mutating func putLargeEnd(_ count: Int, _ size: Int, _ offset: Int) {
            put(UInt32(0x0606_4b50))
            put(UInt64(44))
            put(ZipArchive.version)
            put(ZipArchive.version)
            put(UInt32(0))
            put(UInt32(0))
            put(UInt64(count))
            put(UInt64(count))
            put(UInt64(size))
            put(UInt64(offset))
            put(UInt32(0x0706_4b50))
            put(UInt32(0))
            put(UInt64(offset + size))
            put(UInt32(1))
        }
    }

    private static func dosTime(_ moment: Date) -> (date: UInt16, time: UInt16) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
        let year = min(max((parts.year ?? 1980) - 1980, 0), 127)
        return (
            UInt16(year << 9 | (parts.month ?? 1) << 5 | (parts.day ?? 1)),
            UInt16((parts.hour ?? 0) << 11 | (parts.minute ?? 0) << 5 | (parts.second ?? 0) / 2)
        )
    }
}
