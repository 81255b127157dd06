import Foundation
import RoostLanguage
import RoostTemplate

/// The variables that files refer to, as `hcldec --var-refs` lists them.
struct HCLReferences {
    private struct Step: Encodable {
        let kind: String
        var name: String?
        var key: RawJSON?
        let range: HCLRangeJSON
    }

    private struct Reference: Encodable {
        enum CodingKeys: String, CodingKey {
            case rootName = "root_name"
            case value, steps, range
        }

        let rootName: String
        let value: RawJSON?
        let steps: [Step]
        let range: HCLRangeJSON
    }

    private let references: [Reference]

    init(_ traversals: [HCLTraversal], in scope: HCLScope) {
        references = traversals.map { Self.reference($0, in: scope) }
    }

    private static func reference(_ traversal: HCLTraversal, in scope: HCLScope) -> Reference {
        let root = Step(kind: "root", name: traversal.name, range: HCLRangeJSON(traversal.nameRange.span))
        let steps = traversal.steps.map { step in
            switch step.form {
            case .attribute(let name): Step(kind: "attr", name: name, range: HCLRangeJSON(step.range.span))
            case .index(let key): Step(kind: "index", key: RawJSON(key), range: HCLRangeJSON(step.range.span))
            }
        }
        let (value, problems) = traversal.value(in: scope)
        return Reference(
            rootName: traversal.name,
            value: problems.isEmpty && value.isWhollyKnown ? RawJSON(value) : nil,
            steps: [root] + steps,
            range: HCLRangeJSON(traversal.range.span)
        )
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(references), as: UTF8.self)
        }
    }
}

/// A value of HCL as JSON within other JSON.
private struct RawJSON: Encodable {
    private let value: HCLValue

    init(_ value: HCLValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        switch value.content {
        case .elements(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(RawJSON(element)) }
        case .attributes(let attributes):
            var container = encoder.container(keyedBy: Key.self)
            for (name, element) in attributes { try container.encode(RawJSON(element), forKey: Key(stringValue: name)) }
        default:
            var container = encoder.singleValueContainer()
            switch value.content {
            case .string(let text): try container.encode(text)
            case .bool(let truth): try container.encode(truth)
            case .number(let number):
                if let decimal = Decimal(string: number.description) {
                    try container.encode(decimal)
                } else {
                    try container.encodeNil()
                }
            default: try container.encodeNil()
            }
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
