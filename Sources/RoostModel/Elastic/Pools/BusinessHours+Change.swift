import FoundationEssentials

extension BusinessHours {
    /// The next moment at which they open or close; nil when they never do.
    func nextChange(after moment: Date) -> Date? {
        guard isOpen(at: moment) else { return nextOpening(after: moment) }
        let ahead = Double(minutesAheadOfUTC * 60)
        let local = moment.timeIntervalSince1970 + ahead
        let midnight = (local / 86_400).rounded(.down) * 86_400
        return Date(timeIntervalSince1970: midnight + Double(closesAt * 60) - ahead)
    }
}
