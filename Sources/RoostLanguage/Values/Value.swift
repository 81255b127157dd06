/// A value of the expression language.
///
/// Swift's `==` compares structure and letter case; what the language's `eq` means is ``equals(_:)``.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case version(VersionNumber)
    case dateTime(DateTime)
    case array([Value])
    case object(ObjectValue)

    public var kind: ValueKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .version: .version
        case .dateTime: .dateTime
        case .array: .array
        case .object: .object
        }
    }

    /// Arrays and objects, which have no text form.
    public var isCollection: Bool { kind == .array || kind == .object }
}

/// What a value is; the raw value is the name error messages use.
public enum ValueKind: String, Hashable, Sendable, Codable, CaseIterable {
    case null = "Null"
    case bool = "Boolean"
    case number = "Number"
    case string = "String"
    case version = "Version"
    case dateTime = "DateTime"
    case array = "Array"
    case object = "Object"
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: Value...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, Value)...) { self = .object(ObjectValue(elements)) }
}
