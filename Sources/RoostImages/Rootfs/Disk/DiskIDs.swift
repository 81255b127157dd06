/// Numbers of the parts of a disk, which follow from what is on it: the same content has the same numbers.
struct DiskIDs: Sendable, Hashable {
    /// A digest of the content.
    let content: String

    /// The number of a part, in the form of a UUID of version 8, RFC 9562.
    subscript(part: String) -> String {
        var digits = Array(LayerKey.digest([content, part]).prefix(32))
        digits[12] = "8"
        digits[16] = "a"
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
