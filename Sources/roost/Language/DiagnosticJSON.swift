import RoostLanguage

/// A problem as scripts read it.
struct DiagnosticJSON: Encodable {
    struct Place: Encodable {
        var file: String
        var line: Int
        var column: Int
        var endLine: Int
        var endColumn: Int

        init(_ span: SourceSpan) {
            file = span.file
            line = span.start.line
            column = span.start.column
            endLine = span.end.line
            endColumn = span.end.column
        }
    }

    struct Note: Encodable {
        var text: String
        var place: Place?
    }

    var severity: String
    var code: String
    var summary: String
    var detail: String?
    var advice: String?
    var place: Place?
    var notes: [Note]

    init(_ diagnostic: Diagnostic) {
        severity = diagnostic.severity.rawValue
        code = diagnostic.code
        summary = diagnostic.summary
        detail = diagnostic.detail
        advice = diagnostic.advice
        place = diagnostic.span.map(Place.init)
        notes = diagnostic.notes.map { Note(text: $0.text, place: $0.span.map(Place.init)) }
    }
}

/// What `roost lint --output json` prints.
struct LintJSON: Encodable {
    /// Grows when a field changes its meaning.
    var version = 1
    var errors: Int
    var warnings: Int
    var pipelines: [LintReport.Entry]
    /// Templates that no pipeline used, of which only the syntax was checked.
    var templates: [String]
    var diagnostics: [DiagnosticJSON]

    init(_ report: LintReport) {
        errors = report.errors
        warnings = report.warnings
        pipelines = report.entries
        templates = report.templates
        diagnostics = report.diagnostics.map(DiagnosticJSON.init)
    }
}
