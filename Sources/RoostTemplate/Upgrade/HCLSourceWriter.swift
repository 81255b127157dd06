/// Writes files of HCL2 line by line; the formatter lays them out afterwards.
struct HCLSourceWriter {
    private(set) var text = ""

    mutating func line(_ line: String = "") { text += line + "\n" }

    /// Comments, one line each.
    mutating func comment(_ comment: String) {
        for part in comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            line(part.isEmpty ? "#" : "# \(part)")
        }
    }

    mutating func argument(_ name: String, _ source: String) { line("\(name) = \(source)") }

    mutating func block(_ type: String, _ labels: [String] = [], _ body: (inout HCLSourceWriter) -> Void) {
        line(([type] + labels.map { [HCLPiece].quoted($0) } + ["{"]).joined(separator: " "))
        body(&self)
        line("}")
    }
}
