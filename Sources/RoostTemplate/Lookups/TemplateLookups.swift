import Synchronization

/// What is known from other servers while a template is read, and what it would like to know.
///
/// Reading asks nobody. What is not known yet is noted and counts as unknown; whoever reads may get the answers and read again.
public final class TemplateLookups: Sendable {
    private let answers: [TemplateLookup: TemplateAnswer]
    private let asked = Mutex<[TemplateLookup]>([])

    public init(_ answers: [TemplateLookup: TemplateAnswer] = [:]) { self.answers = answers }

    /// What was asked for and is not known, in the order in which it was asked for.
    public var unanswered: [TemplateLookup] { asked.withLock(\.self) }

    /// The same with further answers, and nothing asked for yet.
    public func adding(_ more: [TemplateLookup: TemplateAnswer]) -> TemplateLookups {
        TemplateLookups(answers.merging(more) { _, new in new })
    }

    /// The answer, when it is known; else the question is noted.
    public func answer(_ lookup: TemplateLookup) -> TemplateAnswer? {
        if let known = answers[lookup] { return known }
        asked.withLock { if !$0.contains(lookup) { $0.append(lookup) } }
        return nil
    }

    /// The value, which is unknown as long as the answer is.
    ///
    /// - Throws: ``HCLFunctionFault`` when the look-up failed.
    func value(_ lookup: TemplateLookup) throws(HCLFunctionFault) -> HCLValue {
        switch answer(lookup) {
        case .found(let value): return value.marked(lookup.isSensitive)
        case .failed(let reason): throw HCLFunctionFault(reason.trimmingFullStop)
        case nil: return HCLValue.unknown(.string).marked(lookup.isSensitive)
        }
    }
}

extension TemplateLookups {
    /// Reads, gets the answers to what was asked for, and reads again, until nothing is left to ask.
    ///
    /// - Parameters:
    ///   - limit: the most times that answers are got; what is asked for after them stays unknown.
    ///   - get: gets answers; those it has none for stay unknown.
    ///   - read: reads with what is known.
    /// - Returns: the last reading.
    public static func settled<Reading: Sendable>(
        limit: Int = 8,
        get: ([TemplateLookup]) async -> [TemplateLookup: TemplateAnswer],
        read: (TemplateLookups) -> Reading
    ) async -> Reading {
        var lookups = TemplateLookups()
        for _ in 0..<limit {
            let reading = read(lookups)
            let answers = lookups.unanswered.isEmpty ? [:] : await get(lookups.unanswered)
            if answers.isEmpty { return reading }
            lookups = lookups.adding(answers)
        }
        return read(lookups)
    }
}

extension String {
    /// Without the full stop at its end, for a sentence that goes on.
    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
