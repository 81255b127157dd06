public import RoostLanguage

/// A pipeline after all templates and expressions were evaluated.
public struct ExpandedPipeline: Sendable {
    let tree: SyntaxNode
    /// Keys that are for templates only.
    static let hidden: Set<String> = ["templateContext"]

    /// As YAML, which compiles to the same plan.
    public var yaml: String { YAMLWriter.write(tree, hiding: Self.hidden) }

    /// The lines of ``yaml``, each with the place it came from.
    public var lines: [ExpandedLine] {
        let (text, origins) = YAMLWriter.writeWithOrigins(tree, hiding: Self.hidden)
        var lines: [ExpandedLine] = []
        var rest = origins[...]
        var offset = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let end = offset + line.utf8.count + 1
            let own = rest.prefix { $0.offset < end }
            rest = rest.dropFirst(own.count)
            lines.append(ExpandedLine(String(line), own.first))
            offset = end
        }
        return lines
    }
}

/// One line of an expanded pipeline.
public struct ExpandedLine: Hashable, Sendable {
    public var text: String
    /// Where in which file it was written; nil when it was written nowhere.
    public var origin: Origin?
    /// The references to templates that led to the file, the nearest first.
    public var includedFrom: [SourceSpan]

    /// A line of a file.
    public struct Origin: Hashable, Sendable {
        /// As diagnostics name it.
        public var file: String
        public var line: Int
        public var column: Int
    }

    init(_ text: String, _ origin: YAMLWriter.Origin?) {
        self.text = text
        guard let origin else {
            self.origin = nil
            includedFrom = []
            return
        }
        let source = origin.place.source
        let start = source.position(at: origin.place.range.lowerBound)
        let last = source.position(at: origin.place.range.upperBound).line
        let line = min(start.line + origin.lines, max(start.line, last))
        self.origin = Origin(file: source.name, line: line, column: origin.lines == 0 ? start.column : 1)
        includedFrom = origin.place.site.map(Self.chain) ?? []
    }

    private static func chain(_ site: IncludeSite) -> [SourceSpan] {
        var spans: [SourceSpan] = []
        var site: IncludeSite? = site
        while let current = site {
            spans.append(current.place.span)
            site = current.place.site
        }
        return spans
    }
}
