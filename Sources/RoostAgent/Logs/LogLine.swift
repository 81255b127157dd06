/// A line of a log as a person reads it.
public struct LogLine: Hashable, Sendable {
    /// What the line is by the mark at its begin.
    public enum Kind: Hashable, Sendable {
        case plain
        /// `##[section]`, the begin or end of a step.
        case section
        /// `##[group]`, the begin of lines that can be folded away.
        case group
        /// `##[endgroup]`.
        case endGroup
        case warning, error, debug
        /// `##[command]`, a program with its arguments.
        case command
    }

    public var kind: Kind
    /// Without timestamp and mark; secrets are hidden already.
    public var text: String

    /// Reads a line without timestamp.
    public init(_ line: String) {
        for (mark, kind) in Self.marks where line.hasPrefix(mark) {
            self.kind = kind
            text = String(line.dropFirst(mark.count))
            return
        }
        kind = .plain
        text = line
    }

    private static let marks: [(String, Kind)] = [
        ("##[section]", .section), ("##[group]", .group), ("##[endgroup]", .endGroup), ("##[warning]", .warning),
        ("##[error]", .error), ("##[debug]", .debug), ("##[command]", .command),
    ]
}
