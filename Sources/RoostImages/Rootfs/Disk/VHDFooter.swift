/// The last sector of a virtual hard disk of a fixed size, which is otherwise the raw disk.
///
/// Numbers are in network order. Source: Virtual Hard Disk Image Format Specification, version 1.0.
struct VHDFooter: Sendable, Hashable {
    let size: DiskSize
    /// Sixteen bytes as hexadecimal digits, with or without dashes.
    let id: String
    /// Seconds since 1970.
    let time: Int

    /// Seconds from 1970 to 2000, where the times of this format begin.
    private static let epoch = 946_684_800

    var bytes: [UInt8] {
        var bytes = Array("conectix".utf8)
        bytes += Self.number(2, 4)  // no feature but the one that is always set
        bytes += Self.number(0x0001_0000, 4)
        bytes += [UInt8](repeating: 0xFF, count: 8)  // no further header
        bytes += Self.number(max(0, time - Self.epoch), 4)
        // Others read the size from the geometry, which is coarser, unless they know this creator.
        bytes += Array("win ".utf8) + Self.number(0x0006_0001, 4) + Array("Wi2k".utf8)
        bytes += Self.number(size.bytes, 8) + Self.number(size.bytes, 8)
        bytes += geometry + Self.number(2, 4)
        bytes += [0, 0, 0, 0] + identity + [UInt8](repeating: 0, count: 428)
        let sum = bytes.reduce(UInt32(0)) { $0 &+ UInt32($1) }
        bytes.replaceSubrange(64..<68, with: Self.number(Int(~sum), 4))
        return bytes
    }

    private var identity: [UInt8] {
        let digits = id.compactMap(\.hexDigitValue)
        return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Cylinders, heads and sectors of a track, by the appendix of the specification.
    private var geometry: [UInt8] {
        let total = min(size.sectors, 65535 * 16 * 255)
        var (track, heads) = (255, 16)
        var rows = total / track
        if total < 65535 * 16 * 63 {
            (track, rows) = (17, total / 17)
            heads = max(4, (rows + 1023) / 1024)
            if rows >= heads * 1024 || heads > 16 { (track, heads, rows) = (31, 16, total / 31) }
            if rows >= heads * 1024 { (track, heads, rows) = (63, 16, total / 63) }
        }
        return Self.number(rows / heads, 2) + Self.number(heads, 1) + Self.number(track, 1)
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
}
