/// A file that was read: its name, its text, and where its lines begin.
///
/// Offsets count UTF-8 bytes; lines and columns begin at 1, and columns count characters as an editor shows them.
/// A line ends with `\n`, `\r\n` or `\r`. A reference type, because every map of the file shares one table of lines.
public final class SourceText: Sendable {
    /// As diagnostics print it, such as `azure-pipelines.yml` or `templates/build.yml@tools`.
    public let name: String
    public let text: String
    /// Offset of the first byte of every line.
    private let lineStarts: [Int]
    private let isASCII: Bool

    public init(name: String, text: String) {
        var text = text
        text.makeContiguousUTF8()
        var starts = [0]
        var ascii = true
        var previous: UInt8 = 0
        var offset = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous == 0x0D {
                starts[starts.count - 1] = offset + 1
            } else if byte == 0x0A || byte == 0x0D {
                starts.append(offset + 1)
            }
            if byte >= 0x80 { ascii = false }
            previous = byte
            offset += 1
        }
        self.name = name
        self.text = text
        self.lineStarts = starts
        self.isASCII = ascii
    }

    /// Number of bytes.
    public var count: Int { text.utf8.count }
    public var lineCount: Int { lineStarts.count }

    /// The place of a byte; an offset outside the text is moved to its nearer end.
    public func position(at offset: Int) -> SourcePosition {
        let offset = min(max(offset, 0), count)
        let line = lineIndex(of: offset)
        let start = lineStarts[line]
        let column = isASCII ? offset - start : text[index(start)..<index(offset)].count
        return SourcePosition(line: line + 1, column: column + 1, offset: offset)
    }

    /// The place of a character; a line or column that does not exist is moved to the nearest one.
    public func position(line: Int, column: Int) -> SourcePosition {
        let line = min(max(line, 1), lineCount)
        let characters = self.line(line)
        let column = min(max(column, 1), characters.count + 1)
        let end = characters.index(characters.startIndex, offsetBy: column - 1)
        let bytes = characters.utf8.distance(from: characters.startIndex, to: end)
        return SourcePosition(line: line, column: column, offset: lineStarts[line - 1] + bytes)
    }

    /// The span of a range of bytes.
    public func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: name, start: position(at: range.lowerBound), end: position(at: range.upperBound))
    }

    /// A line without its end, counted from 1; empty when there is no such line.
    public func line(_ number: Int) -> Substring {
        guard (1...lineCount).contains(number) else { return "" }
        let start = lineStarts[number - 1]
        let end = number < lineCount ? lineStarts[number] : count
        let line = text[index(start)..<index(end)]
        return line.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }
    }

    private func index(_ offset: Int) -> String.Index {
        text.utf8.index(text.utf8.startIndex, offsetBy: offset)
    }

    /// Index of the last line that begins at or before the offset.
    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
