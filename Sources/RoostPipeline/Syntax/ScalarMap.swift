import RoostLanguage

/// Finds where each byte of a scalar's text stands in its file.
///
/// A scalar is made of runs of bytes that stand in the file as they are: the lines of a block without their indentation, the words between
/// folded line ends, what stands between the escapes of a quoted text.
enum ScalarMap {
    static func make(of scalar: SyntaxScalar) -> SourceMap {
        let source = scalar.place.source
        let range = scalar.place.range
        var text = scalar.text
        let segments = text.withUTF8 { value -> [SourceMap.Segment]? in
            var sourceText = source.text
            return sourceText.withUTF8 { file -> [SourceMap.Segment]? in
                guard range.upperBound <= file.count else { return nil }
                var finder = SegmentFinder(value: value, file: file, range: range)
                return finder.find(scalar.style)
            }
        }
        guard let segments, !segments.isEmpty else { return SourceMap(fixed: scalar.place.span) }
        return SourceMap(source: source, segments: segments)
    }
}

/// Lines up the bytes of a value with the bytes of a file.
private struct SegmentFinder {
    private let value: UnsafeBufferPointer<UInt8>
    private let file: UnsafeBufferPointer<UInt8>
    private let end: Int
    private var place: Int
    /// Bytes of the value that are placed.
    private var done = 0
    private var segments: [SourceMap.Segment] = []

    init(value: UnsafeBufferPointer<UInt8>, file: UnsafeBufferPointer<UInt8>, range: Range<Int>) {
        self.value = value
        self.file = file
        self.place = range.lowerBound
        self.end = range.upperBound
    }

    /// The runs; nil when the value cannot be found, which a caller answers with the span of the whole scalar.
    mutating func find(_ style: ScalarStyle) -> [SourceMap.Segment]? {
        guard !value.isEmpty else { return nil }
        switch style {
        case .plain: break
        case .singleQuoted, .doubleQuoted: place += 1
        case .literal, .folded: skipLine()
        }
        while done < value.count {
            guard place < end else { return nil }
            if !step(style) { return nil }
        }
        return segments
    }

    /// Places one byte, or skips what the value does not have.
    private mutating func step(_ style: ScalarStyle) -> Bool {
        let byte = file[place]
        if style == .doubleQuoted, byte == UInt8(ascii: "\\") { return escape() }
        if byte == value[done], !(isBreak(byte) && style != .literal) {
            take()
            if style == .singleQuoted, byte == UInt8(ascii: "'") { place += 1 }
            return true
        }
        if isBlank(value[done]) || isBreak(value[done]) {
            // A folded line end: the value has one blank, or one line feed for each empty line.
            if isBreak(byte) || isBlank(byte) { return fold() }
            // Blanks of the value that no break explains end the run of the line before.
            done += 1
            return true
        }
        if isBlank(byte) || isBreak(byte) {
            place += 1
            return true
        }
        return false
    }

    /// Passes a line end with the blanks around it, and the blanks and line feeds the value has for it.
    private mutating func fold() -> Bool {
        let startOfBreak = place
        while place < end, isBlank(file[place]) || isBreak(file[place]) { place += 1 }
        segments.append(SourceMap.Segment(textOffset: done, fileOffset: startOfBreak))
        while done < value.count, isBlank(value[done]) || isBreak(value[done]) { done += 1 }
        // What the value keeps of the indentation (more-indented lines of a folded block) stands right before the next word.
        if done < value.count, place >= end { return false }
        return true
    }

    private mutating func take() {
        let last = segments.last
        if last == nil || last.map({ place - $0.fileOffset != done - $0.textOffset }) == true {
            segments.append(SourceMap.Segment(textOffset: done, fileOffset: place))
        }
        done += 1
        place += 1
    }

    /// `\n`, `\x41`, `\u0041`, a backslash before a line end: the value has other bytes, or none.
    private mutating func escape() -> Bool {
        guard place + 1 < end else { return false }
        let kind = file[place + 1]
        if isBreak(kind) {
            place += 1
            while place < end, isBlank(file[place]) || isBreak(file[place]) { place += 1 }
            return true
        }
        segments.append(SourceMap.Segment(textOffset: done, fileOffset: place))
        let digits =
            switch kind {
            case UInt8(ascii: "x"): 2
            case UInt8(ascii: "u"): 4
            case UInt8(ascii: "U"): 8
            default: 0
            }
        place += 2 + digits
        done += 1
        while done < value.count, value[done] & 0xC0 == 0x80 { done += 1 }
        return true
    }

    private mutating func skipLine() {
        while place < end, file[place] != 0x0A, file[place] != 0x0D { place += 1 }
        if place < end, file[place] == 0x0D { place += 1 }
        if place < end, file[place] == 0x0A { place += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
