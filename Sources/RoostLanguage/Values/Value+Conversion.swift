/// A value that has no form of the kind asked for.
public struct ConversionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public let value: Value
    public let kind: ValueKind

    public init(_ value: Value, to kind: ValueKind) {
        self.value = value
        self.kind = kind
    }

    /// What to do about it.
    var advice: String {
        if value.isCollection {
            return "A list or mapping has no such form; use join(', ', value), length(value) or an index."
        }
        switch kind {
        case .number: return "Compare with a number such as 1.5, or write the number on the right side as a text."
        case .version: return "A version has two to four parts, such as 1.2.3."
        case .null, .bool, .string, .dateTime, .array, .object: return "Use a value that has this form."
        }
    }

    /// The words of the service, such as `Unable to convert from Array to String. Value: Array`.
    public var description: String {
        "Unable to convert from \(value.kind.rawValue) to \(kind.rawValue). Value: \(value.displayText)"
    }
}

extension Value {
    /// What conditions see: false, null, 0 and the empty text are false, every other value is true (the text `False` too).
    public var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .number(let value): value != 0
        case .string(let value): !value.isEmpty
        case .version, .dateTime, .array, .object: true
        }
    }

    /// The text form; nil for arrays and objects, empty for null.
    public var text: String? {
        switch self {
        case .null: ""
        case .bool(let value): value ? "True" : "False"
        case .number(let value): formatNumber(value)
        case .string(let value): value
        case .version(let value): value.description
        case .dateTime(let value): value.description
        case .array, .object: nil
        }
    }

    /// The number form; nil when there is none.
    public var number: Double? {
        switch self {
        case .null: 0
        case .bool(let value): value ? 1 : 0
        case .number(let value): value
        case .string(let value): value.isEmpty ? 0 : parseNumber(value)
        case .version, .dateTime, .array, .object: nil
        }
    }

    /// The version form; nil when there is none.
    public var version: VersionNumber? {
        switch self {
        case .version(let value): value
        case .string(let value): VersionNumber(value)
        case .number(let value): VersionNumber(formatNumber(value))
        case .null, .bool, .dateTime, .array, .object: nil
        }
    }

    /// The value in another kind; nil when it has no such form.
    public func converted(to kind: ValueKind) -> Value? {
        if self.kind == kind { return self }
        switch kind {
        case .null: return self == .string("") ? .null : nil
        case .bool: return .bool(isTrue)
        case .number: return number.map(Value.number)
        case .string: return text.map(Value.string)
        case .version: return version.map(Value.version)
        case .dateTime, .array, .object: return nil
        }
    }

    /// What the trace of an evaluation shows: texts quoted, versions with a `v`, collections by their kind.
    public var displayText: String {
        switch self {
        case .null: "Null"
        case .string(let value): "'\(value.replacingBytes(of: "'", with: "''"))'"
        case .version(let value): "v\(value)"
        case .array: "Array"
        case .object: "Object"
        case .bool, .number, .dateTime: text ?? ""
        }
    }
}
