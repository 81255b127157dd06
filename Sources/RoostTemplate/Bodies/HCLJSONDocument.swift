import RoostLanguage

/// A file of JSON with the places of all its values, and everything that is wrong with its syntax.
struct HCLJSONDocument: Sendable {
    let source: SourceText
    /// What could be read; null stands where it could not.
    let root: HCLJSONNode
    /// Errors of the syntax; the same name twice in one object is none, see ``duplicates``.
    let diagnostics: [Diagnostic]

    /// Names that stand more than once in one object, at any depth: an error for each but the first.
    var duplicates: [Diagnostic] {
        var problems: [Diagnostic] = []
        root.collectRepeats(&problems)
        return problems
    }
}

extension HCLJSONReader {
    /// Reads a whole file.
    static func read(_ bytes: [UInt8], name: String) -> HCLJSONDocument {
        let text = HCLSourceBytes(bytes, name: name)
        guard text.problems.isEmpty else {
            let nothing = HCLJSONNode(form: .null, range: HCLRange(text.source, 0..<0))
            return HCLJSONDocument(source: text.source, root: nothing, diagnostics: text.problems)
        }
        var reader = HCLJSONReader(source: text.source, bytes: bytes)
        let root = reader.document()
        return HCLJSONDocument(source: text.source, root: root, diagnostics: reader.diagnostics)
    }
}

extension HCLJSONNode {
    fileprivate func collectRepeats(_ diagnostics: inout [Diagnostic]) {
        switch form {
        case .array(let elements): for element in elements { element.collectRepeats(&diagnostics) }
        case .object(let properties):
            reportRepeats(properties, &diagnostics)
            for property in properties { property.value.collectRepeats(&diagnostics) }
        default: break
        }
    }
}
