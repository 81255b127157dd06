import FoundationEssentials
import Synchronization

/// The text of the Date header, made once a second.
final class ResponseClock: Sendable {
    private let state = Mutex<(until: ContinuousClock.Instant, text: String)?>(nil)

    /// Such as `Tue, 24 Nov 2026 10:11:12 GMT` (RFC 9110 §5.6.7).
    var date: String {
        let now = ContinuousClock.now
        return state.withLock { state in
            if let state, state.until > now { return state.text }
            let text = Self.format(Date())
            state = (now + .milliseconds(500), text)
            return text
        }
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    static func format(_ date: Date) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let two = { (number: Int?) in
            let text = String(number ?? 0)
            return text.utf8.count < 2 ? "0\(text)" : text
        }
        let weekday = days[((parts.weekday ?? 1) - 1) % 7]
        let month = months[((parts.month ?? 1) - 1) % 12]
        return
            "\(weekday), \(two(parts.day)) \(month) \(parts.year ?? 1970) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) GMT"
    }
}
