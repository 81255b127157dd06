import Glibc

/// Makes log lines of text that comes in pieces: a timestamp in front, one line feed behind, valid UTF-8 between.
///
/// Lines end with LF, CR LF or CR alone, as progress bars write it.
struct LineFramer {
    /// Lines begun so far; the number of the line that is being written, counted from 1.
    private(set) var lineCount = 0
    /// The next byte begins a line.
    private(set) var isAtLineStart = true
    /// The last line ended with a carriage return; a line feed that follows belongs to it.
    private var skipsLineFeed = false

    /// Adds text to the log.
    ///
    /// - Parameters:
    ///   - text: the next piece; not cut inside a character.
    ///   - stamp: what to put in front of lines that begin in it.
    ///   - log: what is written so far.
    mutating func append(_ text: UnsafeRawBufferPointer, stamp: [UInt8], to log: inout [UInt8]) {
        if Self.isASCII(text) {
            frame(text, stamp, &log)
        } else {
            var valid = String(decoding: text, as: UTF8.self)
            valid.withUTF8 { frame(UnsafeRawBufferPointer($0), stamp, &log) }
        }
    }

    /// Ends a line that has been begun.
    mutating func endLine(_ log: inout [UInt8]) {
        guard !isAtLineStart else { return }
        log.append(UInt8(ascii: "\n"))
        isAtLineStart = true
    }

    /// A line that is not shown ended with a carriage return.
    mutating func skipLineFeed() { skipsLineFeed = true }

    private mutating func frame(_ text: UnsafeRawBufferPointer, _ stamp: [UInt8], _ log: inout [UInt8]) {
        guard let base = text.baseAddress else { return }
        let hasReturns = memchr(base, 13, text.count) != nil
        var place = 0
        while place < text.count {
            if skipsLineFeed {
                skipsLineFeed = false
                if text[place] == 10 {
                    place += 1
                    continue
                }
            }
            if isAtLineStart {
                log.append(contentsOf: stamp)
                isAtLineStart = false
                lineCount += 1
            }
            let end = Self.lineEnd(base, from: place, text.count, hasReturns: hasReturns)
            log.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[place..<end]))
            guard end < text.count else { return }
            log.append(10)
            isAtLineStart = true
            skipsLineFeed = text[end] == 13
            place = end + 1
        }
    }

    /// The place of the next line feed or carriage return; the size when there is none.
    private static func lineEnd(_ base: UnsafeRawPointer, from place: Int, _ size: Int, hasReturns: Bool) -> Int {
        let feed = memchr(base + place, 10, size - place).map { UnsafeRawPointer($0) - base } ?? size
        guard hasReturns else { return feed }
        return memchr(base + place, 13, feed - place).map { UnsafeRawPointer($0) - base } ?? feed
    }

    private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        var bits: UInt64 = 0
        while place + 8 <= text.count {
            bits |= text.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            place += 8
        }
        while place < text.count {
            bits |= UInt64(text[place])
            place += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}
