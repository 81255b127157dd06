public import RoostLanguage

/// A place in JSON, written as JSONPath: `action`, `resource.repository.name`, `$.commits[0]['id']`, `labels[*].name`.
///
/// `path = [ "$" ], step, { step }`; `step = [ "." ] name | "[" number "]" | "['" text "']" | "[*]" | ".*"`.
public struct PayloadPath: Hashable, Sendable, Codable {
    public enum Step: Hashable, Sendable, Codable {
        case member(String)
        case element(Int)
        /// Every element or member.
        case all
    }

    /// As it was written.
    public let text: String
    public let steps: [Step]

    /// - Returns: nil for what is no path.
    public init?(_ text: String) {
        var rest = text[...]
        var steps: [Step] = []
        if rest.first == "$" { rest = rest.dropFirst() } else if rest.first != "[" { rest = ".\(rest)"[...] }
        while let mark = rest.first {
            rest = rest.dropFirst()
            switch mark {
            case ".":
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty, !name.contains(where: { "]'\"()?@*".contains($0) }) || name == "*" else {
                    return nil
                }
                rest = rest.dropFirst(name.count)
                steps.append(name == "*" ? .all : .member(String(name)))
            case "[":
                guard let step = Self.bracket(&rest) else { return nil }
                steps.append(step)
            default: return nil
            }
        }
        guard !steps.isEmpty else { return nil }
        self.text = text
        self.steps = steps
    }

    private static func bracket(_ rest: inout Substring) -> Step? {
        if let quote = rest.first, quote == "'" || quote == "\"" {
            let body = rest.dropFirst()
            guard let end = body.firstIndex(of: quote) else { return nil }
            rest = body[body.index(after: end)...]
            guard rest.first == "]" else { return nil }
            rest = rest.dropFirst()
            return .member(String(body[..<end]))
        }
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let inside = rest[..<end]
        rest = rest[rest.index(after: end)...]
        if inside == "*" { return .all }
        return Int(inside).flatMap { $0 >= 0 ? .element($0) : nil }
    }

    /// Everything at this place; nothing where the place is not there.
    public func values(in value: Value) -> [Value] {
        steps.reduce([value]) { values, step in values.flatMap { Self.values(step, in: $0) } }
    }

    private static func values(_ step: Step, in value: Value) -> [Value] {
        switch (step, value) {
        case (.member(let name), .object(let object)): object[name].map { [$0] } ?? []
        case (.element(let place), .array(let items)): items.indices.contains(place) ? [items[place]] : []
        case (.all, .array(let items)): items
        case (.all, .object(let object)): object.values
        default: []
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let path = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a path was expected")
        }
        self = path
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension PayloadPath: CustomStringConvertible {
    public var description: String { text }
}
