/// Says where the bytes of a text that was taken out of a file stand in that file.
///
/// The value of a YAML scalar is not a slice of the file: escapes are resolved, lines folded, indentation removed. It is made of runs of
/// bytes that are, and the map lists where each run begins, so that an error in an expression points at the right character.
public struct SourceMap: Sendable {
    /// A run of bytes that stand in the file just as they stand in the text, up to the next run.
    public struct Segment: Hashable, Sendable {
        public var textOffset: Int
        public var fileOffset: Int

        public init(textOffset: Int, fileOffset: Int) {
            self.textOffset = textOffset
            self.fileOffset = fileOffset
        }
    }

    private enum Storage: Sendable {
        case fixed(SourceSpan)
        case segments(SourceText, [Segment])
    }

    private let storage: Storage
    /// Where this map's text begins in the text the segments speak of.
    private let base: Int

    private init(storage: Storage, base: Int) {
        self.storage = storage
        self.base = base
    }

    /// Every byte of the text maps to one span, for texts whose layout in the file is unknown.
    public init(fixed span: SourceSpan) {
        self.init(storage: .fixed(span), base: 0)
    }

    /// The text is made of runs; segments are sorted by text offset and the first begins at 0.
    public init(source: SourceText, segments: [Segment]) {
        precondition(!segments.isEmpty, "a map needs a segment")
        self.init(storage: .segments(source, segments), base: 0)
    }

    /// The text is a slice of the file that begins at the offset.
    public static func verbatim(in source: SourceText, from offset: Int = 0) -> SourceMap {
        SourceMap(source: source, segments: [Segment(textOffset: 0, fileOffset: offset)])
    }

    /// The text stands for itself, for expressions that come without a file.
    ///
    /// The name stands where a file's name would; use the place the text is said to come from.
    public static func standalone(_ text: String, name: String = "expression") -> SourceMap {
        verbatim(in: SourceText(name: name, text: text))
    }

    /// The map of what follows the first bytes of the text.
    public func advanced(by count: Int) -> SourceMap {
        SourceMap(storage: storage, base: base + count)
    }

    /// The place of a byte of the text.
    public func position(at offset: Int) -> SourcePosition {
        switch storage {
        case .fixed(let span): span.start
        case .segments(let source, let segments): source.position(at: fileOffset(base + offset, segments))
        }
    }

    /// The span of a range of bytes of the text.
    public func span(of range: Range<Int>) -> SourceSpan {
        switch storage {
        case .fixed(let span): return span
        case .segments(let source, let segments):
            let start = fileOffset(base + range.lowerBound, segments)
            // The end belongs to the run of the last byte, not to the run that follows it.
            let end = range.isEmpty ? start : fileOffset(base + range.upperBound - 1, segments) + 1
            return source.span(start..<max(start, end))
        }
    }

    private func fileOffset(_ offset: Int, _ segments: [Segment]) -> Int {
        var low = 0
        var high = segments.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if segments[middle].textOffset <= offset { low = middle } else { high = middle }
        }
        return segments[low].fileOffset + (offset - segments[low].textOffset)
    }
}
