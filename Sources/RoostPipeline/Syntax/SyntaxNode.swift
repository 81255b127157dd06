public import RoostLanguage

/// A node of a file's tree, or of what templates make of it.
///
/// Mappings are ordered pairs, because a file may hold several keys of the same text such as `${{ else }}` until it is expanded.
public enum SyntaxNode: Sendable {
    case scalar(SyntaxScalar)
    case sequence(SyntaxSequence)
    case mapping(SyntaxMapping)
    /// What could not be evaluated. The reason is reported already, so nobody complains about it again.
    case unknown(SyntaxPlace)

    public var place: SyntaxPlace {
        switch self {
        case .scalar(let scalar): scalar.place
        case .sequence(let sequence): sequence.place
        case .mapping(let mapping): mapping.place
        case .unknown(let place): place
        }
    }

    /// Nothing written, `~` or `null`.
    public var isNull: Bool {
        if case .scalar(let scalar) = self { scalar.isNull } else { false }
    }

    /// The collection with a place of its own: where it is used, not where it was written; what is in it keeps its places.
    func standing(at place: SyntaxPlace) -> SyntaxNode {
        switch self {
        case .sequence(let sequence):
            return .sequence(SyntaxSequence(sequence.items, place: place, isPartial: sequence.isPartial))
        case .mapping(let mapping):
            return .mapping(SyntaxMapping(mapping.pairs, place: place, isPartial: mapping.isPartial))
        case .scalar, .unknown: return self
        }
    }

    var scalar: SyntaxScalar? { if case .scalar(let scalar) = self { scalar } else { nil } }
    var sequence: SyntaxSequence? { if case .sequence(let sequence) = self { sequence } else { nil } }
    var mapping: SyntaxMapping? { if case .mapping(let mapping) = self { mapping } else { nil } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

/// How a scalar was written; only plain ones can be numbers, booleans or null.
public enum ScalarStyle: Hashable, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
}

/// A text, with the spelling of the source.
public struct SyntaxScalar: Sendable {
    public var text: String
    public var style: ScalarStyle
    public var place: SyntaxPlace
    /// The text is the result of an expression: it differs from the source, and `${{` in it is no expression.
    public var isEvaluated: Bool

    public init(_ text: String, style: ScalarStyle = .plain, place: SyntaxPlace, isEvaluated: Bool = false) {
        self.text = text
        self.style = style
        self.place = place
        self.isEvaluated = isEvaluated
    }

    /// Nothing written, `~` or `null`.
    public var isNull: Bool { style == .plain && CoreSchema.isNull(text) }

    /// The text, empty for null.
    public var string: String { isNull ? "" : text }

    /// Where each byte of the text stands in the file.
    public var map: SourceMap {
        isEvaluated ? SourceMap(fixed: place.span) : ScalarMap.make(of: self)
    }

    /// Whether an expression may stand in it.
    var mayHoldExpression: Bool { !isEvaluated && text.holdsExpressionMark }
}

/// A list.
public struct SyntaxSequence: Sendable {
    public var items: [SyntaxNode]
    public var place: SyntaxPlace
    /// Some items could not be evaluated and are missing.
    public var isPartial: Bool

    public init(_ items: [SyntaxNode], place: SyntaxPlace, isPartial: Bool = false) {
        self.items = items
        self.place = place
        self.isPartial = isPartial
    }
}

/// A key and its value.
public struct SyntaxPair: Sendable {
    public var key: SyntaxScalar
    public var value: SyntaxNode

    public init(_ key: SyntaxScalar, _ value: SyntaxNode) {
        self.key = key
        self.value = value
    }
}

/// Pairs in the order of the file.
public struct SyntaxMapping: Sendable {
    public var pairs: [SyntaxPair]
    public var place: SyntaxPlace
    /// Some pairs could not be evaluated and are missing.
    public var isPartial: Bool

    public init(_ pairs: [SyntaxPair], place: SyntaxPlace, isPartial: Bool = false) {
        self.pairs = pairs
        self.place = place
        self.isPartial = isPartial
    }

    /// The first pair with exactly this key.
    func pair(_ key: String) -> SyntaxPair? { pairs.first { $0.key.text == key } }

    /// The value of the first pair with exactly this key.
    subscript(key: String) -> SyntaxNode? { pair(key)?.value }

    /// The value of the first pair with this key in any letter case.
    func value(ignoringCase key: String) -> SyntaxNode? {
        pairs.first { equalIgnoringCase($0.key.text, key) }?.value
    }
}

extension String {
    /// Whether `${{` occurs, the cheap test before anything is parsed.
    var holdsExpressionMark: Bool {
        var text = self
        return text.withUTF8 { bytes in
            guard bytes.count >= 3 else { return false }
            var place = 0
            while place <= bytes.count - 3 {
                guard bytes[place] == UInt8(ascii: "$") else {
                    place += 1
                    continue
                }
                if bytes[place + 1] == UInt8(ascii: "{"), bytes[place + 2] == UInt8(ascii: "{") { return true }
                place += 1
            }
            return false
        }
    }
}
