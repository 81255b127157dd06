import RoostLanguage
import RoostTemplate

/// A text of a template and where it is written.
struct PlacedText: Sendable, Hashable {
    var text: String
    var span: SourceSpan?

    init(_ text: String, _ span: SourceSpan?) {
        self.text = text
        self.span = span
    }
}

extension ImageSettings {
    /// A text that is known before the build, with its place.
    func placed(_ name: String, or fallback: SourceSpan? = nil) -> PlacedText? {
        guard let value = self[name], case .text(let text) = value.form, !text.isEmpty else { return nil }
        return PlacedText(text, span(name) ?? fallback)
    }

    /// Where a setting is written.
    func span(_ name: String) -> SourceSpan? {
        guard let entry = entry(name) else { return nil }
        return (entry.value.range ?? entry.nameRange)?.span
    }

    /// A text that is known before the build.
    func known(_ name: String) -> String? { placed(name)?.text }

    func isTrue(_ name: String) -> Bool { self[name]?.truth ?? false }

    /// All blocks of a name.
    func all(_ name: String) -> [ImageSettings] {
        if let one = self[name]?.settings { return [one] }
        return self[name]?.list?.compactMap(\.settings) ?? []
    }

    /// One block, or the first of a list.
    func one(_ name: String) -> ImageSettings? { all(name).first }

    func placedTexts(_ name: String) -> [PlacedText] {
        (self[name]?.list ?? []).compactMap { element in
            guard case .text(let text) = element.form, !text.isEmpty else { return nil }
            return PlacedText(text, element.range?.span ?? span(name))
        }
    }
}

extension ImageTarget {
    /// Where it is described; where it is only named when that is not known.
    var place: SourceSpan? { (settings.missingRange ?? range)?.span }
}
