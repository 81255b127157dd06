public import RoostLanguage

/// Where a piece of a pipeline stands: the bytes of its file, and the templates that led there.
public struct SyntaxPlace: Sendable {
    public let source: SourceText
    /// UTF-8 bytes of the source.
    public var range: Range<Int>
    /// How the file came to be used; nil for the root file.
    public var site: IncludeSite?

    public init(source: SourceText, range: Range<Int>, site: IncludeSite? = nil) {
        self.source = source
        self.range = range
        self.site = site
    }

    /// Lines and columns, which are looked up only when somebody asks.
    public var span: SourceSpan { source.span(range) }

    /// `file:line:column`, the form ``PlannedText`` keeps.
    var text: String { span.description }

    /// This place, reached by another way.
    func reached(by site: IncludeSite?) -> SyntaxPlace {
        var place = self
        place.site = site
        return place
    }
}

/// A reference to a template that was followed.
public final class IncludeSite: Sendable {
    /// The name of the template in the file that refers to it; its own site is one step nearer to the root file.
    public let place: SyntaxPlace
    /// 1 for a template named by the root file.
    public let depth: Int

    init(place: SyntaxPlace) {
        self.place = place
        self.depth = (place.site?.depth ?? 0) + 1
    }

    /// The chain of references, the nearest first, at most so many of them.
    func notes(limit: Int) -> [Diagnostic.Note] {
        var notes: [Diagnostic.Note] = []
        var site: IncludeSite? = self
        while let current = site, notes.count < limit {
            notes.append(Diagnostic.Note("included from here", at: current.place.span))
            site = current.place.site
        }
        if let site { notes.append(Diagnostic.Note("and from \(site.depth) more files")) }
        return notes
    }
}
