/// A place between two characters of a file.
public struct SourcePosition: Hashable, Sendable, Codable, Comparable {
    /// Begins at 1.
    public var line: Int
    /// Begins at 1; counts characters.
    public var column: Int
    /// Begins at 0; counts UTF-8 bytes.
    public var offset: Int

    public init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// The first place of a file.
    public static let start = SourcePosition(line: 1, column: 1, offset: 0)

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A part of a file, from a place up to but not including another.
public struct SourceSpan: Hashable, Sendable, Codable {
    /// Name of the ``SourceText``.
    public var file: String
    public var start: SourcePosition
    public var end: SourcePosition

    public init(file: String, start: SourcePosition, end: SourcePosition) {
        self.file = file
        self.start = start
        self.end = end
    }

    /// The smallest span that holds both, which must be of one file.
    public func union(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
    }
}

extension SourceSpan: CustomStringConvertible {
    /// `file:line:column` of the start.
    public var description: String { "\(file):\(start.line):\(start.column)" }
}
