/// A quantity of bytes.
public struct ByteCount: Hashable, Sendable, Comparable {
    /// The number of bytes.
    public var bytes: Int

    /// Wraps a number of bytes.
    public init(_ bytes: Int) { self.bytes = bytes }

    /// Units of 1,024 bytes.
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }
    /// Units of 1,048,576 bytes.
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }

    /// By number.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    private static let units: [(names: [String], shift: Int)] = [
        (["gib", "gb", "g"], 30), (["mib", "mb", "m"], 20), (["kib", "kb", "k"], 10), (["b", "bytes", ""], 0),
    ]

    /// Reads `512`, `64KiB`, `16 MiB` or `1g`; nil when the text is none of these.
    public init?(parsing text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }.lowercased()
        guard let count = Int(digits), let known = Self.units.first(where: { $0.names.contains(unit) }),
            count <= Int.max >> known.shift
        else { return nil }
        self.init(count << known.shift)
    }
}

extension ByteCount: CustomStringConvertible {
    /// In the largest unit that loses nothing, such as `16MiB`.
    public var description: String {
        for (shift, name) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes != 0 && bytes & (1 << shift - 1) == 0 {
            return "\(bytes >> shift)\(name)"
        }
        return "\(bytes)B"
    }
}
