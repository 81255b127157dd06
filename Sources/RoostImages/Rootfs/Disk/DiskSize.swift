/// A size of disks, in whole MiB, as every cloud takes them.
struct DiskSize: Sendable, Hashable, Comparable {
    let mebibytes: Int

    static let mebibyte = 1 << 20
    /// What a partition table of this kind and ext4 without further options can hold: 16 TiB.
    private static let most = 1 << 24

    init(mebibytes: Int) { self.mebibytes = mebibytes }

    /// The smallest one that holds so many bytes.
    init(holding bytes: Int) { mebibytes = (bytes + Self.mebibyte - 1) / Self.mebibyte }

    /// Reads `512M`, `10G` or `1T`; a number alone is MiB.
    init?(_ text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard digits.count < 10, let number = Int(digits), number > 0 else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "M": mebibytes = number
        case "G": mebibytes = number << 10
        case "T": mebibytes = number << 20
        default: return nil
        }
        guard mebibytes <= Self.most else { return nil }
    }

    var bytes: Int { mebibytes * Self.mebibyte }
    /// Sectors of 512 bytes.
    var sectors: Int { bytes / 512 }

    static func < (one: DiskSize, other: DiskSize) -> Bool { one.mebibytes < other.mebibytes }
    static func + (one: DiskSize, other: DiskSize) -> DiskSize {
        DiskSize(mebibytes: one.mebibytes + other.mebibytes)
    }
}
