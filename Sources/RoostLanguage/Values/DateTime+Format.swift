extension DateTime: CustomStringConvertible {
    /// `yyyy-MM-dd HH:mm:sszzz`, the text form in expressions.
    public var description: String {
        let fields = fields
        let day = "\(padded(fields.year, 4))-\(padded(fields.month, 2))-\(padded(fields.day, 2))"
        return "\(day) \(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))\(offsetText)"
    }

    /// The distance from UTC as `+hh:mm`.
    private var offsetText: String {
        let minutes = abs(offsetInMinutes)
        return "\(offsetInMinutes < 0 ? "-" : "+")\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }

    public var year: Int { fields.year }
    public var month: Int { fields.month }
    public var day: Int { fields.day }
    /// 1 is the first of January.
    public var dayOfYear: Int { fields.dayOfYear }
    public var hour: Int { fields.hour }
    public var minute: Int { fields.minute }
    public var second: Int { fields.second }

    /// The moment in a custom format of .NET, in English; nil when the format has a letter without meaning.
    ///
    /// Knows `y M d H h m s f F t z K`, repeated as in .NET, `\x` and quoted literals, and takes every other character that is no letter as itself.
    public func formatted(_ format: String) -> String? {
        var result = ""
        var rest = Substring(format)
        let fields = fields
        while let letter = rest.first {
            if letter == "\\" {
                guard let literal = rest.dropFirst().first else { return nil }
                result.append(literal)
                rest = rest.dropFirst(2)
            } else if letter == "'" || letter == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: letter) else { return nil }
                result += rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
            } else if letter.isASCII, letter.isLetter {
                let run = rest.prefix { $0 == letter }.count
                guard let text = specifier(letter, run, fields) else { return nil }
                result += text
                rest = rest.dropFirst(run)
            } else {
                result.append(letter)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private func specifier(_ letter: Character, _ run: Int, _ fields: Fields) -> String? {
        switch letter {
        case "y": run <= 2 ? padded(fields.year % 100, run) : padded(fields.year, run)
        case "M": run <= 2 ? padded(fields.month, run) : name(Self.months[fields.month - 1], run)
        case "d": run <= 2 ? padded(fields.day, run) : name(Self.weekdays[fields.weekday], run)
        case "H": padded(fields.hour, min(run, 2))
        case "h": padded((fields.hour + 11) % 12 + 1, min(run, 2))
        case "m": padded(fields.minute, min(run, 2))
        case "s": padded(fields.second, min(run, 2))
        case "f", "F": run <= 7 ? fraction(run, trimmed: letter == "F") : nil
        case "t": String((fields.hour < 12 ? "AM" : "PM").prefix(run))
        case "z": zone(run)
        case "K": offsetInMinutes == 0 ? "Z" : offsetText
        default: nil
        }
    }

    private func name(_ name: String, _ run: Int) -> String { run == 3 ? String(name.prefix(3)) : name }

    private func fraction(_ digits: Int, trimmed: Bool) -> String {
        var text = padded(nanoseconds, 9).prefix(digits)
        while trimmed, text.last == "0" { text.removeLast() }
        return String(text)
    }

    private func zone(_ run: Int) -> String {
        guard run < 3 else { return offsetText }
        return (offsetInMinutes < 0 ? "-" : "+") + padded(abs(offsetInMinutes) / 60, run)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}

/// A number with zeros in front up to a width.
func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
}
