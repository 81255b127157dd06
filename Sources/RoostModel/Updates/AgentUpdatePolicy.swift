public import FoundationEssentials

/// When and how the agents of a pool get newer versions of themselves.
public struct AgentUpdatePolicy: Hashable, Sendable, Codable {
    /// Who says when.
    public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
        /// As soon as there is one.
        case automatic
        /// The same, while the window is open.
        case window
        /// When a person says so.
        case manual
    }

    /// For versions of the same generation.
    public var minor: Mode
    /// For the next generation.
    public var major: Mode
    /// Times of the week; needed where a mode is ``Mode/window``.
    public var window: UpdateWindow?
    /// No agent is updated past this version.
    public var pin: AgentRelease?
    /// How many agents try a version before the others get it; 0 is none.
    public var canaries: Int
    /// Seconds that those must be online with it, and lose no job.
    public var gate: Int
    /// How many of the others are updated at the same time, in percent of the pool; at least one is.
    public var atOnce: Int

    public static let usualGate = 600

    public init(
        minor: Mode = .automatic,
        major: Mode = .manual,
        window: UpdateWindow? = nil,
        pin: AgentRelease? = nil,
        canaries: Int = 1,
        gate: Int = AgentUpdatePolicy.usualGate,
        atOnce: Int = 20
    ) {
        self.minor = minor
        self.major = major
        self.window = window
        self.pin = pin
        self.canaries = canaries
        self.gate = gate
        self.atOnce = atOnce
    }

    /// All that is wrong with it, a sentence each.
    public var problems: [String] {
        var problems: [String] = []
        if window == nil, minor == .window || major == .window {
            problems.append("A policy of 'window' needs the times of the window.")
        }
        if !(0...100).contains(canaries) { problems.append("The number of canaries is between 0 and 100.") }
        if !(0...604_800).contains(gate) { problems.append("The gate is between 0 seconds and 7 days.") }
        if !(1...100).contains(atOnce) { problems.append("What is updated at once is between 1 and 100 percent.") }
        return problems
    }
}

/// Times of the week in which agents may be updated, such as `mon-fri 22:00-04:00 UTC+02:00`.
public struct UpdateWindow: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    /// A night is two: the evening, and the morning of the day after.
    private let parts: [BusinessHours]

    public var description: String { text }

    /// When it closes that is open at a moment; nil when it is not open.
    public func closing(after moment: Date) -> Date? { parts.compactMap { $0.closing(after: moment) }.max() }

    /// Reads days (`mon`, `mon-fri`, `sat,sun`, `daily`), times, and a zone, which is UTC where it is left out; nil when it is nothing like it.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        guard (2...3).contains(words.count), let days = Self.days(words[0]) else { return nil }
        let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let opens = BusinessHours.minutes(String(times[0])),
            let closes = BusinessHours.minutes(String(times[1])), opens != closes, opens < 1_440
        else { return nil }
        guard let offset = words.count == 3 ? BusinessHours.offset(words[2]) : 0 else { return nil }
        self.text = (words.prefix(2) + words.dropFirst(2).map { $0.uppercased() }).joined(separator: " ")
        func hours(_ days: Set<BusinessHours.Weekday>, _ opens: Int, _ closes: Int) -> BusinessHours {
            BusinessHours(days: days, opensAt: opens, closesAt: closes, minutesAheadOfUTC: offset)
        }
        if opens < closes {
            parts = [hours(days, opens, closes)]
        } else {
            let all = BusinessHours.Weekday.allCases
            let next = days.compactMap { day in all.firstIndex(of: day).map { all[($0 + 1) % all.count] } }
            parts = [hours(days, opens, 1_440), hours(Set(next), 0, closes)].filter { $0.opensAt < $0.closesAt }
        }
    }

    private static func days(_ text: String) -> Set<BusinessHours.Weekday>? {
        let all = BusinessHours.Weekday.allCases
        if text == "daily" { return Set(all) }
        var days: Set<BusinessHours.Weekday> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            let known = ends.compactMap { end in
                end.count >= 3 ? all.firstIndex { $0.rawValue.hasPrefix(end) } : nil
            }
            guard known.count == ends.count, let first = known.first, let last = known.last, known.count <= 2 else {
                return nil
            }
            var index = first
            days.insert(all[index])
            while index != last {
                index = (index + 1) % all.count
                days.insert(all[index])
            }
        }
        return days
    }

    /// Whether it is open at a moment.
    public func isOpen(at moment: Date) -> Bool { parts.contains { $0.isOpen(at: moment) } }

    /// When it opens next.
    public func nextOpening(after moment: Date) -> Date? {
        parts.compactMap { $0.nextOpening(after: moment) }.min()
    }
}

extension UpdateWindow: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let window = UpdateWindow(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no window")
            )
        }
        self = window
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
