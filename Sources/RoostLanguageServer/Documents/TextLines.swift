/// The bytes of a text with the places where its lines begin; converts between places of the protocol and byte offsets.
///
/// A line ends with `\n`, `\r\n` or `\r`, as the protocol has it.
public struct TextLines: Sendable {
    public let bytes: [UInt8]
    /// Offset of the first byte of every line.
    public let starts: [Int]

    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    public init(_ bytes: [UInt8]) {
        var starts = [0]
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0D, place < bytes.count, bytes[place] == 0x0A { place += 1 }
            if byte == 0x0A || byte == 0x0D { starts.append(place) }
        }
        self.bytes = bytes
        self.starts = starts
    }

    /// The number of the line that holds an offset, from 0.
    public func line(of offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line without its end; an empty range at the end for lines that do not exist.
    public func range(ofLine line: Int) -> Range<Int> {
        guard starts.indices.contains(line) else { return bytes.count..<bytes.count }
        var end = line + 1 < starts.count ? starts[line + 1] : bytes.count
        while end > starts[line], bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return starts[line]..<end
    }

    public func string(_ range: Range<Int>) -> String {
        let range = range.clamped(to: 0..<bytes.count)
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// The offset of a place; one outside the text is moved to the nearest inside, one inside a character to its start.
    public func offset(of position: Position, _ encoding: PositionEncoding) -> Int {
        guard position.line < starts.count else { return bytes.count }
        let line = range(ofLine: position.line)
        if encoding == .utf8 {
            var offset = min(line.lowerBound + position.character, line.upperBound)
            while offset > line.lowerBound, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
            return offset
        }
        var units = 0
        var offset = line.lowerBound
        while offset < line.upperBound {
            let width = Self.width(bytes[offset])
            let count = width == 4 ? 2 : 1
            if units + count > position.character { break }
            units += count
            offset = min(offset + width, line.upperBound)
        }
        return offset
    }

    /// The place of an offset; one outside the text is moved to the nearest inside.
    public func position(of offset: Int, _ encoding: PositionEncoding) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        let line = line(of: offset)
        let start = starts[line]
        if encoding == .utf8 { return Position(line: line, character: offset - start) }
        var units = 0
        var place = start
        while place < offset {
            let width = Self.width(bytes[place])
            units += width == 4 ? 2 : 1
            place += width
        }
        return Position(line: line, character: units)
    }

    public func range(_ range: Range<Int>, _ encoding: PositionEncoding) -> TextRange {
        TextRange(start: position(of: range.lowerBound, encoding), end: position(of: range.upperBound, encoding))
    }

    /// Bytes of the character that begins with a byte.
    private static func width(_ byte: UInt8) -> Int {
        switch byte {
        case 0xF0...: 4
        case 0xE0..<0xF0: 3
        case 0xC0..<0xE0: 2
        default: 1
        }
    }
}
