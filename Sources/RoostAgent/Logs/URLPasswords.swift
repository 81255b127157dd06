/// Hides passwords that stand in addresses, as in `https://user:password@host/`.
enum URLPasswords {
    /// An authority longer than this is none.
    private static let longestAuthority = 4096

    /// Passes a text on, piece by piece, with passwords replaced.
    static func hide(in text: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        var place = 0
        while let slashes = ByteSearch.find("://", in: text, from: place) {
            place = slashes + 3
            guard let password = password(in: text, from: place) else { continue }
            emit(UnsafeRawBufferPointer(rebasing: text[start..<password.lowerBound]))
            replacement.withUnsafeBytes(emit)
            start = password.upperBound
            place = start
        }
        if start < text.count { emit(UnsafeRawBufferPointer(rebasing: text[start...])) }
    }

    private static let replacement = Array(SecretMasker.replacement.utf8)

    /// Where the password of an authority stands: behind its first `:` and before its last `@`.
    private static func password(in text: UnsafeRawBufferPointer, from begin: Int) -> Range<Int>? {
        var colon: Int?
        var at: Int?
        for place in begin..<min(text.count, begin + longestAuthority) {
            switch text[place] {
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), 0...32:
                return range(colon, at)
            case UInt8(ascii: ":") where colon == nil: colon = place
            case UInt8(ascii: "@"): at = place
            default: break
            }
        }
        return range(colon, at)
    }

    private static func range(_ colon: Int?, _ at: Int?) -> Range<Int>? {
        guard let colon, let at, colon + 1 < at else { return nil }
        return (colon + 1)..<at
    }
}
