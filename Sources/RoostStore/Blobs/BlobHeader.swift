/// The first bytes of a blob's file: how many of the bytes after it count.
///
///     roost-blob 1 growing  00000000000000001234 ␠…␠ ⏎
///
/// Always 64 bytes of ASCII, so that `head -c 64` shows it and `tail -c +65` is the content. It is written after the bytes it counts.
/// It lies within one page of the file, and the kernel puts a write into one page whole or not at all when the process is
/// killed. So whatever stands beyond the count is an append that never returned, and is not there.
struct BlobHeader: Hashable, Sendable {
    var length: Int
    var finished: Bool

    static let size = 64
    private static let magic = Array("roost-blob 1 ".utf8)
    private static let growingWord = Array("growing  ".utf8)
    private static let finishedWord = Array("finished ".utf8)
    private static let digits = 20

    var bytes: [UInt8] {
        var bytes = Self.magic + (finished ? Self.finishedWord : Self.growingWord)
        let number = String(length).utf8
        bytes += [UInt8](repeating: UInt8(ascii: "0"), count: Self.digits - number.count)
        bytes += number
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: Self.size - 1 - bytes.count)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    init(length: Int = 0, finished: Bool = false) {
        self.length = length
        self.finished = finished
    }

    /// Nil when the bytes are no header.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes.starts(with: Self.magic) else { return nil }
        let word = bytes.dropFirst(Self.magic.count).prefix(Self.finishedWord.count)
        switch Array(word) {
        case Self.growingWord: finished = false
        case Self.finishedWord: finished = true
        default: return nil
        }
        let number = bytes.dropFirst(Self.magic.count + word.count).prefix(Self.digits)
        guard let length = Int(String(decoding: number, as: UTF8.self)), length >= 0 else { return nil }
        self.length = length
    }
}
