extension HCLValue {
    /// The value as JSON in one line; keys are in order, and what is not known is null.
    ///
    /// Signs that mean something to HTML are written as escapes, so that it can stand anywhere.
    public var json: String {
        switch content {
        case .unknown, .null: "null"
        case .string(let text): jsonText(text)
        case .number(let number): number.description
        case .bool(let value): value ? "true" : "false"
        case .elements(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .attributes(let attributes):
            "{"
                + attributes.sorted { $0.key < $1.key }.map { "\(jsonText($0.key)):\($0.value.json)" }.joined(
                    separator: ","
                ) + "}"
        }
    }

    /// The value with its type beside it, so that nothing of it is lost.
    public var typedJSON: String { "{\"value\":\(json),\"type\":\(type.json)}" }

    /// The value without attributes that are null.
    public var withoutNulls: HCLValue {
        switch content {
        case .attributes(let attributes):
            let kept = attributes.filter { !$0.value.isNull }.mapValues(\.withoutNulls)
            return HCLValue(type, .attributes(kept), sensitive: isSensitive)
        case .elements(let elements):
            return HCLValue(type, .elements(elements.map(\.withoutNulls)), sensitive: isSensitive)
        default: return self
        }
    }
}

extension HCLType {
    /// The type as JSON: a name, or a list of a name and what belongs to it.
    public var json: String {
        switch self {
        case .dynamic, .string, .number, .bool: "\"\(name)\""
        case .list(let element): "[\"list\",\(element.json)]"
        case .set(let element): "[\"set\",\(element.json)]"
        case .map(let element): "[\"map\",\(element.json)]"
        case .tuple(let elements): "[\"tuple\",[\(elements.map(\.json).joined(separator: ","))]]"
        case .object(let attributes, _):
            "[\"object\",{\(attributes.sorted { $0.key < $1.key }.map { "\(jsonText($0.key)):\($0.value.json)" }.joined(separator: ","))}]"
        }
    }
}

/// A text as JSON, with escapes for what HTML would take for its own.
func jsonText(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
