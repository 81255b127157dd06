import RoostLanguage

/// Collects what is wrong, each problem once.
///
/// A template that is included many times brings the same problem each time; the first way that led to it is kept.
final class DiagnosticLog {
    private struct Key: Hashable {
        let code: String
        let summary: String
        let span: SourceSpan?
    }

    private static let chainLimit = 5
    private var known: Set<Key> = []
    private let limit: Int
    private(set) var diagnostics: [Diagnostic] = []
    private var leftOut = 0
    private var leavesErrorsOut = false

    init(limit: Int) {
        self.limit = limit
    }

    private(set) var hasErrors = false

    /// Notes a problem that was met on a way through templates.
    func add(_ diagnostic: Diagnostic, site: IncludeSite? = nil) {
        let key = Key(code: diagnostic.code, summary: diagnostic.summary, span: diagnostic.span)
        guard known.insert(key).inserted else { return }
        if diagnostic.isError { hasErrors = true }
        guard diagnostics.count < limit else {
            leftOut += 1
            leavesErrorsOut = leavesErrorsOut || diagnostic.isError
            return
        }
        var diagnostic = diagnostic
        diagnostic.notes += site?.notes(limit: Self.chainLimit) ?? []
        diagnostics.append(diagnostic)
    }

    func error(_ code: String, _ summary: String, at place: SyntaxPlace, advice: String? = nil) {
        add(.error(code, summary, at: place.span, advice: advice), site: place.site)
    }

    func warning(_ code: String, _ summary: String, at place: SyntaxPlace, advice: String? = nil) {
        add(.warning(code, summary, at: place.span, advice: advice), site: place.site)
    }

    /// A second definition of a name, with the place of the first.
    func duplicate(_ name: String, at place: SyntaxPlace, first: SyntaxPlace) {
        add(YAMLFault.duplicate(name, at: place.span, first: first.span), site: place.site)
    }

    /// All problems: those of one file together in the order of their places, files in the order given, then as they were met.
    func sorted(files: [String] = []) -> [Diagnostic] {
        var order: [String: Int] = [:]
        for file in files where order[file] == nil { order[file] = order.count }
        for diagnostic in diagnostics {
            guard let file = diagnostic.span?.file, order[file] == nil else { continue }
            order[file] = order.count
        }
        let keyed = diagnostics.enumerated().map { place, diagnostic in
            let file = diagnostic.span.flatMap { order[$0.file] } ?? order.count
            return (key: (file, diagnostic.span?.start.offset ?? 0, place), diagnostic: diagnostic)
        }
        let sorted = keyed.sorted { $0.key < $1.key }
        var result = sorted.map(\.diagnostic)
        if leftOut > 0 {
            let severity: Diagnostic.Severity = leavesErrorsOut ? .error : .warning
            let summary = "\(leftOut) more problems were found and are not shown"
            result.append(Diagnostic(severity, code: "pipeline.too-many-problems", summary))
        }
        return result
    }
}
