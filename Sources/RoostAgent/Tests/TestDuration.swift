/// Durations as programs of all countries write them.
enum TestDuration {
    /// Milliseconds of a number of seconds: `1.5`, `1,5`, `1,234.567`, `1.234,567`, `1e-3`; 0 for what is none.
    static func seconds(_ text: String?) -> Double {
        guard let text = text?.trimmingWhitespace, !text.isEmpty else { return 0 }
        var digits = text.filter { !$0.isWhitespace && $0 != "\u{00A0}" && $0 != "'" && $0 != "’" }
        if digits.hasSuffix("s") { digits.removeLast() }
        if digits.contains(",") {
            let commas = digits.count { $0 == "," }
            let isDecimal =
                commas == 1
                && (digits.lastIndex(of: ".") ?? digits.startIndex) <= (digits.firstIndex(of: ",") ?? digits.startIndex)
            digits =
                isDecimal
                ? digits.filter { $0 != "." }.map { $0 == "," ? "." : String($0) }.joined()
                : digits.filter { $0 != "," }
        }
        return milliseconds(Double(digits).map { $0 * 1000 })
    }

    /// Milliseconds of a span as .NET writes it: `[d.]hh:mm:ss[.fffffff]`; 0 for what is none.
    static func span(_ text: String?) -> Double {
        guard let text = text?.trimmingWhitespace, !text.isEmpty else { return 0 }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let minutes = Double(parts[1]) else { return seconds(text) }
        let head = parts[0].split(separator: ".")
        guard let hours = head.last.flatMap({ Double($0) }) else { return 0 }
        let days = head.count == 2 ? Double(head[0]) ?? 0 : 0
        return milliseconds(((days * 24 + hours) * 60 + minutes) * 60_000 + seconds(String(parts[2])))
    }

    private static func milliseconds(_ number: Double?) -> Double {
        guard let number, number.isFinite, number > 0 else { return 0 }
        return min(number, 1e12)
    }
}
