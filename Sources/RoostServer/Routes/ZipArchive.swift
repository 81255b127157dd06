import FoundationEssentials

/// Writes a ZIP archive part by part (APPNOTE.TXT, version 2.0): entries are stored, sizes and check sums follow them.
struct ZipArchive: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        var time: UInt16
        var date: UInt16
        var offset: Int
        var crc: UInt32 = 0xffff_ffff
        var size = 0
        var checksum: UInt32 { ~crc }
    }

    private var entries: [Entry] = []
    private var written = 0
    /// Sizes follow the data; names are UTF-8.
    private static let flags: UInt16 = 0x0808

    /// The bytes before an entry's data.
    mutating func begin(_ name: String, at moment: Date) -> [UInt8] {
        let (date, time) = Self.dosTime(moment)
        let entry = Entry(name: Array(name.utf8), time: time, date: date, offset: written)
        var header = Bytes()
        header.put(UInt32(0x0403_4b50))
        header.put(UInt16(20))
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
    mutating func add(_ data: [UInt8]) {
        guard !entries.isEmpty else { return }
        var crc = entries[entries.count - 1].crc
        for byte in data { crc = Self.table[Int((crc ^ UInt32(byte)) & 0xff)] ^ (crc >> 8) }
        entries[entries.count - 1].crc = crc
        entries[entries.count - 1].size += data.count
        written += data.count
    }

    /// The bytes after an entry's data.
    mutating func end() -> [UInt8] {
        guard let entry = entries.last else { return [] }
        var descriptor = Bytes()
        descriptor.put(UInt32(0x0807_4b50))
        descriptor.put(entry.checksum)
        descriptor.put(UInt32(truncatingIfNeeded: entry.size))
        descriptor.put(UInt32(truncatingIfNeeded: entry.size))
        written += descriptor.bytes.count
        return descriptor.bytes
    }

    /// The directory at the end of the archive.
    mutating func finish() -> [UInt8] {
        var directory = Bytes()
        for entry in entries { directory.put(entry) }
        let size = directory.bytes.count
        directory.put(UInt32(0x0605_4b50))
        directory.put(UInt16(0))
        directory.put(UInt16(0))
        directory.put(UInt16(truncatingIfNeeded: entries.count))
        directory.put(UInt16(truncatingIfNeeded: entries.count))
        directory.put(UInt32(truncatingIfNeeded: size))
        directory.put(UInt32(truncatingIfNeeded: written))
        directory.put(UInt16(0))
        return directory.bytes
    }

    private struct Bytes {
        var bytes: [UInt8] = []
        mutating func put(_ value: UInt16) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        mutating func put(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }

        mutating func put(_ entry: Entry) {
            put(UInt32(0x0201_4b50))
            put(UInt16(20))
            put(UInt16(20))
            put(ZipArchive.flags)
            put(UInt16(0))
            put(entry.time)
            put(entry.date)
            put(entry.checksum)
            put(UInt32(truncatingIfNeeded: entry.size))
            put(UInt32(truncatingIfNeeded: entry.size))
            put(UInt16(entry.name.count))
            // No extra field, no comment, first disk, no attributes.
            for _ in 0..<4 { put(UInt16(0)) }
            put(UInt32(0))
            put(UInt32(truncatingIfNeeded: entry.offset))
            bytes += entry.name
        }
    }

    /// Of the polynomial 0xEDB88320.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
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
