import FoundationEssentials
import RoostModel

/// Machine-hours of machines that are gone, of the day and the month it is; both begin at midnight UTC.
struct MachineSpending: Codable, Hashable, Sendable {
    private(set) var day = Date.distantPast
    private(set) var month = Date.distantPast
    private(set) var ofDay = 0.0
    private(set) var ofMonth = 0.0

    /// Counts a machine that existed from one moment to another.
    mutating func add(from start: Date, to end: Date) {
        turn(to: end)
        ofDay += Self.overlap(start, end, since: day)
        ofMonth += Self.overlap(start, end, since: month)
    }

    /// What was used until a moment, with machines that are still there.
    ///
    /// - Parameters:
    ///   - starts: when they were made.
    ///   - now: the moment.
    /// - Returns: of the day and of the month.
    func usage(with starts: some Sequence<Date>, at now: Date) -> ElasticUsage {
        var whole = self
        whole.turn(to: now)
        for start in starts { whole.add(from: start, to: now) }
        return ElasticUsage(today: .seconds(whole.ofDay), thisMonth: .seconds(whole.ofMonth))
    }

    private mutating func turn(to now: Date) {
        let (newDay, newMonth) = Self.beginnings(now)
        if newDay != day { (day, ofDay) = (newDay, 0) }
        if newMonth != month { (month, ofMonth) = (newMonth, 0) }
    }

    private static func beginnings(_ now: Date) -> (day: Date, month: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month], from: now)
        return (calendar.startOfDay(for: now), calendar.date(from: parts) ?? calendar.startOfDay(for: now))
    }

    private static func overlap(_ start: Date, _ end: Date, since: Date) -> Double {
        max(0, end.timeIntervalSince(max(start, since)))
    }
}
