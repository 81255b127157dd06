public import FoundationEssentials

/// The one way JSON is written and read on the wire.
///
/// Dates are ISO 8601 in UTC with seven digits of a second when written; fewer digits, an offset, and the year 1 are understood. Bytes are
/// base64. Unknown members are ignored.
public enum WireJSON {
    /// Encodes a value.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(WireDate.text(date))
        }
        return try encoder.encode(value)
    }

    /// Decodes a value.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = WireDate.date(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no date")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }
}

/// Dates as the service writes them, such as `2026-11-24T10:11:12.1234567Z`.
public enum WireDate {
    /// Ticks of a second that the text shows.
    private static let ticks = 10_000_000

    public static func text(_ date: Date) -> String {
        let all = Int((date.timeIntervalSince1970 * Double(ticks)).rounded())
        let seconds = all.dividedByRoundingDown(ticks)
        let days = seconds.dividedByRoundingDown(86_400)
        let (year, month, day) = civil(days)
        let second = seconds - days * 86_400
        let fields = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(fields).\(padded(all - seconds * ticks, 7))Z"
    }

    /// Nil when the text is no date.
    public static func date(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let year = number(bytes, 0..<4), bytes[4] == 45, let month = number(bytes, 5..<7),
            bytes[7] == 45, let day = number(bytes, 8..<10), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Double(days(year, month, day)) * 86_400
        var index = 10
        if bytes.count > 10 {
            guard bytes.count >= 19, let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16),
                let second = number(bytes, 17..<19), hour < 24, minute < 60, second < 61
            else { return nil }
            seconds += Double(hour * 3600 + minute * 60 + second)
            index = 19
            if index < bytes.count, bytes[index] == 46 {
                let end = bytes[(index + 1)...].firstIndex { !(48...57).contains($0) } ?? bytes.count
                guard end > index + 1 else { return nil }
                var scale = 0.1
                for digit in bytes[(index + 1)..<end] {
                    seconds += Double(digit - 48) * scale
                    scale /= 10
                }
                index = end
            }
        }
        guard let offset = offset(bytes[index...]) else { return nil }
        return Date(timeIntervalSince1970: seconds - Double(offset))
    }

    /// Seconds east of UTC; no zone counts as UTC, which is what the service means.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let rest = Array(bytes)
        if rest.isEmpty || rest == [90] || rest == [122] { return 0 }
        guard rest.count >= 5, rest[0] == 43 || rest[0] == 45, let hours = number(rest, 1..<3),
            let minutes = number(rest, rest.count - 2..<rest.count)
        else { return nil }
        return (rest[0] == 45 ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            guard index < bytes.count, (48...57).contains(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 48)
        }
        return value
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.dividedByRoundingDown(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.dividedByRoundingDown(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int {
    fileprivate func dividedByRoundingDown(_ divisor: Int) -> Int {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}

/// Spans of time as `hh:mm:ss` or `d.hh:mm:ss`.
public enum WireDuration {
    public static func text(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : String($0) }
        return (seconds >= 86_400 ? "\(seconds / 86_400)." : "") + clock.joined(separator: ":")
    }

    /// Nil when the text is none; parts of a second are dropped.
    public static func duration(_ text: String) -> Duration? {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let minutes = Int(parts[1]), let seconds = Int(parts[2].prefix { $0 != "." }) else {
            return nil
        }
        let head = parts[0].split(separator: ".").compactMap { Int($0) }
        switch head.count {
        case 1: return .seconds(head[0] * 3600 + minutes * 60 + seconds)
        case 2: return .seconds(head[0] * 86_400 + head[1] * 3600 + minutes * 60 + seconds)
        default: return nil
        }
    }
}

/// A list as the service wraps it.
public struct WireList<Element: Codable & Sendable>: Codable, Sendable {
    public var count: Int?
    public var value: [Element]

    public init(_ value: [Element]) {
        self.count = value.count
        self.value = value
    }
}
