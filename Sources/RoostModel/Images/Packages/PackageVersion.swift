/// A version of a package, compared as its packager compares it.
///
/// Debian's rules are those of its policy manual, 5.6.12; those of RPM and Alpine differ in what comes before a number.
public struct PackageVersion: Hashable, Sendable, Comparable {
    public let text: String
    public let kind: ImagePackage.Kind

    public init(_ text: String, _ kind: ImagePackage.Kind) {
        self.text = text
        self.kind = kind
    }

    public static func < (left: PackageVersion, right: PackageVersion) -> Bool { left.order(right) < 0 }
    public static func == (left: PackageVersion, right: PackageVersion) -> Bool { left.order(right) == 0 }

    public func hash(into hasher: inout Hasher) { hasher.combine(kind) }

    /// Negative when this one is lower, zero when both are the same, else positive.
    private func order(_ other: PackageVersion) -> Int {
        let (own, others) = (parts, other.parts)
        let epoch = Self.numbers(own.epoch, others.epoch)
        if epoch != 0 { return epoch }
        let upstream = Self.order(own.upstream, others.upstream, kind)
        return upstream != 0 ? upstream : Self.order(own.revision, others.revision, kind)
    }

    private var parts: (epoch: Substring.UTF8View, upstream: Substring.UTF8View, revision: Substring.UTF8View) {
        var rest = text[...]
        var epoch: Substring = "0"
        if let colon = rest.firstIndex(of: ":") {
            epoch = rest[..<colon]
            rest = rest[rest.index(after: colon)...]
        }
        let dash = kind == .apk ? nil : rest.lastIndex(of: "-")
        let revision = dash.map { rest[rest.index(after: $0)...] } ?? ""
        return (epoch.utf8, rest[..<(dash ?? rest.endIndex)].utf8, revision.utf8)
    }

    // MARK: Runs of digits and of others, in turns

    private static func order(
        _ left: Substring.UTF8View,
        _ right: Substring.UTF8View,
        _ kind: ImagePackage.Kind
    ) -> Int {
        var (left, right) = (left, right)
        while !left.isEmpty || !right.isEmpty {
            while let (first, second) = letters(left, right, kind) {
                let (a, b) = (weight(first, kind), weight(second, kind))
                if a != b { return a - b }
                if first != nil { left.removeFirst() }
                if second != nil { right.removeFirst() }
            }
            let result = numbers(digits(&left), digits(&right))
            if result != 0 { return result }
        }
        return 0
    }

    /// The next characters, unless both texts are at a digit or at their end.
    private static func letters(
        _ left: Substring.UTF8View,
        _ right: Substring.UTF8View,
        _ kind: ImagePackage.Kind
    ) -> (UInt8?, UInt8?)? {
        let (first, second) = (left.first.flatMap(letter), right.first.flatMap(letter))
        return first == nil && second == nil ? nil : (first, second)
    }

    private static func letter(_ byte: UInt8) -> UInt8? { isDigit(byte) ? nil : byte }

    /// `~` is before the end, the end before letters, letters before everything else; RPM's `^` is after the end.
    private static func weight(_ byte: UInt8?, _ kind: ImagePackage.Kind) -> Int {
        switch byte {
        case nil: 0
        case UInt8(ascii: "~"): -1
        case UInt8(ascii: "^") where kind == .rpm: 1
        case UInt8(ascii: "_") where kind == .apk: -1
        case let byte? where (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte): Int(byte)
        case let byte?: Int(byte) + 256
        }
    }

    private static func digits(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
        let end = text.firstIndex { !isDigit($0) } ?? text.endIndex
        defer { text = text[end...] }
        return text[..<end]
    }

    /// Numbers of any length.
    private static func numbers(_ left: Substring.UTF8View, _ right: Substring.UTF8View) -> Int {
        let (left, right) = (left.drop { $0 == 0x30 }, right.drop { $0 == 0x30 })
        if left.count != right.count { return left.count - right.count }
        for (first, second) in zip(left, right) where first != second { return Int(first) - Int(second) }
        return 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
