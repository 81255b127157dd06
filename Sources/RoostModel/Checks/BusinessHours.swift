public import FoundationEssentials

/// Times of the week at which a stage may begin.
public struct BusinessHours: Hashable, Sendable, Codable {
    public enum Weekday: String, Hashable, Sendable, Codable, CaseIterable {
        case sunday, monday, tuesday, wednesday, thursday, friday, saturday
    }

    public var days: Set<Weekday>
    /// Minutes after midnight.
    public var opensAt: Int
    /// Minutes after midnight; behind ``opensAt``.
    public var closesAt: Int
    /// Minutes the clock there is ahead of UTC.
    public var minutesAheadOfUTC: Int

    public init(days: Set<Weekday>, opensAt: Int, closesAt: Int, minutesAheadOfUTC: Int = 0) {
        self.days = days
        self.opensAt = opensAt
        self.closesAt = closesAt
        self.minutesAheadOfUTC = minutesAheadOfUTC
    }

    /// Whether they are open at a moment.
    public func isOpen(at moment: Date) -> Bool {
        let (day, minute) = clock(moment)
        return days.contains(day) && minute >= opensAt && minute < closesAt
    }

    /// The next moment at which they open; nil when they never do.
    public func nextOpening(after moment: Date) -> Date? {
        guard !days.isEmpty, opensAt < closesAt else { return nil }
        let local = moment.timeIntervalSince1970 + Double(minutesAheadOfUTC * 60)
        let midnight = (local / 86_400).rounded(.down) * 86_400
        for offset in 0...7 {
            let opening = midnight + Double(offset) * 86_400 + Double(opensAt * 60)
            let date = Date(timeIntervalSince1970: opening - Double(minutesAheadOfUTC * 60))
            if date > moment, isOpen(at: date) { return date }
        }
        return nil
    }

    /// When they close that are open at a moment; nil when they are not.
    public func closing(after moment: Date) -> Date? {
        guard isOpen(at: moment) else { return nil }
        let ahead = Double(minutesAheadOfUTC * 60)
        let midnight = ((moment.timeIntervalSince1970 + ahead) / 86_400).rounded(.down) * 86_400
        return Date(timeIntervalSince1970: midnight + Double(closesAt * 60) - ahead)
    }

    private func clock(_ moment: Date) -> (Weekday, minute: Int) {
        let local = Int((moment.timeIntervalSince1970 + Double(minutesAheadOfUTC * 60)).rounded(.down))
        let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        // 1970-01-01 was a Thursday.
        let weekday = Weekday.allCases[((day % 7) + 7 + 4) % 7]
        return (weekday, (local - day * 86_400) / 60)
    }

    /// Such as `Mon–Fri 09:00–17:00 UTC+08:00`.
    public var text: String {
        let names = Weekday.allCases.filter(days.contains).map { String($0.rawValue.prefix(3)).capitalizedFirst }
        return "\(names.joined(separator: " ")) \(Self.time(opensAt))–\(Self.time(closesAt)) \(zone)"
    }

    /// `UTC` or `UTC+08:00`.
    public var zone: String {
        guard minutesAheadOfUTC != 0 else { return "UTC" }
        return "UTC\(minutesAheadOfUTC < 0 ? "-" : "+")\(Self.time(abs(minutesAheadOfUTC)))"
    }

    /// `09:30`.
    public static func time(_ minutes: Int) -> String {
        let hour = minutes / 60
        let minute = minutes % 60
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// Reads `9:30`, `09:30` or `24:00`; nil when it is no time of a day.
    public static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...59).contains(minute),
            hour >= 0, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }

    /// Reads `UTC` or `UTC+08:00`; nil when it is neither.
    public static func offset(_ text: String) -> Int? {
        let bare = text.filter { !$0.isWhitespace }
        guard bare.uppercased().hasPrefix("UTC") else { return nil }
        let rest = bare.dropFirst(3)
        guard let sign = rest.first else { return 0 }
        guard sign == "+" || sign == "-" else { return nil }
        let digits = rest.dropFirst()
        let time = digits.contains(":") ? String(digits) : "\(digits):00"
        guard let minutes = minutes(time), minutes <= 14 * 60 else { return nil }
        return sign == "-" ? -minutes : minutes
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
