/// A range of IP addresses as CIDR writes it: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    private let length: Int
    public let description: String

    /// Nil when the text is no range.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first, !address.contains("%"),
            let bytes = Self.bytes(of: address)
        else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
            let skipped = bytes.count == 4 && address.contains(":") ? 96 : 0
            guard let given = Self.number(parts[1], radix: 10, digits: 3), (skipped...length + skipped).contains(given)
            else { return nil }
            length = given - skipped
        }
        self.bytes = bytes
        self.length = length
        description = text
    }

    /// Whether an address lies in the range; an IPv4 address written as IPv6 counts as IPv4.
    public func contains(_ address: String) -> Bool {
        let bare = address.prefix { $0 != "%" }
        guard let other = Self.bytes(of: bare), other.count == bytes.count else { return false }
        return (0..<length).allSatisfy { bit in
            (bytes[bit / 8] ^ other[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    private static func bytes(of text: Substring) -> [UInt8]? {
        guard text.contains(":") else { return four(text) }
        guard let all = sixteen(text) else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return Array(all.prefix(12)) == mapped ? Array(all.suffix(4)) : all
    }

    private static func four(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { number($0, radix: 10, digits: 3).flatMap(UInt8.init(exactly:)) }
        return bytes.count == 4 ? bytes : nil
    }

    private static func sixteen(_ text: Substring) -> [UInt8]? {
        guard let gap = doubleColon(text) else {
            return groups(text).flatMap { $0.count == 16 ? $0 : nil }
        }
        let tail = text[text.index(gap, offsetBy: 2)...]
        guard doubleColon(tail) == nil, !tail.hasPrefix(":") else { return nil }
        let head = text[..<gap]
        guard !head.contains("."), let first = head.isEmpty ? [] : groups(head),
            let last = tail.isEmpty ? [] : groups(tail), first.count + last.count <= 14
        else { return nil }
        return first + [UInt8](repeating: 0, count: 16 - first.count - last.count) + last
    }

    private static func doubleColon(_ text: Substring) -> Substring.Index? {
        text.indices.first { index in
            let next = text.index(after: index)
            return next < text.endIndex && text[index] == ":" && text[next] == ":"
        }
    }

    /// Groups between colons; the last may be an IPv4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard index == parts.count - 1, let last = four(part) else { return nil }
                bytes += last
            } else {
                guard let group = number(part, radix: 16, digits: 4) else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            }
        }
        return bytes
    }

    private static func number(_ text: Substring, radix: Int, digits: Int) -> Int? {
        guard (1...digits).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "+"),
            text.utf8.first != UInt8(ascii: "-")
        else { return nil }
        return Int(text, radix: radix)
    }
}
