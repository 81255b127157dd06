import Foundation

/// Times as people read them.
enum TimeText {
    /// A span such as `0.4s`, `12s`, `1m 03s`, `2h 05m` or `3d 4h`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0s" }
        if seconds < 9.95 { return "\((seconds * 10).rounded() / 10)s" }
        let whole = Int(min(seconds, 1e12).rounded())
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m \(padded(whole % 60))s"
        case ..<86_400: return "\(whole / 3600)h \(padded(whole / 60 % 60))m"
        default: return "\(whole / 86_400)d \(whole / 3600 % 24)h"
        }
    }

    /// Between two moments; up to now when there is no end, and `-` when there is no start.
    static func span(from start: Date?, to end: Date?, now: Date = Date()) -> String {
        guard let start else { return "-" }
        return span((end ?? now).timeIntervalSince(start))
    }

    /// Such as `5m ago`; a date when it is longer ago than a week, and `-` for none.
    static func ago(_ date: Date?, now: Date = Date()) -> String {
        guard let date else { return "-" }
        let seconds = now.timeIntervalSince(date)
        switch seconds {
        case ..<0: return "in \(coarse(-seconds))"
        case ..<2: return "just now"
        case ..<(7 * 86_400): return "\(coarse(seconds)) ago"
        default: return day(date)
        }
    }

    /// `2026-11-24`, in UTC.
    static func day(_ date: Date) -> String { String(date.formatted(.iso8601).prefix(10)) }

    /// `2026-11-24 10:11:12`, in UTC.
    static func moment(_ date: Date?) -> String {
        guard let date else { return "-" }
        return date.formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: "")
    }

    private static func coarse(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e12))
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m"
        case ..<86_400: return "\(whole / 3600)h"
        default: return "\(whole / 86_400)d"
        }
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
