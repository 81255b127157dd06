import RoostLanguage

/// The bytes of a file as text, and what makes them none.
struct HCLSourceBytes {
    let source: SourceText
    let problems: [Diagnostic]

    init(_ bytes: [UInt8], name: String) {
        source = SourceText(name: name, text: String(decoding: bytes, as: UTF8.self))
        if bytes.count > HCLParser.sizeLimit {
            problems = [
                Diagnostic.error(
                    "hcl.too-large",
                    "File too large",
                    detail: "\(name) has more than \(HCLParser.sizeLimit >> 20) MiB."
                )
            ]
        } else if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            problems = [
                .error(
                    "hcl.byte-order-mark",
                    "Unicode byte order mark",
                    at: source.span(0..<3),
                    advice: "Save the file as UTF-8 without byte order mark.",
                    detail: "The file begins with a byte order mark, which the language does not know."
                )
            ]
        } else if let bad = Self.firstInvalid(bytes) {
            problems = [
                .error(
                    "hcl.encoding",
                    "Invalid character encoding",
                    at: source.span(bad..<(bad + 1)),
                    advice: "Save the file as UTF-8.",
                    detail: "The bytes here are no UTF-8."
                )
            ]
        } else {
            problems = []
        }
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = UTF8()
        var input = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&input) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
