import FoundationEssentials

/// Texts by name, as a member of a message; clients may write numbers, booleans, lists and objects, which are taken as their JSON text.
@propertyWrapper
public struct LooseTexts: Codable, Sendable, Hashable {
    public var wrappedValue: [String: String]?

    public init(wrappedValue: [String: String]?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode([String: LooseText].self).mapValues(\.text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    /// A member that is missing is nil.
    public func decode(_ type: LooseTexts.Type, forKey key: Key) throws -> LooseTexts {
        try decodeIfPresent(type, forKey: key) ?? LooseTexts(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// A member that is nil is left out.
    public mutating func encode(_ value: LooseTexts, forKey key: Key) throws {
        if let texts = value.wrappedValue { try encode(texts, forKey: key) }
    }
}

/// One value as text.
private struct LooseText: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.singleValueContainer() {
            if container.decodeNil() {
                text = ""
                return
            }
            if let value = try? container.decode(String.self) {
                text = value
                return
            }
        }
        let value = try LooseValue(from: decoder)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        text = String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Any JSON.
private indirect enum LooseValue: Codable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([LooseValue])
    case object([String: LooseValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([LooseValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: LooseValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
