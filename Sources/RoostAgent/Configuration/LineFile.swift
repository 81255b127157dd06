/// Files of `NAME=value` lines, such as `.env` and `.capabilities`.
enum LineFile {
    /// The pairs in order; empty lines, comments that begin with `#` and lines without `=` are passed over.
    static func parse(_ text: String) -> [(name: String, value: String)] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { return nil }
            let name = trimmed(line[..<equals])
            return name.isEmpty ? nil : (name, trimmed(line[line.index(after: equals)...]))
        }
    }

    /// The pairs of a file; none when it cannot be read.
    static func read(_ path: String) -> [(name: String, value: String)] { SmallFile.read(path).map(parse) ?? [] }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
