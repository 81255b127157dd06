/// A moment with the offset of the clock that told it (RFC 3339).
struct Timestamp: Sendable {
    /// Since 1970, in UTC.
    private(set) var seconds: Int
    private(set) var nanoseconds: Int
    /// Seconds that the clock is ahead of UTC.
    let offset: Int

    init(seconds: Int, nanoseconds: Int, offset: Int) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.offset = offset
    }

    /// Nil when the text is no timestamp.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            let digits = bytes[start..<(start + count)]
            return digits.allSatisfy({ (0x30...0x39).contains($0) })
                ? Int(String(decoding: digits, as: UTF8.self)) : nil
        }
        func sign(_ place: Int, _ signs: String) -> Bool { place < bytes.count && signs.utf8.contains(bytes[place]) }
        guard let year = number(0, 4), sign(4, "-"), let month = number(5, 2), sign(7, "-"), let day = number(8, 2),
            sign(10, "T"), let hour = number(11, 2), sign(13, ":"), let minute = number(14, 2), sign(16, ":"),
            let second = number(17, 2), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
            hour < 24,
            minute < 60, second < 60
        else { return nil }
        var place = 19
        var fraction = ""
        if sign(place, ".") {
            place += 1
            while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
                fraction.unicodeScalars.append(Unicode.Scalar(bytes[place]))
                place += 1
            }
            if fraction.isEmpty { return nil }
        }
        var offset = 0
        if sign(place, "Z") {
            place += 1
        } else {
            guard sign(place, "+-"), let hours = number(place + 1, 2), sign(place + 3, ":"),
                let minutes = number(place + 4, 2),
                hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (bytes[place] == UInt8(ascii: "-") ? -1 : 1)
            place += 6
        }
        guard place == bytes.count else { return nil }
        seconds = Self.day(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        nanoseconds = Int((fraction + "000000000").prefix(9)) ?? 0
        self.offset = offset
    }

    mutating func add(nanoseconds count: Int) {
        let total = nanoseconds + count % 1_000_000_000
        seconds += count / 1_000_000_000 + (total < 0 ? -1 : total / 1_000_000_000)
        nanoseconds = (total + 1_000_000_000) % 1_000_000_000
    }

    // MARK: Calendar

    /// Days since 1970 of a date in the Gregorian calendar.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Years begin in March, so that the leap day is the last.
        let years = month <= 2 ? year - 1 : year
        let era = (years >= 0 ? years : years - 399) / 400
        let yearOfEra = years - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private var local: Int { seconds + offset }
    private var days: Int { local >= 0 ? local / 86_400 : (local - 86_399) / 86_400 }
    private var secondOfDay: Int { local - days * 86_400 }

    var date: (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    var hour: Int { secondOfDay / 3600 }
    var minute: Int { secondOfDay / 60 % 60 }
    var second: Int { secondOfDay % 60 }
    /// 0 is Sunday.
    var weekday: Int { ((days + 4) % 7 + 7) % 7 }
    var dayOfYear: Int { days - Self.day(date.year, 1, 1) + 1 }

    /// Year and week as ISO 8601 counts them: the week belongs to the year of its Thursday.
    var isoWeek: (year: Int, week: Int) {
        let thursday = days - (weekday + 6) % 7 + 3
        let year = Timestamp(seconds: thursday * 86_400, nanoseconds: 0, offset: 0).date.year
        return (year, (thursday - Self.day(year, 1, 1)) / 7 + 1)
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    var monthName: String { Self.monthNames[date.month - 1] }
    var dayName: String { Self.dayNames[weekday] }

    /// All parts as an object.
    var parts: HCLValue {
        .object([
            "year": .number(date.year), "year_day": .number(dayOfYear), "month": .number(date.month),
            "month_name": .string(monthName), "day": .number(date.day), "weekday": .number(weekday),
            "weekday_name": .string(dayName), "hour": .number(hour), "minute": .number(minute),
            "second": .number(second),
            "unix": .number(seconds), "iso_year": .number(isoWeek.year), "iso_week": .number(isoWeek.week),
        ])
    }
}

extension Timestamp: CustomStringConvertible {
    var description: String {
        let (year, month, day) = date
        let time =
            "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):\(padded(second))"
        return time + (offset == 0 ? "Z" : zone(separator: ":"))
    }

    /// The offset, such as `+0200`.
    func zone(separator: String) -> String {
        let minutes = abs(offset) / 60
        return "\(offset < 0 ? "-" : "+")\(padded(minutes / 60))\(separator)\(padded(minutes % 60))"
    }

    private func padded(_ number: Int, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
