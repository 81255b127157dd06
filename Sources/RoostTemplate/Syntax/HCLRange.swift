public import RoostLanguage

/// Some bytes of a file; where they stand is counted when somebody asks.
public struct HCLRange: Sendable {
    public let source: SourceText
    /// Offsets of the file.
    public let bytes: Range<Int>

    init(_ source: SourceText, _ bytes: Range<Int>) {
        self.source = source
        self.bytes = bytes
    }

    /// Lines and columns.
    public var span: SourceSpan { source.span(bytes) }
    /// The characters themselves.
    var text: Substring {
        let start = source.text.utf8.index(source.text.startIndex, offsetBy: bytes.lowerBound)
        let end = source.text.utf8.index(start, offsetBy: bytes.count)
        return source.text[start..<end]
    }

    /// The smallest range that holds both.
    func union(_ other: HCLRange) -> HCLRange {
        let start = min(bytes.lowerBound, other.bytes.lowerBound)
        return HCLRange(source, start..<max(bytes.upperBound, other.bytes.upperBound))
    }

    /// The empty range at its beginning.
    var start: HCLRange { HCLRange(source, bytes.lowerBound..<bytes.lowerBound) }
    /// The empty range at its end.
    var end: HCLRange { HCLRange(source, bytes.upperBound..<bytes.upperBound) }
}

extension HCLRange: Hashable {
    public static func == (left: HCLRange, right: HCLRange) -> Bool {
        left.bytes == right.bytes && left.source.name == right.source.name
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
        hasher.combine(source.name)
    }
}

extension HCLRange: CustomStringConvertible {
    /// `file:line,column-column`, or `file:line,column-line,column` over several lines.
    public var description: String {
        let span = span
        let (start, end) = (span.start, span.end)
        let last = start.line == end.line ? "\(end.column)" : "\(end.line),\(end.column)"
        return "\(span.file):\(start.line),\(start.column)-\(last)"
    }
}
