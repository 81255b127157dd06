import RoostLanguage
import RoostPipeline

/// Says what may be written at a place of a document, whether or not the document is whole.
///
/// A letter is put at the place first: then the outline has an entry there that says what is about to be written.
struct CompletionEngine {
    let snapshot: EditorSnapshot
    let file: EditorSnapshot.File
    let offset: Int
    var outline: Outline { file.outline }

    init?(_ snapshot: EditorSnapshot, path: String, offset: Int) {
        guard let lines = snapshot.documents[path] else { return nil }
        var bytes = lines.bytes
        let offset = min(max(offset, 0), bytes.count)
        bytes.insert(UInt8(ascii: "x"), at: offset)
        self.snapshot = snapshot
        self.offset = offset
        file = EditorSnapshot.File(path: path, lines: TextLines(bytes))
    }

    /// What may be written, the likeliest first.
    var items: [CompletionItem] {
        guard let site = outline.site(at: offset) else { return [] }
        switch site {
        case .key(let entry):
            guard let key = outline.entries[entry].key, contains(key.range) else { return [] }
            if let place = expression(entry, key.range, nil) { return ExpressionCompletion(self, entry, place).items }
            return KeyCompletion(self, entry, container: outline.entries[entry].parent).items
        case .value(let entry):
            guard let value = outline.entries[entry].value, contains(value.range) else { return [] }
            let key = keyName(of: entry)
            if let place = expression(entry, value.range, key) { return ExpressionCompletion(self, entry, place).items }
            if value.style == .block { return [] }
            return items(ofValue: entry)
        }
    }

    private func contains(_ range: Range<Int>) -> Bool { range.contains(offset) }

    private func items(ofValue entry: Int) -> [CompletionItem] {
        switch outline.entries[entry].kind {
        case .word:
            let container = outline.entries[entry].parent
            return KeyCompletion(self, entry, container: container).items + ValueCompletion(self, entry).items
        case .item: return KeyCompletion(self, entry, container: entry).items + ValueCompletion(self, entry).items
        case .pair: return ValueCompletion(self, entry).items
        case .root: return []
        }
    }

    /// The key whose value an entry's value is, a word below a key being its value.
    private func keyName(of entry: Int) -> String? {
        let node = outline.entries[entry]
        return node.kind == .word ? outline.entries[node.parent].key?.text : node.key?.text
    }

    private func expression(_ entry: Int, _ scalar: Range<Int>, _ key: String?) -> ExpressionScan.Place? {
        ExpressionScan(bytes: file.lines.bytes, scalar: scalar, key: key).place(at: offset)
    }

    // MARK: What is replaced

    /// The bytes of the document, without the letter, for a range with it.
    func documentRange(_ range: Range<Int>) -> Range<Int> {
        let upper = range.upperBound > offset ? range.upperBound - 1 : range.upperBound
        return range.lowerBound..<max(range.lowerBound, upper)
    }

    /// The text of a scalar without the letter.
    func typed(_ range: Range<Int>) -> String {
        let range = documentRange(range)
        let before = file.lines.string(range.lowerBound..<max(range.lowerBound, min(offset, range.upperBound)))
        let after = range.upperBound > offset ? file.lines.string((offset + 1)..<(range.upperBound + 1)) : ""
        return before + after
    }

    /// The inside of a scalar: without quotes.
    func inner(_ piece: Outline.Piece) -> Range<Int> {
        guard piece.style == .quoted else { return piece.range }
        let quote = file.lines.bytes[piece.range.lowerBound]
        let closes = piece.range.count > 1 && file.lines.bytes[piece.range.upperBound - 1] == quote
        return (piece.range.lowerBound + 1)..<(piece.range.upperBound - (closes ? 1 : 0))
    }

    var visibility: (Int) -> Visibility { { Visibility(snapshot: snapshot, file: file, entry: $0) } }
}
