/// Finds `<word>` in texts.
///
/// A word begins with a letter and goes on with letters, digits, `_`, `-`, `.` and, outside of commands, blanks. It is none when another
/// `<` stands before it (`<<EOF`), and `</word>`, `a < b` and `<EOF` without an end never are.
struct PlaceholderScanner {
    struct Match: Hashable {
        var name: String
        /// Of the whole placeholder, in bytes of the text.
        var bytes: Range<Int>
    }

    /// The placeholders in a text; words may be allowed to hold blanks, as in `<subscription id>`.
    static func matches(in text: String, allowsBlanks: Bool) -> [Match] {
        let bytes = Array(text.utf8)
        var (matches, place): ([Match], Int) = ([], 0)
        while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = start + 1
            let isDoubled = start > 0 && bytes[start - 1] == UInt8(ascii: "<")
            guard !isDoubled, let end = end(of: bytes, from: place, allowsBlanks) else { continue }
            matches.append(Match(name: String(decoding: bytes[place..<end], as: UTF8.self), bytes: start..<(end + 1)))
            place = end + 1
        }
        return matches
    }

    /// Where the closing mark of a word stands.
    private static func end(of bytes: [UInt8], from start: Int, _ allowsBlanks: Bool) -> Int? {
        guard start < bytes.count, isLetter(bytes[start]) else { return nil }
        var place = start
        while place < bytes.count, place - start <= 128 {
            let byte = bytes[place]
            if byte == UInt8(ascii: ">") { return bytes[place - 1] == 0x20 ? nil : place }
            guard isLetter(byte) || isOther(byte) || (allowsBlanks && byte == 0x20) else { return nil }
            place += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    private static func isOther(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || "_-.".utf8.contains(byte) }

    /// The text with other texts in the places of placeholders; those that get none stay.
    static func filled(_ text: String, allowsBlanks: Bool, _ value: (Match) -> String?) -> String {
        let bytes = Array(text.utf8)
        var (result, place): ([UInt8], Int) = ([], 0)
        for match in matches(in: text, allowsBlanks: allowsBlanks) {
            guard let value = value(match) else { continue }
            result += bytes[place..<match.bytes.lowerBound]
            result += Array(value.utf8)
            place = match.bytes.upperBound
        }
        return String(decoding: result + bytes[place...], as: UTF8.self)
    }
}
