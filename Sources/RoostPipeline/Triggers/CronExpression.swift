/// Five fields that say at which minutes something happens, in UTC: minute, hour, day of the month, month, day of the week.
///
/// ```
/// field := part { ',' part }
/// part  := ('*' | value [ '-' value ]) [ '/' step ]
/// ```
public struct CronExpression: Hashable, Sendable, Codable {
    /// As it was written.
    public let text: String
    public let minutes: Set<Int>
    public let hours: Set<Int>
    public let daysOfMonth: Set<Int>
    public let months: Set<Int>
    /// 0 is Sunday.
    public let daysOfWeek: Set<Int>
    /// Both days are restricted, so a day that fits either is taken.
    public let isEitherDay: Bool

    /// Why a text is no cron expression, as a sentence.
    public struct Invalid: Error, Hashable, Sendable {
        public let summary: String
    }

    /// Reads an expression.
    ///
    /// - Throws: ``Invalid`` for the first field that cannot be understood.
    public init(_ text: String) throws(Invalid) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            throw Invalid(summary: "A cron expression has five fields, and '\(text)' has \(fields.count)")
        }
        self.text = text
        minutes = try CronField(name: "minute", range: 0...59).values(fields[0])
        hours = try CronField(name: "hour", range: 0...23).values(fields[1])
        daysOfMonth = try CronField(name: "day of the month", range: 1...31).values(fields[2])
        months = try CronField(name: "month", range: 1...12, words: Self.monthNames, firstWord: 1).values(fields[3])
        let days = try CronField(name: "day of the week", range: 0...7, words: Self.dayNames).values(fields[4])
        daysOfWeek = Set(days.map { $0 % 7 })
        isEitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
    }

    /// Whether a minute is one of those it names.
    public func includes(minute: Int, hour: Int, dayOfMonth: Int, month: Int, dayOfWeek: Int) -> Bool {
        guard minutes.contains(minute), hours.contains(hour), months.contains(month) else { return false }
        let inMonth = daysOfMonth.contains(dayOfMonth)
        let inWeek = daysOfWeek.contains(dayOfWeek)
        return isEitherDay ? inMonth || inWeek : inMonth && inWeek
    }

    private static let monthNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let dayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
}

extension CronExpression {
    public init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// One field of a cron expression.
private struct CronField {
    let name: String
    let range: ClosedRange<Int>
    /// Names that stand for numbers, whole or by their first three letters.
    var words: [String] = []
    var firstWord = 0

    func values(_ text: Substring) throws(CronExpression.Invalid) -> Set<Int> {
        var values: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            values.formUnion(try partValues(part))
        }
        return values
    }

    private func partValues(_ part: Substring) throws(CronExpression.Invalid) -> Set<Int> {
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = pieces.first, !first.isEmpty, pieces.count <= 2 else { throw invalid(part) }
        var step = 1
        if pieces.count == 2 {
            guard let number = Int(pieces[1]), number > 0 else { throw invalid(part) }
            step = number
        }
        let bounds = try bounds(first, isStepped: pieces.count == 2, part)
        return Set(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
    }

    private func bounds(
        _ text: Substring,
        isStepped: Bool,
        _ part: Substring
    ) throws(CronExpression.Invalid) -> ClosedRange<Int> {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let lower = value(ends[0]), ends.count <= 2 else { throw invalid(part) }
        guard ends.count == 2 else { return lower...(isStepped ? range.upperBound : lower) }
        guard let upper = value(ends[1]), lower <= upper else { throw invalid(part) }
        return lower...upper
    }

    private func value(_ text: Substring) -> Int? {
        if let number = Int(text) { return range.contains(number) ? number : nil }
        let word = text.lowercased()
        guard word.count >= 3 else { return nil }
        return words.firstIndex { $0 == word || (word.count == 3 && $0.hasPrefix(word)) }.map { $0 + firstWord }
    }

    private func invalid(_ part: Substring) -> CronExpression.Invalid {
        CronExpression.Invalid(
            summary: "'\(part)' is no \(name); it goes from \(range.lowerBound) to \(range.upperBound)"
        )
    }
}
