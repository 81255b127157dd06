/// Cuts a stream of bytes into lines.
///
/// Blanks at the end of a line are left out, and what a carriage return would have written over.
struct LineCutter {
    /// A line that is longer comes in pieces.
    private static let limit = 1 << 20
    private var pending: [UInt8] = []

    mutating func lines(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var lines: [String] = []
        var rest = bytes[...]
        while let place = rest.firstIndex(of: UInt8(ascii: "\n")) {
            pending += rest[..<place]
            lines.append(Self.shown(pending))
            pending.removeAll(keepingCapacity: true)
            rest = rest[(place + 1)...]
        }
        pending += rest
        if pending.count >= Self.limit { lines += self.rest() }
        return lines
    }

    /// What came after the last end of a line.
    mutating func rest() -> [String] {
        guard !pending.isEmpty else { return [] }
        defer { pending.removeAll() }
        return [Self.shown(pending)]
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        let end = bytes.lastIndex { !($0 == 0x20 || (0x09...0x0D).contains($0)) }.map { $0 + 1 } ?? 0
        let line = bytes[..<end]
        let start = line.lastIndex(of: UInt8(ascii: "\r")).map { $0 + 1 } ?? 0
        return String(decoding: line[start...], as: UTF8.self)
    }
}
