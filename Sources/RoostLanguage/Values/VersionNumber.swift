/// A version of two to four parts, such as `1.2.3`; a missing part is less than 0, so `1.2` comes before `1.2.0`.
public struct VersionNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Two to four numbers of at most 31 bits.
    public let parts: [Int32]

    /// Reads `M.m[.b[.r]]`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let fields = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...4).contains(fields.count) else { return nil }
        var parts: [Int32] = []
        for field in fields {
            guard field.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let part = Int32(field) else { return nil }
            parts.append(part)
        }
        self.parts = parts
    }

    public var description: String { parts.map(String.init).joined(separator: ".") }

    public static func < (left: VersionNumber, right: VersionNumber) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
