// Searching by bytes rather than by characters: to Swift `\r\n` is one character, so that a search for `\n` by characters misses it, and a
// secret followed by a combining mark would not be found.

extension String {
    /// Offsets of the first bytes of all occurrences, none overlapping another.
    func byteOffsets(of part: String) -> [Int] {
        var text = self
        var part = part
        return text.withUTF8 { text in part.withUTF8 { part in text.offsets(of: part) } }
    }

    /// The text with all occurrences of a part replaced; letter case counts.
    func replacingBytes(of part: String, with new: String) -> String {
        let offsets = byteOffsets(of: part)
        guard !offsets.isEmpty else { return self }
        let bytes = Array(utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var end = 0
        for offset in offsets {
            result += bytes[end..<offset]
            result += new.utf8
            end = offset + part.utf8.count
        }
        result += bytes[end...]
        return String(decoding: result, as: UTF8.self)
    }

    /// The texts between all occurrences of a separator.
    func splitBytes(by separator: String) -> [String] {
        let bytes = Array(utf8)
        var parts: [String] = []
        var end = 0
        for offset in byteOffsets(of: separator) {
            parts.append(String(decoding: bytes[end..<offset], as: UTF8.self))
            end = offset + separator.utf8.count
        }
        parts.append(String(decoding: bytes[end...], as: UTF8.self))
        return parts
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func offsets(of part: UnsafeBufferPointer<UInt8>) -> [Int] {
        guard let first = part.first else { return [] }
        var found: [Int] = []
        var start = 0
        while start + part.count <= count, let offset = self[start...].firstIndex(of: first),
            offset + part.count <= count
        {
            let isMatch = part.indices.allSatisfy { self[offset + $0] == part[$0] }
            if isMatch { found.append(offset) }
            start = offset + (isMatch ? part.count : 1)
        }
        return found
    }
}
