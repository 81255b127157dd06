/// A place between two characters, as the protocol counts: from 0, in units of the encoding that was agreed on.
public struct Position: Hashable, Sendable, Codable, Comparable {
    public var line: Int
    public var character: Int

    public init(line: Int, character: Int) {
        self.line = line
        self.character = character
    }

    public static func < (left: Position, right: Position) -> Bool {
        (left.line, left.character) < (right.line, right.character)
    }

    init?(_ json: JSONValue?) {
        guard let line = json?["line"]?.int, let character = json?["character"]?.int, line >= 0, character >= 0 else {
            return nil
        }
        self.init(line: line, character: character)
    }

    var json: JSONValue { ["line": .number(Double(line)), "character": .number(Double(character))] }
}

/// From a place up to another.
public struct TextRange: Hashable, Sendable, Codable {
    public var start: Position
    public var end: Position

    public init(start: Position, end: Position) {
        self.start = start
        self.end = end
    }

    init?(_ json: JSONValue?) {
        guard let start = Position(json?["start"]), let end = Position(json?["end"]) else { return nil }
        self.init(start: start, end: end)
    }

    var json: JSONValue { ["start": start.json, "end": end.json] }

    /// Whether the two have a place in common.
    func touches(_ other: TextRange) -> Bool { start <= other.end && other.start <= end }
}

/// A part of a file.
public struct Location: Hashable, Sendable {
    public var uri: String
    public var range: TextRange

    var json: JSONValue { ["uri": .string(uri), "range": range.json] }
}

/// What the characters of a position count.
public enum PositionEncoding: String, Hashable, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
}
