/// Finds the version in what a program says of itself.
public enum VersionText {
    /// The first dotted number of a text, such as `2.39.5` of `git version 2.39.5`; nil when there is none.
    ///
    /// A number counts when it begins a word, after an optional `v`, `go` or quotation mark. What follows the numbers (`p20`, `+dfsg1`, `-rc1`) is cut.
    public static func find(in text: String) -> String? {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            guard isDigit(bytes[index]), beginsVersion(bytes, index) else {
                index += 1
                continue
            }
            let end = numberEnd(bytes, index)
            let found = String(decoding: bytes[index..<end], as: UTF8.self)
            if found.contains(".") { return found }
            index = end
        }
        return nil
    }

    /// The end of `digits { "." digits }`.
    private static func numberEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var end = start
        while end < bytes.count {
            if isDigit(bytes[end]) {
                end += 1
            } else if bytes[end] == UInt8(ascii: "."), end + 1 < bytes.count, isDigit(bytes[end + 1]) {
                end += 1
            } else {
                break
            }
        }
        return end
    }

    private static func beginsVersion(_ bytes: [UInt8], _ index: Int) -> Bool {
        var before = index - 1
        if before >= 0, bytes[before] == UInt8(ascii: "v") || bytes[before] == UInt8(ascii: "V") { before -= 1 }
        if before >= 1, bytes[before] == UInt8(ascii: "o"), bytes[before - 1] == UInt8(ascii: "g") { before -= 2 }
        guard before >= 0 else { return true }
        let byte = bytes[before]
        return !isDigit(byte) && !(65...90).contains(byte) && !(97...122).contains(byte) && byte != UInt8(ascii: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
