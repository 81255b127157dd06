public import FoundationEssentials

/// JSON of a shape that nobody promises.
public enum PlainJSON: Codable, Hashable, Sendable {
    case null
    case truth(Bool)
    case number(Decimal)
    case text(String)
    case list([PlainJSON])
    case object([String: PlainJSON])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Decimal.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([PlainJSON].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: PlainJSON].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let truth): try container.encode(truth)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }

    /// What can stand for a text; nil for null, lists and objects.
    public var text: String? {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .truth(let truth): truth ? "true" : "false"
        case .null, .list, .object: nil
        }
    }
}
