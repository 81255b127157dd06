/// What a body is decoded to: a description that is itself written in HCL.
public indirect enum HCLDecodingSpec: Sendable {
    /// An object with the results of the named parts.
    case object([String: HCLDecodingSpec])
    /// A tuple with the results of the parts.
    case array([HCLDecodingSpec])
    case attribute(name: String, type: HCLType, isRequired: Bool)
    /// The one block of a type.
    case block(type: String, HCLDecodingSpec, isRequired: Bool)
    /// All blocks of a type.
    case blockList(type: String, HCLDecodingSpec, HCLBlockCount)
    case blockSet(type: String, HCLDecodingSpec, HCLBlockCount)
    /// All blocks of a type, by their labels.
    case blockMap(type: String, labelNames: [String], HCLDecodingSpec)
    /// A map of the arguments of the one block of a type.
    case blockAttributes(type: String, element: HCLType, isRequired: Bool)
    case literal(HCLValue)
    /// The second where the first is null.
    case fallback(HCLDecodingSpec, HCLDecodingSpec)
    /// An expression of the result, which it calls `nested`.
    case transform(HCLDecodingSpec, HCLExpression, HCLScope)

    /// What the body around may hold for it.
    var schema: HCLBodySchema {
        switch self {
        case .object(let parts): Self.schema(of: parts.sorted { $0.key < $1.key }.map(\.value))
        case .array(let parts): Self.schema(of: parts)
        case .attribute(let name, _, let isRequired):
            HCLBodySchema(attributes: [.init(name, required: isRequired)])
        case .block(let type, _, _), .blockAttributes(let type, _, _): HCLBodySchema(blocks: [.init(type)])
        case .blockList(let type, _, _), .blockSet(let type, _, _): HCLBodySchema(blocks: [.init(type)])
        case .blockMap(let type, let names, _): HCLBodySchema(blocks: [.init(type, labels: names)])
        case .literal: HCLBodySchema()
        case .fallback(let first, let second): Self.schema(of: [first, second])
        case .transform(let inner, _, _): inner.schema
        }
    }

    private static func schema(of parts: [HCLDecodingSpec]) -> HCLBodySchema {
        var schema = HCLBodySchema()
        for part in parts.map(\.schema) {
            for attribute in part.attributes where !schema.attributes.contains(where: { $0.name == attribute.name }) {
                schema.attributes.append(attribute)
            }
            for block in part.blocks where !schema.blocks.contains(where: { $0.type == block.type }) {
                schema.blocks.append(block)
            }
        }
        return schema
    }

    /// The type of the result as far as it is fixed.
    var type: HCLType {
        switch self {
        case .object(let parts): .object(parts.mapValues(\.type))
        case .array(let parts): .tuple(parts.map(\.type))
        case .attribute(_, let type, _): type.withoutOptional
        case .block(_, let inner, _): inner.type
        case .blockList(_, let inner, _): .list(inner.type)
        case .blockSet(_, let inner, _): .set(inner.type)
        case .blockMap(_, let names, let inner): names.reduce(inner.type) { type, _ in .map(type) }
        case .blockAttributes(_, let element, _): .map(element)
        case .literal(let value): value.type
        case .fallback(let first, _): first.type
        case .transform: .dynamic
        }
    }
}

/// How many blocks there have to be.
public struct HCLBlockCount: Hashable, Sendable {
    public var minimum: Int
    /// 0 sets no limit.
    public var maximum: Int

    public init(minimum: Int = 0, maximum: Int = 0) {
        self.minimum = minimum
        self.maximum = maximum
    }
}
