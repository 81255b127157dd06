/// Layouts of Go, which show how one certain moment is written: Monday, January 2nd 2006, 15:04:05 at -07:00.
enum GoTimeLayout {
    /// The longest first.
    private static let parts: [(text: String, value: @Sendable (Timestamp) -> String)] = [
        ("January", { $0.monthName }), ("Monday", { $0.dayName }),
        ("Z07:00", { $0.offset == 0 ? "Z" : $0.zone(separator: ":") }),
        ("-07:00", { $0.zone(separator: ":") }), ("Z0700", { $0.offset == 0 ? "Z" : $0.zone(separator: "") }),
        ("-0700", { $0.zone(separator: "") }), ("2006", { padded($0.date.year, 4) }),
        ("Jan", { String($0.monthName.prefix(3)) }),
        ("Mon", { String($0.dayName.prefix(3)) }), ("MST", { $0.offset == 0 ? "UTC" : $0.zone(separator: "") }),
        ("002", { padded($0.dayOfYear, 3) }), ("-07", { String($0.zone(separator: "").prefix(3)) }),
        ("01", { padded($0.date.month, 2) }),
        ("02", { padded($0.date.day, 2) }), ("03", { padded(twelve($0.hour), 2) }), ("04", { padded($0.minute, 2) }),
        ("05", { padded($0.second, 2) }), ("06", { padded($0.date.year % 100, 2) }), ("15", { padded($0.hour, 2) }),
        ("PM", { $0.hour < 12 ? "AM" : "PM" }), ("pm", { $0.hour < 12 ? "am" : "pm" }),
        ("_2", { ($0.date.day < 10 ? " " : "") + String($0.date.day) }), ("1", { String($0.date.month) }),
        ("2", { String($0.date.day) }), ("3", { String(twelve($0.hour)) }), ("4", { String($0.minute) }),
        ("5", { String($0.second) }),
    ]

    static func format(_ time: Timestamp, _ layout: String) -> String {
        var result = ""
        var rest = layout[...]
        while let first = rest.first {
            if let zeros = fraction(rest) {
                // The moment is one of whole seconds.
                result += zeros.hasSuffix("0") ? String(zeros) : ""
                rest = rest.dropFirst(zeros.count)
            } else if let part = parts.first(where: { rest.hasPrefix($0.text) }) {
                result += part.value(time)
                rest = rest.dropFirst(part.text.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// A dot and digits that are all 0 or all 9, with no other digit after them.
    private static func fraction(_ text: Substring) -> Substring? {
        guard text.first == ".", let digit = text.dropFirst().first, digit == "0" || digit == "9" else { return nil }
        let digits = text.dropFirst().prefix { $0 == digit }
        let next = text.dropFirst(1 + digits.count).first
        return next?.isNumber == true ? nil : text.prefix(1 + digits.count)
    }

    private static func twelve(_ hour: Int) -> Int { hour % 12 == 0 ? 12 : hour % 12 }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
