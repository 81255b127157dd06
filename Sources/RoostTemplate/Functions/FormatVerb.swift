/// One `%…` of a format text.
struct FormatVerb {
    var letter: Unicode.Scalar = "v"
    var hasPlus = false
    var hasMinus = false
    var hasSpace = false
    var hasZero = false
    var hasSharp = false
    var width: Int?
    var precision: Int?
    /// Counted from 1; nil for the one after that of the verb before.
    var argument: Int?
    /// As it is written, and at which byte it begins.
    var text = ""
    var offset = 0

    /// The text filled up to the width.
    func padded(_ text: String, isNumber: Bool = false) -> String {
        guard let width, text.count < width else { return text }
        let count = width - text.count
        if hasMinus { return text + String(repeating: " ", count: count) }
        guard hasZero else { return String(repeating: " ", count: count) + text }
        // Zeros stand after the sign.
        let sign = isNumber ? text.prefix { $0 == "-" || $0 == "+" || $0 == " " } : ""
        return sign + String(repeating: "0", count: count) + text.dropFirst(sign.count)
    }

    func sign(_ isNegative: Bool) -> String { isNegative ? "-" : hasPlus ? "+" : hasSpace ? " " : "" }
}
