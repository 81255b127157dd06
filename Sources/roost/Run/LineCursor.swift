/// How far a log has been read, and the line whose end has not come yet.
struct LineCursor {
    /// Bytes that have been taken.
    private(set) var offset = 0
    /// Lines that have been given out.
    private(set) var lineCount = 0
    private var rest: [UInt8] = []

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: what follows what was taken before.
    /// - Returns: the lines they complete.
    mutating func take(_ bytes: [UInt8]) -> [String] {
        offset += bytes.count
        rest += bytes
        var lines: [String] = []
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Self.text(rest[start..<end]))
            start = end + 1
        }
        rest.removeSubrange(..<start)
        lineCount += lines.count
        return lines
    }

    /// Goes back to the end of the last whole line, from where the log is read again.
    mutating func rewind() {
        offset -= rest.count
        rest = []
    }

    /// The last line when it has no end.
    mutating func finish() -> String? {
        guard !rest.isEmpty else { return nil }
        defer { rest = [] }
        lineCount += 1
        return Self.text(rest[...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
    }
}
