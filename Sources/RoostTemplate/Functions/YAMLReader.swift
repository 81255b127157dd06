import Yams

/// Reads one document of YAML as a value.
enum YAMLReader {
    private static let depthLimit = 100
    private static let sizeLimit = 100_000

    static func value(of text: String) throws -> HCLValue {
        var count = 0
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw HCLFunctionFault("on line 1, column 1: missing start of document")
            }
            return try value(of: node, depth: 0, &count)
        } catch let fault as HCLFunctionFault {
            throw fault
        } catch {
            throw HCLFunctionFault("\(error)".replacing("\n", with: " "), argument: 0)
        }
    }

    private static func value(of node: Node, depth: Int, _ count: inout Int) throws -> HCLValue {
        count += 1
        // Aliases make a small text large.
        guard depth < depthLimit, count < sizeLimit else {
            throw HCLFunctionFault("the document is too large", argument: 0)
        }
        switch node {
        case .scalar(let scalar): return try self.scalar(scalar, node)
        case .sequence(let sequence):
            var elements: [HCLValue] = []
            for element in sequence { elements.append(try value(of: element, depth: depth + 1, &count)) }
            return .tuple(elements)
        case .mapping(let mapping):
            var attributes: [String: HCLValue] = [:]
            for (key, element) in mapping {
                guard let name = key.scalar?.string, key.tag.rawValue != "tag:yaml.org,2002:null" else {
                    throw HCLFunctionFault("keys of maps must be texts", argument: 0)
                }
                attributes[normalForm(name)] = try value(of: element, depth: depth + 1, &count)
            }
            return .object(attributes)
        case .alias: throw HCLFunctionFault("the document has an alias of nothing", argument: 0)
        }
    }

    private static func scalar(_ scalar: Node.Scalar, _ node: Node) throws -> HCLValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        let text = scalar.string
        switch node.tag.rawValue {
        case "tag:yaml.org,2002:null": return .null()
        case "tag:yaml.org,2002:bool":
            return ["true", "True", "TRUE"].contains(text)
                ? .bool(true) : ["false", "False", "FALSE"].contains(text) ? .bool(false) : .string(text)
        case "tag:yaml.org,2002:timestamp": return .string(Timestamp("\(text)T00:00:00Z")?.description ?? text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float":
            guard let number = number(text) else { throw HCLFunctionFault("\(text) is no number here", argument: 0) }
            return number
        default: return .string(text)
        }
    }

    private static func number(_ text: String) -> HCLValue? {
        let plain = text.replacing("_", with: "")
        let isNegative = plain.hasPrefix("-")
        let digits = isNegative || plain.hasPrefix("+") ? plain.dropFirst() : plain[...]
        for (prefix, base) in [("0x", UInt32(16)), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            return Natural(digits: digits.dropFirst(2).utf8, base: base).map {
                .number(HCLNumber(whole: $0, negative: isNegative))
            }
        }
        return HCLNumber(plain).map { .number($0) }
    }
}
