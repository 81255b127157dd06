import RoostLanguage

/// Reads the settings of a component out of a body of HCL.
struct HCLSettingsReader {
    let scope: HCLScope
    private(set) var diagnostics: [Diagnostic] = []

    init(scope: HCLScope) { self.scope = scope }

    /// The settings in a body, in the order in which they are written.
    ///
    /// The schema says what is an argument and what a block; for components that have none the file says it.
    mutating func settings(_ body: HCLBody, _ schema: ComponentSchema?) -> ImageSettings {
        let shape = Self.shape(schema, body.ownShape)
        let (content, problems) = body.expandingDynamicBlocks(in: scope).content(shape)
        diagnostics += problems
        var entries = content.attributes.values.sorted { $0.nameRange.isBefore($1.nameRange) }.map { attribute in
            let value = SettingValue.reading(attribute.expression, in: scope, &diagnostics)
            return ImageSettings.Entry(attribute.name, value, nameRange: attribute.nameRange)
        }
        for kind in shape.blocks {
            let blocks = content.blocks.filter { $0.type == kind.type }
            if !blocks.isEmpty { entries.append(nested(blocks, schema?.option(kind.type)?.kind)) }
        }
        entries.sort { ($0.nameRange ?? HCLBody.nowhere).isBefore($1.nameRange ?? HCLBody.nowhere) }
        return ImageSettings(entries, missingRange: body.missingRange)
    }

    /// What the schema knows; other names are read as they are written, for whoever checks the settings.
    private static func shape(_ schema: ComponentSchema?, _ own: HCLBodySchema) -> HCLBodySchema {
        guard let schema else { return own }
        var shape = HCLBodySchema()
        for option in schema.options {
            if case .block = option.kind {
                shape.blocks.append(.init(option.name))
            } else {
                shape.attributes.append(.init(option.name))
            }
        }
        let known = Set(schema.options.map(\.name))
        shape.attributes += own.attributes.filter { !known.contains($0.name) }
        shape.blocks += own.blocks.filter { !known.contains($0.type) }
        return shape
    }

    /// Blocks of one type: a list, or one object where only one may be.
    private mutating func nested(_ blocks: [HCLBlock], _ kind: ComponentOption.Kind?) -> ImageSettings.Entry {
        var (schema, isRepeated): (ComponentSchema?, Bool) = (nil, true)
        if case .block(let inner, let repeated)? = kind { (schema, isRepeated) = (inner, repeated) }
        let values = blocks.map { block in
            SettingValue(.object(settings(block.body, schema)), range: block.headerRange)
        }
        let name = blocks[0].type
        guard !isRepeated else {
            return .init(
                name,
                SettingValue(.list(values), range: blocks[0].headerRange),
                nameRange: blocks[0].typeRange
            )
        }
        for extra in blocks.dropFirst() {
            diagnostics.append(
                .hcl(
                    "packer.duplicate",
                    "Duplicate \(name) block",
                    "Only one block of type \"\(name)\" is allowed; there is one already at \(blocks[0].headerRange).",
                    extra.headerRange
                )
            )
        }
        return .init(name, values[0], nameRange: blocks[0].typeRange)
    }
}

extension HCLBody {
    /// What it holds, whatever that is; types of blocks that are generated count too.
    var ownShape: HCLBodySchema {
        switch form {
        case .syntax(let body):
            var shape = HCLBodySchema(attributes: body.attributes.keys.sorted().map { .init($0) })
            for block in body.blocks {
                let isGenerated = block.type == "dynamic" && block.labels.count == 1
                let kind =
                    isGenerated
                    ? HCLBodySchema.Block(block.labels[0]) : HCLBodySchema.Block(block.type, labels: block.labels)
                if !shape.blocks.contains(where: { $0.type == kind.type }) { shape.blocks.append(kind) }
            }
            return shape.without(taken)
        case .json(let body):
            let (values, _) = body.literals()
            return HCLBodySchema(attributes: values.map { .init($0.name) }).without(taken)
        case .merged(let bodies):
            return bodies.reduce(into: HCLBodySchema()) { shape, body in
                let own = body.ownShape
                shape.attributes += own.attributes.filter { !shape.attributes.contains($0) }
                shape.blocks += own.blocks.filter { kind in !shape.blocks.contains { $0.type == kind.type } }
            }
        case .expanding(let body, _): return body.ownShape
        }
    }
}

extension HCLBodySchema {
    fileprivate func without(_ taken: HCLTakenNames) -> HCLBodySchema {
        HCLBodySchema(
            attributes: attributes.filter { !taken.attributes.contains($0.name) },
            blocks: blocks.filter { !taken.blocks.contains($0.type) }
        )
    }
}
