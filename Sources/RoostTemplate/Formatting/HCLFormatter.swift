/// Lays out the native syntax: indentation by two blanks, one blank between words, equals signs and comments in columns.
///
/// Only blanks change. The layout is that of `packer fmt` and `terraform fmt`, byte by byte; laying out twice changes nothing.
public enum HCLFormatter {
    /// The text laid out; text that cannot be scanned is laid out as far as it goes.
    public static func format(_ bytes: [UInt8]) -> [UInt8] {
        var (lines, blanks) = HCLLayoutLine.lines(of: bytes)
        indent(&lines)
        for place in lines.indices { lines[place].space() }
        align(&lines, cell: \.assignment) { $0.lead.width }
        align(&lines, cell: \.comment) { $0.lead.width + $0.assignment.width }
        return lines.reduce(into: []) { $0 += $1.bytes(of: bytes) } + [UInt8](repeating: 0x20, count: blanks)
    }

    // MARK: Indentation

    /// A line that opens more brackets than it closes indents those after it by one level, however many they are.
    private static func indent(_ lines: inout [HCLLayoutLine]) {
        var levels: [Int] = []
        for place in lines.indices {
            guard let first = lines[place].lead.first else { continue }
            if first.kind == .newline {
                lines[place].lead[0].blanks = 0
                continue
            }
            let nesting = lines[place].nesting
            if nesting < 0 { close(-nesting, &levels) }
            lines[place].lead[0].blanks = 2 * levels.count
            if nesting > 0 { levels.append(nesting) }
        }
    }

    private static func close(_ count: Int, _ levels: inout [Int]) {
        var rest = count
        while rest > 0, let last = levels.popLast() {
            if rest < last { levels.append(last - rest) }
            rest -= min(rest, last)
        }
    }

    // MARK: Columns

    /// Cells of lines that follow each other begin in one column.
    private static func align(
        _ lines: inout [HCLLayoutLine],
        cell: WritableKeyPath<HCLLayoutLine, [HCLLayoutToken]>,
        width: (HCLLayoutLine) -> Int
    ) {
        var place = 0
        while place < lines.count {
            guard !lines[place][keyPath: cell].isEmpty else {
                place += 1
                continue
            }
            let end = lines[place...].firstIndex { $0[keyPath: cell].isEmpty } ?? lines.count
            let widest = lines[place..<end].reduce(0) { max($0, width($1)) }
            for line in place..<end { lines[line][keyPath: cell][0].blanks = widest - width(lines[line]) + 1 }
            place = end
        }
    }
}
