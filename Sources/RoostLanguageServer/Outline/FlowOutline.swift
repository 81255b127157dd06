/// Reads a value in brackets into entries: `[a, b]` and `{ a: b }`.
struct FlowOutline {
    let bytes: [UInt8]
    /// Nothing after it belongs to the value.
    let end: Int
    /// Where the line begins that the value stands in.
    let line: Int

    private static let depthLimit = 50

    /// Reads the brackets that open at a place; gives the offset after they close.
    mutating func read(_ start: Int, into entries: inout [Outline.Entry], parent: Int) -> Int {
        collection(start, into: &entries, parent: parent, depth: 0)
    }

    private func collection(_ start: Int, into entries: inout [Outline.Entry], parent: Int, depth: Int) -> Int {
        let isList = bytes[start] == UInt8(ascii: "[")
        let close = isList ? UInt8(ascii: "]") : UInt8(ascii: "}")
        var place = start + 1
        while true {
            place = skip(place)
            guard place < end else { return end }
            if bytes[place] == close { return place + 1 }
            if bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "]")
                || bytes[place] == UInt8(ascii: "}")
            {
                place += 1
                continue
            }
            let before = place
            place =
                isList
                ? item(place, into: &entries, parent: parent, depth: depth)
                : pair(place, into: &entries, parent: parent, depth: depth)
            if place <= before { place = before + 1 }
        }
    }

    private func item(_ start: Int, into entries: inout [Outline.Entry], parent: Int, depth: Int) -> Int {
        let index = add(.item, start, into: &entries, parent: parent)
        if let key = keyPiece(start) {
            let pair = add(.pair, start, into: &entries, parent: index)
            return value(pair, key, into: &entries, depth: depth)
        }
        return value(index, start, into: &entries, depth: depth)
    }

    private func pair(_ start: Int, into entries: inout [Outline.Entry], parent: Int, depth: Int) -> Int {
        guard let key = keyPiece(start) else {
            let word = add(.word, start, into: &entries, parent: parent)
            return value(word, start, into: &entries, depth: depth)
        }
        let index = add(.pair, start, into: &entries, parent: parent)
        return value(index, key, into: &entries, depth: depth)
    }

    private func value(
        _ index: Int,
        _ key: (piece: Outline.Piece, end: Int),
        into entries: inout [Outline.Entry],
        depth: Int
    ) -> Int {
        entries[index].key = key.piece
        entries[index].range = key.piece.range.lowerBound..<key.end
        return value(index, key.end, into: &entries, depth: depth)
    }

    /// Reads the value of an entry.
    private func value(_ index: Int, _ start: Int, into entries: inout [Outline.Entry], depth: Int) -> Int {
        let place = skip(start)
        guard place < end else { return end }
        let next: Int
        switch bytes[place] {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard depth < Self.depthLimit else { return end }
            next = collection(place, into: &entries, parent: index, depth: depth + 1)
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return place
        default:
            let range = place..<scalarEnd(place)
            let isQuoted = bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\"")
            entries[index].value =
                isQuoted
                ? ScalarCutter(bytes).piece(range)
                : Outline.Piece(text: String(decoding: bytes[range], as: UTF8.self), range: range, style: .plain)
            next = range.upperBound
        }
        entries[index].range = entries[index].range.lowerBound..<max(entries[index].range.upperBound, next)
        return next
    }

    private func add(_ kind: Outline.Kind, _ place: Int, into entries: inout [Outline.Entry], parent: Int) -> Int {
        let index = entries.count
        entries.append(
            Outline.Entry(
                kind: kind,
                parent: parent,
                column: place - line,
                range: place..<(place + 1),
                isFlow: true,
                depth: entries[parent].depth + 1
            )
        )
        entries[parent].children.append(index)
        return index
    }

    /// A key with its colon.
    private func keyPiece(_ start: Int) -> (piece: Outline.Piece, end: Int)? {
        let stop = scalarEnd(start)
        var place = stop
        while place < end, bytes[place] == 0x20 { place += 1 }
        guard place < end, bytes[place] == UInt8(ascii: ":") else { return nil }
        guard stop > start else { return nil }
        let range = start..<stop
        let isQuoted = bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "\"")
        let piece =
            isQuoted
            ? ScalarCutter(bytes).piece(range)
            : Outline.Piece(text: String(decoding: bytes[range], as: UTF8.self), range: range, style: .plain)
        return (piece, place + 1)
    }

    /// Where a scalar ends: at `,`, a bracket, or a colon before a blank.
    private func scalarEnd(_ start: Int) -> Int {
        let cutter = ScalarCutter(bytes)
        if bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "\"") {
            return cutter.quotedEnd(from: start, end: end) ?? end
        }
        var place = start
        while place < end {
            if let close = cutter.expressionEnd(from: place, end: end) {
                place = close
                continue
            }
            let byte = bytes[place]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
                || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") || byte == 0x0A || byte == 0x0D
            {
                break
            }
            if byte == UInt8(ascii: ":"), place + 1 >= end || isSpace(bytes[place + 1]) { break }
            if byte == UInt8(ascii: "#"), place > start, isSpace(bytes[place - 1]) { break }
            place += 1
        }
        while place > start, isSpace(bytes[place - 1]) { place -= 1 }
        return place
    }

    /// Skips blanks, ends of lines and comments.
    private func skip(_ start: Int) -> Int {
        var place = start
        while place < end {
            if isSpace(bytes[place]) {
                place += 1
            } else if bytes[place] == UInt8(ascii: "#"), place == 0 || isSpace(bytes[place - 1]) {
                while place < end, bytes[place] != 0x0A { place += 1 }
            } else {
                break
            }
        }
        return place
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
