/// A time as templates write it, such as `1h30m` or `-1.5s`.
struct GoDuration: Sendable {
    let nanoseconds: Int

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// Nil when the text is no duration, or one of more than 290 years.
    init?(_ text: String) {
        let isNegative = text.hasPrefix("-")
        var rest = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        var total = 0.0
        if rest == "0" {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || ("0"..."9").contains($0) }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0 != "." && !("0"..."9").contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let count = Double(number.hasPrefix(".") ? "0\(number)" : "\(number)"),
                let known = Self.units.first(where: { $0.name == unit })
            else { return nil }
            total += count * known.nanoseconds
        }
        guard total < 9.2e18 else { return nil }
        nanoseconds = Int(total.rounded()) * (isNegative ? -1 : 1)
    }
}
