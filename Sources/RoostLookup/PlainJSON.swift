import FoundationEssentials

/// JSON of a shape that nobody promises.
enum PlainJSON: Decodable, Sendable {
    case null
    case truth(Bool)
    case number(Decimal)
    case text(String)
    case list([PlainJSON])
    case object([String: PlainJSON])

    init(from decoder: any Decoder) throws {
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

    /// What can stand for a text; nil for null, lists and objects.
    var text: String? {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .truth(let truth): truth ? "true" : "false"
        case .null, .list, .object: nil
        }
    }
}
