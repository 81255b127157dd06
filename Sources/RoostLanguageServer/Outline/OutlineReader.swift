/// Makes an ``Outline`` of lines; nothing is an error for it.
struct OutlineReader {
    private(set) var entries: [Outline.Entry]
    private let bytes: [UInt8]
    private let lines: TextLines
    /// Entries that are open, from the root inwards.
    private var stack: [Int] = [0]

    /// Deeper entries are kept at this depth: a text may be indented without end.
    private static let depthLimit = 150
    /// A value in brackets or quotes that is longer was most likely never closed.
    private static let flowLines = 500

    init(_ lines: TextLines) {
        self.lines = lines
        bytes = lines.bytes
        entries = [Outline.Entry(kind: .root, parent: 0, column: -1, range: 0..<lines.bytes.count, depth: 0)]
    }

    mutating func read() {
        var line = 0
        while line < lines.starts.count {
            let end = readLine(line)
            line = max(line + 1, end > lines.range(ofLine: line).upperBound ? lines.line(of: end) + 1 : 0)
        }
        close()
    }

    /// Reads a line and what its values hold of the next ones; gives the offset after it.
    private mutating func readLine(_ line: Int) -> Int {
        let range = lines.range(ofLine: line)
        var place = skipBlanks(range.lowerBound, range.upperBound)
        guard place < range.upperBound, bytes[place] != UInt8(ascii: "#") else { return range.upperBound }
        if place == range.lowerBound, isMarker(range) { return range.upperBound }
        while isDash(place, range.upperBound) {
            open(.item, at: place, line: range.lowerBound)
            place = skipBlanks(place + 1, range.upperBound)
            if place >= range.upperBound || bytes[place] == UInt8(ascii: "#") { return range.upperBound }
        }
        if let key = ScalarCutter(bytes).key(from: place, end: range.upperBound) {
            let pair = open(.pair, at: place, line: range.lowerBound)
            entries[pair].key = key.piece
            entries[pair].range = place..<key.end
            return value(of: pair, from: key.end, line: range)
        }
        return text(from: place, line: range)
    }

    /// `---` and `...` say nothing here.
    private func isMarker(_ range: Range<Int>) -> Bool {
        guard range.count >= 3 else { return false }
        let head = bytes[range.lowerBound..<(range.lowerBound + 3)]
        return (head.elementsEqual("---".utf8) || head.elementsEqual("...".utf8))
            && (range.count == 3 || isBlank(bytes[range.lowerBound + 3]))
    }

    /// Text without a key: an item's value, more of the value before, or a word that is still to become something.
    private mutating func text(from place: Int, line: Range<Int>) -> Int {
        let top = stack[stack.count - 1]
        let isItemsOwn =
            entries[top].kind == .item && entries[top].range.upperBound <= place
            && entries[top].range.lowerBound >= line.lowerBound
        if isItemsOwn { return value(of: top, from: place, line: line) }
        let column = place - line.lowerBound
        if let piece = entries[top].value, piece.style == .plain, column > entries[top].column {
            let end = ScalarCutter(bytes).plainEnd(from: place, end: line.upperBound)
            entries[top].value = Outline.Piece(
                text: lines.string(piece.range.lowerBound..<end),
                range: piece.range.lowerBound..<end,
                style: .plain
            )
            entries[top].range = entries[top].range.lowerBound..<end
            return line.upperBound
        }
        let word = open(.word, at: place, line: line.lowerBound)
        return value(of: word, from: place, line: line)
    }

    // MARK: Entries

    /// Opens an entry at a column, inside of the entry that is less indented.
    @discardableResult
    private mutating func open(_ kind: Outline.Kind, at place: Int, line: Int) -> Int {
        let column = place - line
        while let top = stack.last, top != 0 {
            let entry = entries[top]
            // Items of a list may begin in the column of their key.
            if entry.column < column { break }
            if entry.column == column, kind == .item, entry.kind == .pair { break }
            stack.removeLast()
        }
        while stack.count > Self.depthLimit { stack.removeLast() }
        let parent = stack[stack.count - 1]
        let index = entries.count
        entries.append(
            Outline.Entry(
                kind: kind,
                parent: parent,
                column: column,
                range: place..<(place + 1),
                depth: entries[parent].depth + 1
            )
        )
        entries[parent].children.append(index)
        stack.append(index)
        return index
    }

