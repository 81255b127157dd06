/// Cuts a stream of bytes into messages: a header with `Content-Length`, an empty line, the content.
///
/// What is no header is reported once and skipped up to the next `Content-Length`, so that one bad frame does not take the others along.
public struct FrameScanner: Sendable {
    /// What was met.
    public enum Piece: Hashable, Sendable {
        case content([UInt8])
        /// The sentence says what is wrong and at which byte of the input.
        case fault(String)
    }

    /// Larger messages are refused; the largest file a pipeline may have, several times over.
    public static let contentLimit = 64 << 20
    /// Longer headers are none.
    private static let headerLimit = 8192

    private var buffer: [UInt8] = []
    /// Bytes of the input before ``buffer``.
    private var offset = 0
    /// Bytes of a refused message that are still to come.
    private var skipped = 0
    private var hasReported = false

    public init() {}

    /// The pieces that are whole once more bytes have come.
    public mutating func add(_ bytes: some Sequence<UInt8>) -> [Piece] {
        buffer += bytes
        var pieces: [Piece] = []
        while let piece = next() { pieces.append(piece) }
        return pieces.filter { piece in
            guard case .fault = piece else {
                hasReported = false
                return true
            }
            defer { hasReported = true }
            return !hasReported
        }
    }

    private mutating func next() -> Piece? {
        if skipped > 0 {
            let count = min(skipped, buffer.count)
            drop(count)
            skipped -= count
            guard skipped == 0 else { return nil }
        }
        guard let (header, contentStart) = header() else {
            guard buffer.count > Self.headerLimit else { return nil }
            return fault("The header at byte \(offset) is longer than \(Self.headerLimit) bytes") {
                $0.resume(after: 1)
            }
        }
        guard let length = Self.length(in: header) else {
            let found = header.first.map { ", found '\(Self.shown($0))'" } ?? ""
            return fault("A message must begin with 'Content-Length: ' and a number; at byte \(offset)\(found)") {
                $0.resume(after: contentStart)
            }
        }
        guard length <= Self.contentLimit else {
            return fault("The message at byte \(offset) has \(length) bytes; at most \(Self.contentLimit) are read") {
                $0.drop(contentStart)
                $0.skipped = length
            }
        }
        guard buffer.count - contentStart >= length else { return nil }
        let content = Array(buffer[contentStart..<(contentStart + length)])
        drop(contentStart + length)
        return .content(content)
    }

    /// A fault, whose sentence is made before what is wrong is passed over.
    private mutating func fault(_ sentence: String, passingOver: (inout Self) -> Void) -> Piece {
        passingOver(&self)
        return .fault(sentence)
    }

    private mutating func drop(_ count: Int) {
        buffer.removeFirst(count)
        offset += count
    }

    /// A line of a header as a sentence may show it: short, and with dots for what cannot be read.
    private static func shown(_ line: String) -> String {
        String(line.unicodeScalars.prefix(40).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "." })
    }

    /// What is missing when no more bytes will come; nil when the last message was whole.
    public var remainder: String? {
        if skipped > 0 { return "The input ended \(skipped) bytes before the end of a message that was too large" }
        guard !buffer.isEmpty else { return nil }
        guard let (header, contentStart) = header(), let length = Self.length(in: header) else {
            let line = Self.shown(String(decoding: buffer.prefix(40), as: UTF8.self))
            return
                "The input ended at byte \(offset + buffer.count) within the header that begins at byte \(offset) with '\(line)'"
        }
        return
            "The input ended at byte \(offset + buffer.count) within the message at byte \(offset): \(buffer.count - contentStart) of \(length) bytes came"
    }

    /// The lines before the empty line, and where what follows begins.
    private func header() -> (lines: [String], contentStart: Int)? {
        var lines: [String] = []
        var start = 0
        while let end = buffer[start...].prefix(Self.headerLimit).firstIndex(of: 0x0A) {
            var line = buffer[start..<end]
            if line.last == 0x0D { line.removeLast() }
            start = end + 1
            if line.isEmpty { return (lines, start) }
            lines.append(String(decoding: line, as: UTF8.self))
            if start > Self.headerLimit { return nil }
        }
        return nil
    }

    private static func length(in header: [String]) -> Int? {
        for line in header {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            let digits = parts[1].drop { $0 == " " }
            guard let length = Int(digits), length >= 0 else { return nil }
            return length
        }
        return nil
    }

    /// Drops what cannot be a header: everything before the next one after so many bytes.
    private mutating func resume(after count: Int) {
        let word = Array("Content-Length:".utf8)
        let start = min(count, buffer.count)
        var place = start
        while place + word.count <= buffer.count {
            if buffer[place] == word[0], buffer[place..<(place + word.count)].elementsEqual(word) { break }
            place += 1
        }
        // The end may hold the beginning of the word.
        drop(place + word.count <= buffer.count ? place : max(start, buffer.count - word.count + 1))
    }
}
