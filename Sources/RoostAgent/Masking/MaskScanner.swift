import Glibc

/// Finds the patterns of a table in a text that comes in pieces.
struct MaskScanner {
    private let table: MaskTable

    init(_ table: MaskTable) { self.table = table }

    /// Tells of every place where a pattern stands, in order of the places; of those that begin at one place the longest.
    ///
    /// - Parameters:
    ///   - text: what is searched.
    ///   - isLast: no more bytes follow, so the begin of a pattern at the end is none.
    ///   - match: takes begin and end of each match.
    /// - Returns: where to begin again with more bytes.
    func search(_ text: UnsafeRawBufferPointer, isLast: Bool, match: (Int, Int) -> Void) -> Int {
        guard table.count > 0, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return text.count
        }
        let size = text.count
        let window = table.window
        return table.moves.withUnsafeBufferPointer { moves in
            var place = 0
            let lastPlace = size - window
            while place <= lastPlace {
                let end = base + (place + window)
                let pair = Int(end[-2]) << 8 | Int(end[-1])
                let move = Int(moves[pair])
                if move > 0 {
                    place += move
                    continue
                }
                switch compare(base, place, size, group: pair) {
                case .none: break
                case .match(let length): match(place, place + length)
                case .cutOff where !isLast: return place
                case .cutOff(let length): if length > 0 { match(place, place + length) }
                }
                place += 1
            }
            return isLast ? size : tail(base, from: max(place, 0), size)
        }
    }

    private enum Comparison {
        case none
        case match(Int)
        /// A longer pattern may follow with more bytes; the length is that of the longest complete one, or 0.
        case cutOff(Int)
    }

    /// Compares the patterns of one group, longest first.
    private func compare(_ base: UnsafePointer<UInt8>, _ place: Int, _ size: Int, group pair: Int) -> Comparison {
        table.bytes.withUnsafeBufferPointer { bytes in
            table.bounds.withUnsafeBufferPointer { bounds in
                table.endings.withUnsafeBufferPointer { endings in
                    var index = Int(table.heads[pair])
                    var isCutOff = false
                    let here = base + place
                    let available = size - place
                    while index < table.count, Int(endings[index]) == pair {
                        let start = Int(bounds[index])
                        let length = Int(bounds[index + 1]) - start
                        if bytes[start] == here[0],
                            let pattern = bytes.baseAddress.map({ $0 + start }),
                            memcmp(here, pattern, min(length, available)) == 0
                        {
                            if length <= available { return isCutOff ? .cutOff(length) : .match(length) }
                            isCutOff = true
                        }
                        index += 1
                    }
                    return isCutOff ? .cutOff(0) : .none
                }
            }
        }
    }

    /// The first place of the end, shorter than a window, where a pattern may have begun.
    private func tail(_ base: UnsafePointer<UInt8>, from first: Int, _ size: Int) -> Int {
        guard first < size else { return size }
        return table.bytes.withUnsafeBufferPointer { bytes in
            for place in first..<size where table.begins[Int(base[place])] {
                for index in 0..<table.count {
                    let start = Int(table.bounds[index])
                    if let pattern = bytes.baseAddress.map({ $0 + start }),
                        memcmp(base + place, pattern, size - place) == 0
                    {
                        return place
                    }
                }
            }
            return size
        }
    }
}
