/// A problem in what a person wrote: what is wrong, where, and what to do about it.
public struct Diagnostic: Hashable, Sendable, Codable, Error {
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable { case error, warning }

    /// Something that helps to understand the problem, such as the template that included this one.
    public struct Note: Hashable, Sendable, Codable {
        public var text: String
        public var span: SourceSpan?

        public init(_ text: String, at span: SourceSpan? = nil) {
            self.text = text
            self.span = span
        }
    }

    public var severity: Severity
    /// Stable, for scripts and documentation, such as `expression.unknown-function`.
    public var code: String
    /// One sentence.
    public var summary: String
    /// What a sentence cannot hold.
    public var detail: String?
    /// The very characters that are wrong.
    public var span: SourceSpan?
    /// What to show around them, such as the whole step.
    public var context: SourceSpan?
    /// The next step, when it is known.
    public var advice: String?
    /// From the nearest to the outermost; the chain of templates comes last.
    public var notes: [Note]

    public init(
        _ severity: Severity,
        code: String,
        _ summary: String,
        detail: String? = nil,
        at span: SourceSpan? = nil,
        context: SourceSpan? = nil,
        advice: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.summary = summary
        self.detail = detail
        self.span = span
        self.context = context
        self.advice = advice
        self.notes = notes
    }

    public static func error(
        _ code: String,
        _ summary: String,
        at span: SourceSpan? = nil,
        advice: String? = nil,
        detail: String? = nil
    ) -> Diagnostic {
        Diagnostic(.error, code: code, summary, detail: detail, at: span, advice: advice)
    }

    public static func warning(
        _ code: String,
        _ summary: String,
        at span: SourceSpan? = nil,
        advice: String? = nil,
        detail: String? = nil
    ) -> Diagnostic {
        Diagnostic(.warning, code: code, summary, detail: detail, at: span, advice: advice)
    }

    public var isError: Bool { severity == .error }

    /// The same problem where it only needs to be known of.
    public var asWarning: Diagnostic {
        var diagnostic = self
        diagnostic.severity = .warning
        return diagnostic
    }

    /// The same problem with other names for the files it speaks of.
    public func renamingFiles(_ name: (String) -> String) -> Diagnostic {
        var diagnostic = self
        diagnostic.span?.file = name(span?.file ?? "")
        diagnostic.context?.file = name(context?.file ?? "")
        for place in notes.indices { diagnostic.notes[place].span?.file = name(notes[place].span?.file ?? "") }
        return diagnostic
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: error: summary`, the first line of the rendered form.
    public var description: String {
        let place = span.map { "\($0): " } ?? ""
        return "\(place)\(severity.rawValue): \(summary)"
    }
}

extension Sequence where Element == Diagnostic {
    /// Whether what was read cannot be used.
    public var hasErrors: Bool { contains { $0.isError } }
}
