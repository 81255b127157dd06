/// Formats of C's `strftime`, in English and with the time of UTC.
enum StrftimeFormat {
    static func format(_ time: Timestamp, _ text: String) throws -> String {
        var result = ""
        var rest = Array(text)[...]
        while let first = rest.popFirst() {
            guard first == "%", let letter = rest.popFirst() else {
                result.append(first)
                continue
            }
            result += try part(letter, time)
        }
        return result
    }

    private static func part(_ letter: Character, _ time: Timestamp) throws -> String {
        let (year, month, day) = time.date
        let twelve = time.hour % 12 == 0 ? 12 : time.hour % 12
        switch letter {
        case "%": return "%"
        case "n": return "\n"
        case "t": return "\t"
        case "A": return time.dayName
        case "a": return String(time.dayName.prefix(3))
        case "B": return time.monthName
        case "b", "h": return String(time.monthName.prefix(3))
        case "C": return padded(year / 100)
        case "c": return try format(time, "%a %b %e %H:%M:%S %Y")
        case "D", "x": return try format(time, "%m/%d/%y")
        case "d": return padded(day)
        case "e": return padded(day, blank: " ")
        case "F": return try format(time, "%Y-%m-%d")
        case "H": return padded(time.hour)
        case "I": return padded(twelve)
        case "j": return padded(time.dayOfYear, width: 3)
        case "k": return padded(time.hour, blank: " ")
        case "l": return padded(twelve, blank: " ")
        case "M": return padded(time.minute)
        case "m": return padded(month)
        case "p": return time.hour < 12 ? "AM" : "PM"
        case "R": return try format(time, "%H:%M")
        case "r": return try format(time, "%I:%M:%S %p")
        case "S": return padded(time.second)
        case "s": return String(time.seconds)
        case "T", "X": return try format(time, "%H:%M:%S")
        case "U": return padded((time.dayOfYear + 6 - time.weekday) / 7)
        case "u": return String(time.weekday == 0 ? 7 : time.weekday)
        case "V": return padded(time.isoWeek.week)
        case "v": return try format(time, "%e-%b-%Y")
        case "W": return padded((time.dayOfYear + 6 - (time.weekday + 6) % 7) / 7)
        case "w": return String(time.weekday)
        case "Y": return String(year)
        case "y": return padded(year % 100)
        case "Z": return "UTC"
        case "z": return time.zone(separator: "")
        default: throw HCLFunctionFault("failed to parse format: there is no %\(letter)", argument: 0)
        }
    }

    private static func padded(_ number: Int, width: Int = 2, blank: Character = "0") -> String {
        let text = String(number)
        return String(repeating: blank, count: max(0, width - text.count)) + text
    }
}
