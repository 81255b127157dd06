/// Columns for a person: as wide as their text, the last one free.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) { self.headings = headings }

    mutating func add(_ cells: String...) { rows.append(cells) }

    /// Lines without a trailing blank; colour codes do not count as width.
    func render(_ terminal: Terminal) -> String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
        let lines = all.enumerated().map { index, cells in
            let padded = cells.enumerated().map { column, cell in Self.padded(cell, to: widths[column]) }
            let line = Self.trimmed(padded.joined(separator: "  "))
            return index == 0 ? terminal.styled(line, .dim) : line
        }
        return lines.joined(separator: "\n")
    }

    static func padded(_ cell: String, to width: Int) -> String {
        cell + String(repeating: " ", count: max(0, width - Self.width(cell)))
    }

    private static func trimmed(_ line: String) -> String {
        var line = Substring(line)
        while line.last == " " { line = line.dropLast() }
        return String(line)
    }

    static func width(_ text: String) -> Int {
        text.replacing(/\u{1b}\[[0-9;]*m/, with: "").count
    }
}

/// Names and values below each other, for one thing.
struct Facts {
    private var rows: [(name: String, value: String)] = []

    /// Adds a fact; one that is unknown or empty is left out.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        rows.append((name, value))
    }

    func render(_ terminal: Terminal) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { "\(terminal.styled(Table.padded($0.name, to: width), .dim))  \($0.value)" }
            .joined(separator: "\n")
    }
}
