import CRoostLinux
import Glibc

/// Finds line ends: LF and CR.
enum LineEnds {
    /// The place behind the first line end.
    static func first(in text: UnsafeRawBufferPointer) -> Int? {
        guard let base = text.baseAddress else { return nil }
        let feed = memchr(base, 10, text.count).map { UnsafeRawPointer($0) - base } ?? text.count
        let end = memchr(base, 13, feed).map { UnsafeRawPointer($0) - base } ?? feed
        return end < text.count ? end + 1 : nil
    }

    /// The place behind the last line end; 0 when there is none.
    static func last(in text: UnsafeRawBufferPointer) -> Int {
        (text.lastIndex { $0 == 10 || $0 == 13 } ?? -1) + 1
    }

    /// The line around a place of whole lines: its begin, and the place of the byte that ends it.
    static func line(around place: Int, in text: UnsafeRawBufferPointer, from start: Int) -> Range<Int> {
        let begin = (text[start..<place].lastIndex { $0 == 10 || $0 == 13 } ?? start - 1) + 1
        let end = text[place...].firstIndex { $0 == 10 || $0 == 13 } ?? text.count - 1
        return begin..<end
    }

    /// The last place where a text that is not empty can be cut without cutting a character.
    static func characterBoundary(_ text: UnsafeRawBufferPointer) -> Int {
        var place = text.count
        // At most three bytes follow the first of a character.
        for _ in 0..<4 where place > 0 {
            let byte = text[place - 1]
            if byte < 0x80 { return place }
            place -= 1
            if byte >= 0xC0 {
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                return place + length == text.count ? text.count : place
            }
        }
        return text.count
    }
}

/// Finds a short text in a long one.
enum ByteSearch {
    /// The place of the first occurrence at or behind a place.
    static func find(_ text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        let found = roost_find(base + start, bytes.count - start, text.utf8Start, text.utf8CodeUnitCount)
        return found.map { $0 - base }
    }
}
