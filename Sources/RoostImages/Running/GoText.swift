/// Texts as packer writes them.
public enum GoText {
    /// A list such as `[0 3]`.
    static func list(_ numbers: [Int]) -> String { "[" + numbers.map(String.init).joined(separator: " ") + "]" }

    /// A time such as `1m30s`, `1.5s` or `300ms`.
    public static func duration(_ duration: Duration) -> String {
        let parts = duration.components
        let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        guard nanoseconds != 0 else { return "0s" }
        if nanoseconds < 1_000 { return "\(nanoseconds)ns" }
        if nanoseconds < 1_000_000 { return fraction(nanoseconds, 1_000, "µs") }
        if nanoseconds < 1_000_000_000 { return fraction(nanoseconds, 1_000_000, "ms") }
        let (minutes, rest) = (nanoseconds / 60_000_000_000, nanoseconds % 60_000_000_000)
        let seconds = fraction(rest, 1_000_000_000, "s")
        if minutes == 0 { return seconds }
        return minutes < 60 ? "\(minutes)m\(seconds)" : "\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func fraction(_ value: Int64, _ unit: Int64, _ name: String) -> String {
        guard value % unit != 0 else { return "\(value / unit)\(name)" }
        var digits = String(value % unit)
        digits = String(repeating: "0", count: String(unit).count - 1 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value / unit).\(digits)\(name)"
    }

    /// The two largest units that count, such as `1 second 2 milliseconds`.
    public static func span(_ duration: Duration) -> String {
        let parts = duration.components
        var rest = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
        var texts: [String] = []
        for (name, size) in units {
            let count = rest / size
            rest %= size
            if count > 0 { texts.append("\(count) \(name)\(count == 1 ? "" : "s")") }
        }
        return texts.isEmpty ? "0 microseconds" : texts.prefix(2).joined(separator: " ")
    }

    private static let units: [(String, Int64)] = [
        ("year", 31_536_000_000_000), ("week", 604_800_000_000), ("day", 86_400_000_000), ("hour", 3_600_000_000),
        ("minute", 60_000_000), ("second", 1_000_000), ("millisecond", 1_000), ("microsecond", 1),
    ]

    /// Puts arguments in the places of `%s` and `%[1]s`; `%%` is a percent sign.
    static func format(_ format: String, _ arguments: [String]) -> String {
        var (result, rest, next) = ("", format[...], 0)
        while let place = rest.firstIndex(of: "%") {
            result += rest[..<place]
            rest = rest[place...].dropFirst()
            if rest.hasPrefix("%") {
                result += "%"
                rest = rest.dropFirst()
            } else if let argument = argument(&rest, &next), arguments.indices.contains(argument) {
                result += arguments[argument]
            } else {
                result += "%"
            }
        }
        return result + rest
    }

    private static func argument(_ rest: inout Substring, _ next: inout Int) -> Int? {
        if let match = rest.prefixMatch(of: /\[([0-9]{1,2})\][sv]/), let number = Int(match.1), number > 0 {
            rest = rest[match.range.upperBound...]
            next = number
            return number - 1
        }
        guard rest.hasPrefix("s") || rest.hasPrefix("v") else { return nil }
        rest = rest.dropFirst()
        next += 1
        return next - 1
    }
}
