/// Patterns prepared for search, after Wu and Manber.
///
/// A window as long as the shortest pattern slides over the text. The two bytes at its end tell how far it may move without passing over the
/// begin of any pattern; mostly by the whole window. Only where they end the window of some pattern are patterns compared.
///
/// ```
/// patterns  "secret", "token1"     window 5
/// text      "…the quick brown fo…" "wn" ends no window: move by 4
///           "…my secret is…"       "re" ends the window of "secret": compare
/// ```
final class MaskTable: Sendable {
    /// Bytes compared to decide on a move; a longer window finds no better moves than this one.
    private static let longestWindow = 32

    /// Length of the window, at least 2; 0 when there are no patterns.
    let window: Int
    /// Length of the longest pattern.
    let longest: Int
    let count: Int
    /// By two bytes: how far the window may move; 0 is a place to compare.
    let moves: [UInt8]
    /// By two bytes: the first place in ``order`` whose window ends with them.
    let heads: [UInt32]
    /// The two bytes of each pattern, in order; its end marks the end of a group.
    let endings: [UInt16]
    /// Begin and end of each pattern in ``bytes``, longest first in each group.
    let bounds: [UInt32]
    let bytes: [UInt8]
    /// Which bytes begin a pattern.
    let begins: [Bool]

    /// - Parameter patterns: none shorter than two bytes.
    init(_ patterns: some Collection<[UInt8]>) {
        precondition(patterns.allSatisfy { $0.count >= 2 }, "a pattern has at least two bytes")
        let window = min(patterns.map(\.count).min() ?? 0, Self.longestWindow)
        let endingOf: ([UInt8]) -> Int = { Self.pair($0[window - 2], $0[window - 1]) }
        let sorted = patterns.sorted { left, right in
            let (a, b) = (endingOf(left), endingOf(right))
            return a == b ? left.count > right.count : a < b
        }
        var moves = [UInt8](repeating: UInt8(max(1, window - 1)), count: patterns.isEmpty ? 0 : 1 << 16)
        var heads = [UInt32](repeating: 0, count: moves.count)
        var begins = [Bool](repeating: false, count: 256)
        var bytes: [UInt8] = []
        var bounds: [UInt32] = [0]
        for (place, pattern) in sorted.enumerated() {
            for end in 2...window {
                let pair = Self.pair(pattern[end - 2], pattern[end - 1])
                moves[pair] = min(moves[pair], UInt8(window - end))
            }
            if place == 0 || endingOf(sorted[place - 1]) != endingOf(pattern) {
                heads[endingOf(pattern)] = UInt32(place)
            }
            begins[Int(pattern[0])] = true
            bytes += pattern
            bounds.append(UInt32(bytes.count))
        }
        self.window = window
        self.moves = moves
        self.heads = heads
        self.begins = begins
        self.bytes = bytes
        self.bounds = bounds
        endings = sorted.map { UInt16(endingOf($0)) }
        count = sorted.count
        longest = sorted.map(\.count).max() ?? 0
    }

    static let empty = MaskTable([])

    private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 8 | Int(second) }
}
