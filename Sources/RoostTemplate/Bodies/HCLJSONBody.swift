import RoostLanguage

/// A body of the JSON syntax: an object, or several that count as one.
///
/// What is an argument and what a block follows from the schema only.
struct HCLJSONBody: Sendable {
    let node: HCLJSONNode
    /// At the top of a file `//` is a comment.
    let isRoot: Bool

    var range: HCLRange { node.range }

    /// The closing brace, before which something that is missing would be added.
    var missingRange: HCLRange {
        let end = range.bytes.upperBound
        return HCLRange(range.source, max(range.bytes.lowerBound, end - 1)..<end)
    }

    private func properties(_ diagnostics: inout [Diagnostic]) -> [HCLJSONNode.Property] {
        let properties = objectProperties(node, &diagnostics)
        return isRoot ? properties.filter { $0.name != "//" } : properties
    }

    private func objectProperties(_ node: HCLJSONNode, _ diagnostics: inout [Diagnostic]) -> [HCLJSONNode.Property] {
        switch node.form {
        case .null: return []
        case .object(let properties): return properties
        case .array(let elements):
            return elements.flatMap { element -> [HCLJSONNode.Property] in
                if case .object(let properties) = element.form { return properties }
                diagnostics.append(notAnObject(element))
                return []
            }
        default:
            diagnostics.append(notAnObject(node))
            return []
        }
    }

    private func notAnObject(_ node: HCLJSONNode) -> Diagnostic {
        .hcl(
            "json.type",
            "Incorrect JSON value type",
            "A JSON object is required here, setting the arguments and child blocks for this block.",
            node.startRange
        )
    }

    func content(_ schema: HCLBodySchema, without taken: HCLTakenNames) -> (HCLBodyContent, [Diagnostic]) {
        var content = HCLBodyContent(missingRange: missingRange)
        var diagnostics: [Diagnostic] = []
        let names = Set(schema.attributes.map(\.name))
        let kinds = Dictionary(schema.blocks.map { ($0.type, $0) }) { first, _ in first }
        for property in properties(&diagnostics) where !taken.contains(property.name) {
            if names.contains(property.name) {
                diagnostics += content.add([property.attribute(&diagnostics)])
            } else if let kind = kinds[property.name] {
                let header = HCLJSONBlockHeader(type: property.name, typeRange: property.nameRange)
                header.collect(property.value, kind.labelNames[...], into: &content.blocks, &diagnostics)
            }
        }
        diagnostics += content.missing(schema)
        return (content, diagnostics)
    }

    func allAttributes(without taken: HCLTakenNames) -> ([HCLAttribute], [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        var content = HCLBodyContent(missingRange: missingRange)
        var attributes: [HCLAttribute] = []
        for property in properties(&diagnostics) where !taken.contains(property.name) {
            attributes.append(property.attribute(&diagnostics))
        }
        diagnostics += content.add(attributes)
        return (content.attributes.values.sorted { $0.nameRange.isBefore($1.nameRange) }, diagnostics)
    }

    /// All properties with their values as they stand; texts are no templates.
    func literals() -> (values: [(name: String, value: HCLValue, range: HCLRange)], diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        let values = properties(&diagnostics).map { (name: $0.name, value: $0.value.plainValue, range: $0.nameRange) }
        return (values, diagnostics)
    }

    func unexpected(besides schema: HCLBodySchema, without taken: HCLTakenNames) -> [Diagnostic] {
        var ignored: [Diagnostic] = []
        let known = schema.attributes.map(\.name) + schema.blocks.map(\.type)
        return properties(&ignored).filter { !taken.contains($0.name) }.map { property in
            .hcl(
                "json.unexpected",
                "Extraneous JSON object property",
                "No argument or block type is named \"\(property.name)\".",
                property.nameRange,
                advice: suggestion(property.name, among: known)
            )
        }
    }
}

extension HCLJSONNode.Property {
    fileprivate func attribute(_ diagnostics: inout [Diagnostic]) -> HCLAttribute {
        HCLAttribute(
            name: name,
            expression: value.expression(&diagnostics),
            range: nameRange.union(value.range),
            nameRange: nameRange
        )
    }
}

/// Type and labels of blocks that are being found: labels are the names of objects within objects.
private struct HCLJSONBlockHeader {
    let type: String
    let typeRange: HCLRange
    var labels: [String] = []
    var labelRanges: [HCLRange] = []

    func collect(
        _ node: HCLJSONNode,
        _ names: ArraySlice<String>,
        into blocks: inout [HCLBlock],
        _ diagnostics: inout [Diagnostic]
    ) {
        guard let name = names.first else { return collectBodies(node, into: &blocks, &diagnostics) }
        switch node.form {
        case .array(let elements):
            for element in elements { collect(element, names, into: &blocks, &diagnostics) }
        case .object(let properties):
            if properties.isEmpty { diagnostics.append(missing(name, node)) }
            for property in properties {
                var inner = self
                inner.labels.append(property.name)
                inner.labelRanges.append(property.nameRange)
                inner.collect(property.value, names.dropFirst(), into: &blocks, &diagnostics)
            }
        case .null: break
        default: diagnostics.append(missing(name, node))
        }
    }

    private func missing(_ name: String, _ node: HCLJSONNode) -> Diagnostic {
        .hcl(
            "json.label",
            "Missing block label",
            "A JSON object is required here, whose names are the \(name) labels of \(type) blocks.",
            node.startRange
        )
    }

    private func collectBodies(
        _ node: HCLJSONNode,
        into blocks: inout [HCLBlock],
        _ diagnostics: inout [Diagnostic]
    ) {
        switch node.form {
        case .null: break
        case .array(let elements): blocks += elements.map(block)
        case .object: blocks.append(block(node))
        default:
            diagnostics.append(
                .hcl(
                    "json.type",
                    "Incorrect JSON value type",
                    "Either a JSON object or a JSON array is required, representing the contents of one or more \"\(type)\" blocks.",
                    node.startRange
                )
            )
        }
    }

    private func block(_ node: HCLJSONNode) -> HCLBlock {
        HCLBlock(
            type: type,
            labels: labels,
            typeRange: typeRange,
            labelRanges: labelRanges,
            openRange: node.startRange,
            body: HCLBody(.json(HCLJSONBody(node: node, isRoot: false)))
        )
    }
}
