/// Changes the bytes of a file a little.
struct ByteMutator {
    static let words =
        [
            "${{", "}}", "${{ if true }}:", "${{ else }}:", "${{ elseif eq(1,1) }}:", "${{ each x in parameters }}:",
            "${{ insert }}:", "'", "\"", ":", ": ", "- ", "\n", "\r\n", "\t", "{", "}", "[", "]", "&a ", "*a", "|", ">",
            "|+2", ">-", "#", " #", "\u{0}", "é", "😀", "\u{FEFF}", "\u{2028}", "---\n", "...\n", "? ", "!!str ",
            "<<: ", "steps:", "jobs:", "stages:", "template: ", "parameters:", "extends:", "variables:", "- script: x",
            "$[ ", "$(", "\\", "%YAML 1.1\n", "condition: ", "strategy:", "matrix:", "type: object", "default:",
            "0", "-1", "1e9", "null", "~", "true", "''", "[]", "{}", "@self", "../", "/",
        ] + [
            String(repeating: "[", count: 60), String(repeating: "a.", count: 40), String(repeating: "x", count: 1200),
        ]

    private let words: [String]
    private let others: [[UInt8]]

    init(words: [String] = words, others: [[UInt8]]) {
        self.words = words
        self.others = others
    }

    func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(random.once(in: 8) ? 30 : 4) { mutate(&bytes, &random) }
        return bytes.count > 1 << 18 ? Array(bytes.prefix(1 << 18)) : bytes
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return bytes = Array(random.pick(words).utf8) }
        let place = random.below(bytes.count)
        switch random.below(11) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(random.once(in: 4) ? 400 : 8)))
        case 2, 3: bytes.insert(contentsOf: random.pick(words).utf8, at: place)
        case 4:
            let part = bytes[place..<min(bytes.count, place + 1 + random.below(60))]
            bytes.insert(contentsOf: part, at: random.below(bytes.count))
        case 5: moveLines(&bytes, &random)
        case 6: indent(&bytes, &random)
        case 7:
            let other = random.pick(others)
            guard !other.isEmpty else { return }
            let start = random.below(other.count)
            bytes.insert(contentsOf: other[start..<min(other.count, start + random.below(500))], at: place)
        case 8: repeatLine(&bytes, &random)
        case 9: replaceWord(&bytes, &random)
        default: bytes.swapAt(place, random.below(bytes.count))
        }
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    private func moveLines(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        var lines = lines(bytes)
        let start = random.below(lines.count)
        let moved = lines[start..<min(lines.count, start + 1 + random.below(6))]
        if random.once(in: 2) { lines.removeSubrange(moved.indices) }
        lines.insert(contentsOf: moved, at: random.below(lines.count + 1))
        bytes = Array(lines.joined(separator: [0x0A]))
    }

    private func indent(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        var lines = lines(bytes)
        let start = random.below(lines.count)
        let removes = random.once(in: 2)
        let blanks = 1 + random.below(4)
        for place in start..<min(lines.count, start + 1 + random.below(8)) {
            if removes {
                let count = lines[place].prefix { $0 == 0x20 }.count
                lines[place] = lines[place].dropFirst(min(count, blanks))
            } else {
                lines[place] = (Array(repeating: 0x20, count: blanks) + lines[place])[...]
            }
        }
        bytes = Array(lines.joined(separator: [0x0A]))
    }

    private func repeatLine(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        var lines = lines(bytes)
        let start = random.below(lines.count)
        let part = lines[start..<min(lines.count, start + 1 + random.below(3))]
        let count = random.once(in: 10) ? 300 : 1 + random.below(5)
        lines.insert(contentsOf: Array(repeating: part, count: count).joined(), at: start)
        bytes = Array(lines.joined(separator: [0x0A]))
    }

    /// Puts one word of the file in the place of another.
    private func replaceWord(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let words = bytes.split { !Self.isWordByte($0) }
        guard words.count > 1 else { return }
        let new = Array(random.pick(words))
        let old = random.pick(words)
        bytes.replaceSubrange(old.startIndex..<old.endIndex, with: new)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}
