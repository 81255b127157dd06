/// A moment with the distance from UTC at which it is shown.
///
/// The language has one such value, `pipeline.startTime`. Kept as numbers, so that the module needs no calendar library.
public struct DateTime: Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int
    /// 0 to 999,999,999.
    public let nanoseconds: Int
    public let offsetInMinutes: Int

    public init(seconds: Int, nanoseconds: Int = 0, offsetInMinutes: Int = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.offsetInMinutes = offsetInMinutes
    }

    /// A moment in UTC, from seconds with a fraction since 1970.
    public init(secondsSince1970: Double) {
        let whole = secondsSince1970.rounded(.down)
        let nanoseconds = Int(((secondsSince1970 - whole) * 1e9).rounded(.down))
        self.init(seconds: Int(whole), nanoseconds: min(nanoseconds, 999_999_999))
    }

    public static func < (left: DateTime, right: DateTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The day in the Gregorian calendar and the time of day, at the value's distance from UTC.
    var fields: Fields { Fields(localSeconds: seconds + offsetInMinutes * 60) }

    /// A calendar day and a time of day.
    struct Fields {
        let year: Int
        let month: Int
        let day: Int
        let dayOfYear: Int
        /// 0 is Sunday.
        let weekday: Int
        let hour: Int
        let minute: Int
        let second: Int

        /// From seconds since 1970, after Howard Hinnant's "chrono-compatible low-level date algorithms".
        init(localSeconds: Int) {
            let days = (localSeconds - Self.modulo(localSeconds, 86_400)) / 86_400
            let time = Self.modulo(localSeconds, 86_400)
            let shifted = days + 719_468
            let era = (shifted - Self.modulo(shifted, 146_097)) / 146_097
            let dayOfEra = Self.modulo(shifted, 146_097)
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthFromMarch = (5 * dayFromMarch + 2) / 153
            month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
            day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
            let isLeap = (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400)
            dayOfYear = month <= 2 ? dayFromMarch - 305 : dayFromMarch + 60 + (isLeap ? 1 : 0)
            weekday = Self.modulo(days + 4, 7)
            hour = time / 3600
            minute = time / 60 % 60
            second = time % 60
        }

        private static func modulo(_ value: Int, _ divisor: Int) -> Int {
            let rest = value % divisor
            return rest < 0 ? rest + divisor : rest
        }
    }
}
