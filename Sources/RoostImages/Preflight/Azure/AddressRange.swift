/// A range of IPv4 addresses: `10.0.0.0/16`.
struct AddressRange: Sendable, Hashable {
    let first: UInt32
    let bits: Int

    /// Of networks and subnets that are made here.
    static let standard = AddressRange(first: 10 << 24, bits: 16)
    static let firstSubnet = AddressRange(first: 10 << 24, bits: 24)

    init(first: UInt32, bits: Int) {
        self.bits = bits
        self.first = first & Self.mask(bits)
    }

    /// Nil for anything but such a text; ranges of IPv6 are none.
    init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let bits = Int(halves[1]), (0...32).contains(bits) else { return nil }
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var first: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            first = first << 8 | UInt32(part)
        }
        self.init(first: first, bits: bits)
    }

    var text: String {
        let parts = [24, 16, 8, 0].map { "\(first >> UInt32($0) & 0xFF)" }
        return "\(parts.joined(separator: "."))/\(bits)"
    }

    private static func mask(_ bits: Int) -> UInt32 { bits == 0 ? 0 : ~0 << UInt32(32 - bits) }

    func overlaps(_ other: AddressRange) -> Bool {
        let mask = Self.mask(min(bits, other.bits))
        return first & mask == other.first & mask
    }

    /// The first range of 256 addresses, or of all when there are fewer, that nothing else uses.
    static func free(in prefixes: [String], besides used: [String]) -> AddressRange? {
        let used = used.compactMap { AddressRange($0) }
        for space in prefixes.compactMap({ AddressRange($0) }) {
            let bits = max(24, space.bits)
            let count = UInt64(1) << UInt64(bits - space.bits)
            let step = UInt64(1) << UInt64(32 - bits)
            // No network has more subnets than these.
            for number in 0..<min(count, 65_536) {
                let candidate = AddressRange(
                    first: UInt32(truncatingIfNeeded: UInt64(space.first) + number * step),
                    bits: bits
                )
                if !used.contains(where: candidate.overlaps) { return candidate }
            }
        }
        return nil
    }
}