    /// Reads the value of an entry; gives the offset after it.
    private mutating func value(of entry: Int, from start: Int, line: Range<Int>) -> Int {
        let place = skipBlanks(start, line.upperBound)
        guard place < line.upperBound, !isComment(place) else { return line.upperBound }
        let cutter = ScalarCutter(bytes)
        switch bytes[place] {
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            let end = blockEnd(after: line, column: entries[entry].column)
            set(entry, Outline.Piece(text: lines.string(place..<end), range: place..<end, style: .block))
            return end
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            var flow = FlowOutline(bytes: bytes, end: flowLimit(line, entries[entry].column), line: line.lowerBound)
            let end = flow.read(place, into: &entries, parent: entry)
            entries[entry].range = entries[entry].range.lowerBound..<max(entries[entry].range.upperBound, end)
            return max(end, line.upperBound)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let limit = flowLimit(line, entries[entry].column)
            let end = cutter.quotedEnd(from: place, end: limit) ?? line.upperBound
            set(entry, cutter.piece(place..<end))
            return max(end, line.upperBound)
        default:
            let end = cutter.plainEnd(from: place, end: line.upperBound)
            set(entry, Outline.Piece(text: lines.string(place..<end), range: place..<end, style: .plain))
            return line.upperBound
        }
    }

    private mutating func set(_ entry: Int, _ piece: Outline.Piece) {
        entries[entry].value = piece
        entries[entry].range =
            entries[entry].range
            .lowerBound..<max(
                entries[entry].range.upperBound,
                piece.range.upperBound
            )
    }

    /// Where a block scalar ends that begins in a line: before the first line that is not indented further than its key.
    private func blockEnd(after line: Range<Int>, column: Int) -> Int {
        var end = line.upperBound
        var next = lines.line(of: line.lowerBound) + 1
        while next < lines.starts.count {
            let range = lines.range(ofLine: next)
            let first = skipBlanks(range.lowerBound, range.upperBound)
            if first < range.upperBound {
                if first - range.lowerBound <= column { break }
                end = range.upperBound
            }
            next += 1
        }
        return end
    }

    /// How far a value in brackets or quotes may reach: lines that are indented further than its key, or that close it.
    private func flowLimit(_ line: Range<Int>, _ column: Int) -> Int {
        var end = line.upperBound
        var next = lines.line(of: line.lowerBound) + 1
        let last = min(lines.starts.count, next + Self.flowLines)
        while next < last {
            let range = lines.range(ofLine: next)
            let first = skipBlanks(range.lowerBound, range.upperBound)
            if first < range.upperBound {
                let closes = bytes[first] == UInt8(ascii: "]") || bytes[first] == UInt8(ascii: "}")
                if first - range.lowerBound <= column, !closes { break }
                end = range.upperBound
                if closes { break }
            }
            next += 1
        }
        return end
    }

    /// Lets every entry reach to the end of what is in it.
    private mutating func close() {
        for index in entries.indices.dropFirst().reversed() {
            let parent = entries[index].parent
            let end = max(entries[parent].range.upperBound, entries[index].range.upperBound)
            entries[parent].range = entries[parent].range.lowerBound..<end
        }
    }

    // MARK: Bytes

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func skipBlanks(_ start: Int, _ end: Int) -> Int {
        var place = start
        while place < end, isBlank(bytes[place]) { place += 1 }
        return place
    }

    private func isDash(_ place: Int, _ end: Int) -> Bool {
        place < end && bytes[place] == UInt8(ascii: "-") && (place + 1 == end || isBlank(bytes[place + 1]))
    }

    private func isComment(_ place: Int) -> Bool {
        bytes[place] == UInt8(ascii: "#") && (place == 0 || isBlank(bytes[place - 1]))
    }
}
