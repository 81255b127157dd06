import RoostLanguage

/// Turns places of a compilation into places of files as the protocol has them.
struct SourcePlaces {
    private let lines: [String: TextLines]
    private let unit: AnalysisUnit
    private let snapshot: EditorSnapshot

    init(_ sources: [SourceText], _ unit: AnalysisUnit, _ snapshot: EditorSnapshot) {
        lines = Dictionary(sources.map { ($0.name, TextLines($0.text)) }) { first, _ in first }
        self.unit = unit
        self.snapshot = snapshot
    }

    /// The absolute path of a file by the name diagnostics give it; nil when it is not on this machine.
    func path(_ name: String) -> String? {
        if name == Analyzer.wrapperName, unit.wrapper != nil { return nil }
        if let at = name.lastIndex(of: "@") {
            let alias = name[name.index(after: at)...]
            if let folder = snapshot.repositories[String(alias)] { return "\(folder)/\(name[..<at])" }
        }
        // Values that came with the request are no files.
        return lines[name] == nil ? nil : "\(unit.folder)/\(name)"
    }

    func range(_ span: SourceSpan) -> TextRange {
        guard let lines = lines[span.file] else {
            return TextRange(start: Position(line: 0, character: 0), end: Position(line: 0, character: 0))
        }
        return lines.range(span.start.offset..<max(span.start.offset, span.end.offset), snapshot.encoding)
    }

    func location(_ span: SourceSpan) -> Location? {
        path(span.file).map { Location(uri: snapshot.uri($0), range: range(span)) }
    }

    /// The characters of a span.
    func text(of span: SourceSpan) -> String {
        lines[span.file]?.string(span.start.offset..<max(span.start.offset, span.end.offset)) ?? ""
    }
}
