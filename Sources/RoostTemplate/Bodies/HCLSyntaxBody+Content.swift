import RoostLanguage

extension HCLSyntaxBody {
    func content(_ schema: HCLBodySchema, without taken: HCLTakenNames) -> (HCLBodyContent, [Diagnostic]) {
        var content = HCLBodyContent(missingRange: range.start)
        var diagnostics: [Diagnostic] = []
        for wanted in schema.attributes where !taken.attributes.contains(wanted.name) {
            content.attributes[wanted.name] = attributes[wanted.name]
        }
        diagnostics += content.missing(schema)
        let kinds = Dictionary(schema.blocks.map { ($0.type, $0) }) { first, _ in first }
        for block in blocks where !taken.blocks.contains(block.type) {
            guard let kind = kinds[block.type] else { continue }
            if let problem = block.labelProblem(kind.labelNames) {
                diagnostics.append(problem)
            } else {
                content.blocks.append(block)
            }
        }
        return (content, diagnostics)
    }

    func allAttributes(without taken: HCLTakenNames) -> ([HCLAttribute], [Diagnostic]) {
        let problems: [Diagnostic] = blocks.filter { !taken.blocks.contains($0.type) }.map { block in
            .hcl(
                "unexpected-block",
                "Unexpected \"\(block.type)\" block",
                "Blocks are not allowed here.",
                block.typeRange
            )
        }
        let rest = attributes.values.filter { !taken.attributes.contains($0.name) }
        return (rest.sorted { $0.nameRange.isBefore($1.nameRange) }, problems)
    }

    func unexpected(besides schema: HCLBodySchema, without taken: HCLTakenNames) -> [Diagnostic] {
        let names = schema.attributes.map(\.name)
        let types = schema.blocks.map(\.type)
        var problems: [(place: Int, problem: Diagnostic)] = []
        for attribute in attributes.values where !taken.attributes.contains(attribute.name) {
            let advice =
                types.contains(attribute.name)
                ? "Did you mean to define a block of type \"\(attribute.name)\"? Blocks are defined without an equals sign."
                : suggestion(attribute.name, among: names)
            let detail = "An argument named \"\(attribute.name)\" is not expected here."
            problems.append(
                (
                    attribute.nameRange.bytes.lowerBound,
                    .hcl("unsupported-argument", "Unsupported argument", detail, attribute.nameRange, advice: advice)
                )
            )
        }
        for block in blocks where !taken.blocks.contains(block.type) {
            let advice =
                names.contains(block.type)
                ? "Did you mean to set the argument \"\(block.type)\"? Arguments are set with an equals sign."
                : suggestion(block.type, among: types)
            let detail = "Blocks of type \"\(block.type)\" are not expected here."
            problems.append(
                (
                    block.typeRange.bytes.lowerBound,
                    .hcl("unsupported-block", "Unsupported block type", detail, block.typeRange, advice: advice)
                )
            )
        }
        return problems.sorted { $0.place < $1.place }.map(\.problem)
    }
}

extension HCLBlock {
    /// What is wrong with the number of labels.
    func labelProblem(_ names: [String]) -> Diagnostic? {
        if labels.count > names.count {
            let detail =
                names.isEmpty
                ? "No labels are expected for \(type) blocks."
                : "Only \(names.count) labels (\(names.joined(separator: ", "))) are expected for \(type) blocks."
            return .hcl(
                "extra-label",
                "Extraneous label for \(type)",
                detail,
                labelRanges[names.count],
                context: typeRange.union(openRange)
            )
        }
        guard labels.count < names.count else { return nil }
        let detail =
            names.count == 1
            ? "All \(type) blocks must have 1 label (\(names[0]))."
            : "All \(type) blocks must have \(names.count) labels (\(names.joined(separator: ", ")))."
        return .hcl(
            "missing-label",
            "Missing \(names[labels.count]) for \(type)",
            detail,
            openRange,
            context: typeRange.union(openRange)
        )
    }
}
