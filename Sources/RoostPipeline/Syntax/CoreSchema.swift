import RoostLanguage

/// What a plain scalar means where a typed value is wanted: the core schema of YAML 1.2.
enum CoreSchema {
    static func isNull(_ text: String) -> Bool {
        switch text {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    /// The boolean a plain scalar stands for in data.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// The boolean a scalar stands for in a field of the schema that wants one, where YAML 1.1 spellings count too.
    static func fieldBool(_ text: String) -> Bool? {
        switch foldedName(text) {
        case "true", "y", "yes", "on": true
        case "false", "n", "no", "off": false
        default: nil
        }
    }

    /// Decimal, hexadecimal and octal numbers; `.inf` and `.nan` stay text, since no expression can use them.
    static func number(_ text: String) -> Double? {
        guard let first = text.utf8.first, startsNumber(first) else { return nil }
        if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map(Double.init) }
        if text.hasPrefix("0o") { return UInt64(text.dropFirst(2), radix: 8).map(Double.init) }
        let isDecimal = text.utf8.allSatisfy { startsNumber($0) || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        guard isDecimal, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    private static func startsNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }
}

extension SyntaxScalar {
    /// The typed value: quoted and block scalars are always texts.
    var value: Value {
        guard style == .plain else { return .string(text) }
        if CoreSchema.isNull(text) { return .null }
        if let bool = CoreSchema.bool(text) { return .bool(bool) }
        if let number = CoreSchema.number(text) { return .number(number) }
        return .string(text)
    }
}

extension SyntaxNode {
    /// The value expressions see.
    var value: Value {
        switch self {
        case .scalar(let scalar): scalar.value
        case .sequence(let sequence): .array(sequence.items.map(\.value))
        case .mapping(let mapping): .object(ObjectValue(mapping.pairs.map { ($0.key.text, $0.value.value) }))
        case .unknown: .null
        }
    }

    /// The tree of a value that an expression made; all of it stands where the expression does.
    init(_ value: Value, place: SyntaxPlace) {
        switch value {
        case .array(let elements):
            self = .sequence(SyntaxSequence(elements.map { SyntaxNode($0, place: place) }, place: place))
        case .object(let object):
            let pairs = object.map { key, value in
                SyntaxPair(
                    SyntaxScalar(key, style: .singleQuoted, place: place, isEvaluated: true),
                    SyntaxNode(value, place: place)
                )
            }
            self = .mapping(SyntaxMapping(pairs, place: place))
        case .null, .bool, .number, .string, .version, .dateTime:
            self = .scalar(SyntaxScalar(value.text ?? "", style: value.plainStyle, place: place, isEvaluated: true))
        }
    }

    /// The tree with every scalar a text, as parameters of the old form see their values.
    var withTextScalars: SyntaxNode {
        switch self {
        case .scalar(var scalar):
            scalar.text = scalar.string
            if scalar.style == .plain { scalar.style = .singleQuoted }
            return .scalar(scalar)
        case .sequence(var sequence):
            sequence.items = sequence.items.map(\.withTextScalars)
            return .sequence(sequence)
        case .mapping(var mapping):
            mapping.pairs = mapping.pairs.map { SyntaxPair($0.key, $0.value.withTextScalars) }
            return .mapping(mapping)
        case .unknown: return self
        }
    }
}

extension Value {
    /// Plain for what is no text.
    fileprivate var plainStyle: ScalarStyle {
        switch self {
        case .null, .bool, .number: .plain
        case .string, .version, .dateTime, .array, .object: .singleQuoted
        }
    }
}
