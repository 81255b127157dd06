/// Puts diagnostics into the form a terminal shows: the place, the line with carets below the wrong characters, and advice.
///
/// ```
/// azure-pipelines.yml:4:5: error: Unexpected value 'stepss'
///   4 |     stepss:
///     |     ^^^^^^
///   advice: Did you mean 'steps'?
///   note: templates/build.yml:2:3: included from here
/// ```
public struct DiagnosticRenderer: Sendable {
    /// Whether escape sequences for colours are written.
    public enum Style: Hashable, Sendable { case plain, coloured }

    private let style: Style
    private let sources: [String: SourceText]

    /// Sources are the files whose lines may be shown; a diagnostic in another file is shown without its line.
    public init(style: Style = .plain, sources: [SourceText] = []) {
        self.style = style
        self.sources = Dictionary(sources.map { ($0.name, $0) }) { first, _ in first }
    }

    /// One diagnostic, over several lines that each end with a line feed.
    public func render(_ diagnostic: Diagnostic) -> String {
        let tone: Tone = diagnostic.isError ? .error : .warning
        let place = diagnostic.span.map { "\(printable($0.description)): " } ?? ""
        var text = coloured(place, .strong) + coloured("\(diagnostic.severity.rawValue): ", tone)
        text += coloured(printable(diagnostic.summary), .strong) + "\n"
        if let span = diagnostic.span { text += excerpt(span, tone) }
        if let detail = diagnostic.detail { text += paragraph("", detail) }
        if let advice = diagnostic.advice { text += paragraph(coloured("advice: ", .hint), advice) }
        for note in diagnostic.notes {
            let place = note.span.map { "\($0): " } ?? ""
            text += paragraph(coloured("note: ", .hint), place + note.text)
        }
        return text
    }

    /// All diagnostics in their order, and a line that counts them.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.isError }
        let counts = [(errors, "error"), (diagnostics.count - errors, "warning")].filter { $0.0 > 0 }
        let summary = counts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
        return diagnostics.map(render).joined() + (summary.isEmpty ? "" : summary + "\n")
    }

    // MARK: Parts

    private func paragraph(_ label: String, _ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        return lines.enumerated()
            .map { "  \($0.offset == 0 ? label : "")\(printable(String($0.element)))\n" }.joined()
    }

    private static let longestLead = 60
    private static let longestExcerpt = 160

    /// The first line of the span and carets below its characters.
    private func excerpt(_ span: SourceSpan, _ tone: Tone) -> String {
        guard let source = sources[span.file] else { return "" }
        let whole = source.line(span.start.line)
        let start = max(0, span.start.column - 1)
        let end = span.end.line == span.start.line ? span.end.column - span.start.column : whole.count - start
        // Of a very long line, what stands around the place.
        let skipped = start > Self.longestLead ? start - Self.longestLead : 0
        let isCut = whole.count - skipped > Self.longestExcerpt
        let line = (skipped > 0 ? "…" : "") + whole.dropFirst(skipped).prefix(Self.longestExcerpt) + (isCut ? "…" : "")
        let before = line.prefix(start - skipped + (skipped > 0 ? 1 : 0))
        let marked = line.dropFirst(before.count).prefix(max(0, end))
        let number = String(span.start.line)
        let gap = String(repeating: " ", count: number.count)
        let indentation = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: Self.width(of: $0)) }.joined()
        let carets = String(repeating: "^", count: max(1, marked.reduce(0) { $0 + Self.width(of: $1) }))
        return coloured("  \(number) | ", .hint) + "\(printable(String(line), keepingTabs: true))\n"
            + coloured("  \(gap) | ", .hint) + indentation + coloured(carets, tone) + "\n"
    }

    /// Columns a terminal uses for a character.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The text without control characters, which could otherwise steer the terminal.
    private func printable(_ text: String, keepingTabs: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.append(isControl && !(keepingTabs && scalar == "\t") ? " " : scalar)
        }
        return String(result)
    }

    private enum Tone: String {
        case error = "31;1"
        case warning = "33;1"
        case strong = "1"
        case hint = "36"
    }

    private func coloured(_ text: String, _ tone: Tone) -> String {
        style == .plain || text.isEmpty ? text : "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
    }
}
