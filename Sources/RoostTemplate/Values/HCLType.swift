/// What kind of value a place holds.
public indirect enum HCLType: Hashable, Sendable {
    /// Any kind; the type of what is not known yet.
    case dynamic
    case string, number, bool
    case list(HCLType)
    /// Without order and without repeats.
    case set(HCLType)
    /// Text keys; all values of one type.
    case map(HCLType)
    /// Text keys, each with a type of its own; those in `optional` may be missing when a value is converted to it.
    case object([String: HCLType], optional: Set<String>)
    /// A fixed number of values, each with a type of its own.
    case tuple([HCLType])

    public static func object(_ attributes: [String: HCLType]) -> HCLType { .object(attributes, optional: []) }

    public var isPrimitive: Bool { self == .string || self == .number || self == .bool }

    /// Whether nothing in it is ``dynamic``.
    public var isWhollyKnown: Bool {
        switch self {
        case .dynamic: false
        case .string, .number, .bool: true
        case .list(let element), .set(let element), .map(let element): element.isWhollyKnown
        case .object(let attributes, _): attributes.values.allSatisfy(\.isWhollyKnown)
        case .tuple(let elements): elements.allSatisfy(\.isWhollyKnown)
        }
    }

    /// Without the marks that attributes may be missing.
    var withoutOptional: HCLType {
        switch self {
        case .dynamic, .string, .number, .bool: self
        case .list(let element): .list(element.withoutOptional)
        case .set(let element): .set(element.withoutOptional)
        case .map(let element): .map(element.withoutOptional)
        case .object(let attributes, _): .object(attributes.mapValues(\.withoutOptional))
        case .tuple(let elements): .tuple(elements.map(\.withoutOptional))
        }
    }

    /// As a sentence names it, such as `list of string`.
    public var name: String {
        switch self {
        case .dynamic: "dynamic"
        case .string: "string"
        case .number: "number"
        case .bool: "bool"
        case .list(let element): "list of \(element.pluralName)"
        case .set(let element): "set of \(element.pluralName)"
        case .map(let element): "map of \(element.pluralName)"
        case .object: "object"
        case .tuple: "tuple"
        }
    }

    private var pluralName: String { self == .dynamic ? "any single type" : name }
}

extension HCLType: CustomStringConvertible {
    /// As a type expression writes it, such as `map(list(string))`.
    public var description: String {
        switch self {
        case .dynamic: return "any"
        case .string, .number, .bool: return name
        case .list(let element): return "list(\(element))"
        case .set(let element): return "set(\(element))"
        case .map(let element): return "map(\(element))"
        case .tuple(let elements): return "tuple([\(elements.map(\.description).joined(separator: ", "))])"
        case .object(let attributes, let optional):
            let parts = attributes.sorted { $0.key < $1.key }.map { name, type in
                let text = optional.contains(name) ? "optional(\(type))" : type.description
                return "\(isIdentifier(name) ? name : quoted(name)) = \(text)"
            }
            return parts.isEmpty ? "object({})" : "object({\n  \(parts.joined(separator: "\n  "))\n})"
        }
    }
}
