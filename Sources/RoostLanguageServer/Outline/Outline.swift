/// The structure of a YAML file as its indentation shows it, which is there for every text, also while somebody types.
///
/// The compiler reads the file as YAML really is; this is what an editor needs beside it: what stands at a place, and what is around it.
struct Outline: Sendable {
    enum Kind: Hashable, Sendable {
        case root
        /// A key, with or without a value.
        case pair
        /// An item of a list.
        case item
        /// Text that is neither, such as a key whose colon is not written yet.
        case word
    }

    enum Style: Hashable, Sendable { case plain, quoted, block }

    /// A piece of text with its place.
    struct Piece: Hashable, Sendable {
        /// Without quotes; as it is written for blocks.
        var text: String
        /// With quotes.
        var range: Range<Int>
        var style: Style
    }

    struct Entry: Sendable {
        var kind: Kind
        var parent: Int
        var children: [Int] = []
        /// Where it begins in its line.
        var column: Int
        /// From its first byte to the end of what is in it.
        var range: Range<Int>
        var key: Piece?
        var value: Piece?
        var isFlow = false
        /// How many entries it is inside of.
        var depth: Int
    }

    let lines: TextLines
    /// The first is the root.
    var entries: [Entry]

    init(_ lines: TextLines) {
        self.lines = lines
        var reader = OutlineReader(lines)
        reader.read()
        entries = reader.entries
    }

    // MARK: Around an entry

    func parent(_ entry: Int) -> Int? { entry == 0 ? nil : entries[entry].parent }

    /// The entries it is inside of, the nearest first, without the root.
    func ancestors(_ entry: Int) -> [Int] {
        var result: [Int] = []
        var current = entries[entry].parent
        while current != 0 {
            result.append(current)
            current = entries[current].parent
        }
        return result
    }

    /// Pairs directly in it and in the branches of expressions below it.
    func pairs(_ entry: Int) -> [Int] {
        var result: [Int] = []
        for child in entries[entry].children where entries[child].kind == .pair {
            if isExpression(child) { result += pairs(child) } else { result.append(child) }
        }
        return result
    }

    /// The pair with a key.
    func pair(_ key: String, in entry: Int) -> Int? { pairs(entry).first { entries[$0].key?.text == key } }

    /// The text of a key's value.
    func text(_ key: String, in entry: Int) -> Piece? { pair(key, in: entry).flatMap { entries[$0].value } }

    /// Items of the list in it, those in the branches of expressions too.
    func items(_ entry: Int) -> [Int] {
        var result: [Int] = []
        for child in entries[entry].children {
            switch entries[child].kind {
            case .item:
                let inner = entries[child].children.filter { isExpression($0) }
                if inner.isEmpty || pairs(child).count > 0 { result.append(child) }
                for branch in inner { result += items(branch) }
            case .pair where isExpression(child): result += items(child)
            case .pair, .word, .root: break
            }
        }
        return result
    }

    /// Whether it is a pair whose key is `${{ … }}`.
    func isExpression(_ entry: Int) -> Bool { entries[entry].key?.text.hasPrefix("${{") ?? false }

    // MARK: Finding

    /// What stands at an offset.
    enum Site: Hashable, Sendable {
        case key(Int)
        case value(Int)
    }

    /// The key or value that holds a byte.
    func site(at offset: Int) -> Site? {
        // Later entries stand later or deeper.
        for place in entries.indices.reversed() {
            let entry = entries[place]
            if let value = entry.value, value.range.contains(offset) || value.range.upperBound == offset {
                return .value(place)
            }
            if let key = entry.key, key.range.contains(offset) || key.range.upperBound == offset { return .key(place) }
        }
        return nil
    }
}
