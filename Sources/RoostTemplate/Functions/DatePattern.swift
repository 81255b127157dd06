/// The pattern of `formatdate`: runs of letters stand for parts of a moment, other signs for themselves, and text in single quotes too.
enum DatePattern {
    static func format(_ time: Timestamp, _ pattern: String) throws -> String {
        var result = ""
        var rest = Array(pattern)[...]
        while let first = rest.first {
            if first == "'" {
                result += try quotedRun(&rest)
            } else if first.isASCII, first.isLetter {
                let run = String(rest.prefix { $0 == first })
                rest = rest.dropFirst(run.count)
                result += try part(run, time)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func quotedRun(_ rest: inout ArraySlice<Character>) throws -> String {
        rest = rest.dropFirst()
        var text = ""
        while let character = rest.popFirst() {
            guard character == "'" else {
                text.append(character)
                continue
            }
            // Two in a row stand for one.
            guard rest.first == "'" else { return text }
            rest = rest.dropFirst()
            text.append("'")
        }
        throw HCLFunctionFault("unterminated literal '", argument: 0)
    }

    private static func part(_ run: String, _ time: Timestamp) throws -> String {
        let (year, month, day) = time.date
        let hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12
        switch run {
        case "YYYY": return padded(year, 4)
        case "YY": return padded(year % 100, 2)
        case "MMMM": return time.monthName
        case "MMM": return String(time.monthName.prefix(3))
        case "MM": return padded(month, 2)
        case "M": return String(month)
        case "DD": return padded(day, 2)
        case "D": return String(day)
        case "EEEE": return time.dayName
        case "EEE": return String(time.dayName.prefix(3))
        case "hh": return padded(time.hour, 2)
        case "h": return String(time.hour)
        case "HH": return padded(hour12, 2)
        case "H": return String(hour12)
        case "AA": return time.hour < 12 ? "AM" : "PM"
        case "aa": return time.hour < 12 ? "am" : "pm"
        case "mm": return padded(time.minute, 2)
        case "m": return String(time.minute)
        case "ss": return padded(time.second, 2)
        case "s": return String(time.second)
        case "ZZZZZ": return time.zone(separator: ":")
        case "ZZZZ": return time.zone(separator: "")
        case "ZZZ": return time.offset == 0 ? "UTC" : time.zone(separator: "")
        case "Z": return time.offset == 0 ? "Z" : time.zone(separator: ":")
        default: throw unknown(run)
        }
    }

    private static func unknown(_ run: String) -> HCLFunctionFault {
        let letter = run.prefix(1)
        let known = ["Y", "M", "D", "E", "h", "H", "A", "a", "m", "s", "Z"]
        return HCLFunctionFault(
            known.contains(String(letter))
                ? "invalid date format verb \"\(run)\": there is no such number of \(letter)s"
                : "invalid date format verb \"\(run)\": letters stand in single quotes unless they mean a part of the date",
            argument: 0
        )
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
