/// A document that the client has open; its text counts, not the file on disk.
struct OpenDocument: Sendable {
    let uri: String
    var version: Int
    private(set) var lines: TextLines

    init(uri: String, version: Int, text: String) {
        self.uri = uri
        self.version = version
        lines = TextLines(Self.withoutMark(text))
    }

    var text: String { lines.string(0..<lines.bytes.count) }

    /// Replaces a part of the text, or all of it when the range is nil.
    mutating func replace(_ range: TextRange?, with text: String, _ encoding: PositionEncoding) {
        guard let range else {
            lines = TextLines(Self.withoutMark(text))
            return
        }
        let start = lines.offset(of: range.start, encoding)
        let end = max(start, lines.offset(of: range.end, encoding))
        var bytes = lines.bytes
        bytes.replaceSubrange(start..<end, with: Array(text.utf8))
        lines = TextLines(bytes)
    }

    private static func withoutMark(_ text: String) -> String {
        text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? String(text.unicodeScalars.dropFirst()) : text
    }
}
