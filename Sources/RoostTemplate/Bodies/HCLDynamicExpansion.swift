import RoostLanguage

/// Generates blocks: `dynamic "rule" { for_each = …; content { … } }` stands for one `rule` block per element.
struct HCLDynamicExpansion: Sendable {
    let scope: HCLScope
    /// Names of the iterations around.
    let bindings: [String: HCLValue]

    func bound(_ attribute: HCLAttribute) -> HCLAttribute {
        guard !bindings.isEmpty else { return attribute }
        return HCLAttribute(
            name: attribute.name,
            expression: HCLExpression(.bound(attribute.expression, bindings), attribute.expression.range),
            range: attribute.range,
            nameRange: attribute.nameRange
        )
    }

    func content(
        of body: HCLBody,
        _ schema: HCLBodySchema
    ) -> (content: HCLBodyContent, rest: HCLBody, diagnostics: [Diagnostic]) {
        var wide = schema
        wide.blocks.append(.init("dynamic", labels: ["type"]))
        var (content, rest, diagnostics) = body.partialContent(wide)
        content.attributes = content.attributes.mapValues(bound)
        content.blocks = content.blocks.flatMap { block -> [HCLBlock] in
            guard block.type == "dynamic" else { return [inner(block, bindings)] }
            guard let kind = schema.blocks.first(where: { $0.type == block.labels[0] }) else {
                diagnostics.append(unknownType(block, schema))
                return []
            }
            return generate(block, kind, &diagnostics)
        }
        return (content, HCLBody(.expanding(rest, self)), diagnostics)
    }

    private func inner(_ block: HCLBlock, _ bindings: [String: HCLValue]) -> HCLBlock {
        HCLBlock(
            type: block.type,
            labels: block.labels,
            typeRange: block.typeRange,
            labelRanges: block.labelRanges,
            openRange: block.openRange,
            body: HCLBody(.expanding(block.body, HCLDynamicExpansion(scope: scope, bindings: bindings)))
        )
    }

    private func unknownType(_ block: HCLBlock, _ schema: HCLBodySchema) -> Diagnostic {
        .hcl(
            "unsupported-block",
            "Unsupported block type",
            "Blocks of type \"\(block.labels[0])\" are not expected here.",
            block.labelRanges[0],
            advice: suggestion(block.labels[0], among: schema.blocks.map(\.type))
        )
    }

    // MARK: Generating

    private static let schema = HCLBodySchema(
        attributes: [.init("for_each", required: true), .init("iterator"), .init("labels")],
        blocks: [.init("content")]
    )

    private func generate(
        _ block: HCLBlock,
        _ kind: HCLBodySchema.Block,
        _ diagnostics: inout [Diagnostic]
    ) -> [HCLBlock] {
        let (parts, problems) = block.body.content(Self.schema)
        diagnostics += problems
        guard let forEach = parts.attributes["for_each"], problems.isEmpty else { return [] }
        guard parts.blocks.count == 1 else {
            diagnostics.append(contentProblem(parts, block))
            return []
        }
        guard let iterator = iteratorName(parts.attributes["iterator"], kind.type, &diagnostics) else { return [] }
        let (value, found) = HCLEvaluator.evaluate(bound(forEach).expression, in: scope)
        diagnostics += found
        guard !found.hasErrors, let entries = entries(of: value, forEach, &diagnostics) else { return [] }
        return entries.compactMap { key, value in
            var names = bindings
            names[iterator] = .object(["key": key, "value": value])
            return generated(kind, parts, block, names, &diagnostics)
        }
    }

    private func contentProblem(_ parts: HCLBodyContent, _ block: HCLBlock) -> Diagnostic {
        parts.blocks.isEmpty
            ? .hcl(
                "dynamic",
                "Missing \"content\" block",
                "A dynamic block needs a \"content\" block.",
                parts.missingRange
            )
            : .hcl(
                "dynamic",
                "Extraneous \"content\" block",
                "Only one nested content block is allowed for each dynamic block.",
                parts.blocks[1].typeRange
            )
    }

    private func iteratorName(_ attribute: HCLAttribute?, _ type: String, _ diagnostics: inout [Diagnostic]) -> String?
    {
        guard let attribute else { return type }
        let (expression, problems) = attribute.expression.unquoted()
        diagnostics += problems
        if case .variable(let traversal) = expression.form, traversal.steps.isEmpty { return traversal.name }
        diagnostics.append(
            .hcl(
                "dynamic",
                "Invalid expression",
                "The iterator of a dynamic block is a single name.",
                attribute.expression.range
            )
        )
        return nil
    }

    private func entries(
        of value: HCLValue,
        _ attribute: HCLAttribute,
        _ diagnostics: inout [Diagnostic]
    ) -> [(key: HCLValue, value: HCLValue)]? {
        // How many blocks there will be is not known; one with unknown values stands for them.
        if !value.isKnown { return [(.unknown(), .unknown())] }
        if value.isIterable, let entries = value.entries { return entries }
        let detail =
            value.isNull
            ? "Cannot use a null value in for_each."
            : "Cannot use a \(value.type.name) value in for_each. An iterable collection is required."
        diagnostics.append(.hcl("dynamic", "Invalid dynamic for_each value", detail, attribute.expression.range))
        return nil
    }

    private func generated(
        _ kind: HCLBodySchema.Block,
        _ parts: HCLBodyContent,
        _ block: HCLBlock,
        _ names: [String: HCLValue],
        _ diagnostics: inout [Diagnostic]
    ) -> HCLBlock? {
        guard let labels = labels(parts.attributes["labels"], names, &diagnostics) else { return nil }
        guard labels.count == kind.labelNames.count else {
            diagnostics.append(
                .hcl(
                    "dynamic",
                    "Wrong number of block labels",
                    "Blocks of type \"\(kind.type)\" have \(kind.labelNames.count) labels; here are \(labels.count).",
                    parts.attributes["labels"]?.expression.range ?? block.labelRanges[0]
                )
            )
            return nil
        }
        let content = parts.blocks[0]
        return HCLBlock(
            type: kind.type,
            labels: labels,
            typeRange: block.typeRange,
            labelRanges: labels.map { _ in block.labelRanges[0] },
            openRange: content.openRange,
            body: HCLBody(.expanding(content.body, HCLDynamicExpansion(scope: scope, bindings: names)))
        )
    }

    private func labels(
        _ attribute: HCLAttribute?,
        _ names: [String: HCLValue],
        _ diagnostics: inout [Diagnostic]
    ) -> [String]? {
        guard let attribute else { return [] }
        let expression = HCLExpression(.bound(attribute.expression, names), attribute.expression.range)
        let (value, problems) = HCLEvaluator.evaluate(expression, in: scope)
        diagnostics += problems
        guard !problems.hasErrors else { return nil }
        let texts = value.elements?.map { try? $0.converted(to: .string).text }
        if let texts, texts.allSatisfy({ $0 != nil }) { return texts.compactMap(\.self) }
        diagnostics.append(
            .hcl(
                "dynamic",
                "Invalid dynamic block label",
                "Labels are a list of texts that are known.",
                attribute.expression.range
            )
        )
        return nil
    }
}

extension HCLBody {
    /// The body with its `dynamic` blocks replaced by those they generate, at every level.
    public func expandingDynamicBlocks(in scope: HCLScope) -> HCLBody {
        HCLBody(.expanding(self, HCLDynamicExpansion(scope: scope, bindings: [:])))
    }
}
