import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The `variables` of a block, in order.
    func variables(_ fields: Fields) -> [PlannedVariable] {
        switch fields.node("variables") {
        case .mapping(let mapping): return mapping.pairs.compactMap { variable($0.key, $0.value, isReadOnly: false) }
        case .sequence(let sequence): return sequence.items.compactMap(variable)
        case .scalar(let scalar):
            if !scalar.string.isEmpty {
                log.error(
                    "pipeline.kind",
                    "Expected a mapping",
                    at: scalar.place,
                    advice: "Write 'name: value' below 'variables:'."
                )
            }
            return []
        case .unknown, nil: return []
        }
    }

    private func variable(_ key: SyntaxScalar, _ value: SyntaxNode?, isReadOnly: Bool) -> PlannedVariable? {
        guard !key.string.trimmingBlanks().isEmpty else {
            log.error(
                "variable.name",
                "A variable needs a name",
                at: key.place,
                advice: "Write the name before the colon."
            )
            return nil
        }
        switch value {
        case .scalar(let scalar):
            check.value(scalar, isVariable: true)
            return PlannedVariable(name: key.text, value: scalar.planned, isReadOnly: isReadOnly)
        case .mapping(let mapping) where mapping.pairs.isEmpty && !mapping.isPartial: break
        case .mapping, .sequence:
            log.error(
                "variable.value",
                value?.sequence == nil ? "A mapping was not expected" : "A sequence was not expected",
                at: value?.place ?? key.place,
                advice:
                    "The value of a variable is a text; '${{ convertToJson(value) }}' makes one of a list or mapping."
            )
            return nil
        case .unknown: return nil
        case nil: break
        }
        return PlannedVariable(name: key.text, value: PlannedText("", place: key.place.text), isReadOnly: isReadOnly)
    }

    /// An item of the list form: a variable or a group.
    private func variable(_ item: SyntaxNode) -> PlannedVariable? {
        guard case .mapping(let mapping) = item else {
            if !item.isNull, !item.isUnknown {
                log.error(
                    "pipeline.kind",
                    "A mapping was expected",
                    at: item.place,
                    advice: "Write '- name: …' and below it 'value: …'."
                )
            }
            return nil
        }
        if mapping["group"] != nil {
            // Real files have other keys here, which say nothing and never stopped a run.
            let fields = Fields(mapping, ["group"], noun: "A variable group", log, unknown: .warning)
            guard let name = fields.scalar("group"), !name.string.isEmpty else { return nil }
            return PlannedVariable(group: name.text, place: name.place.text)
        }
        guard mapping["name"] != nil else {
            if !mapping.isPartial { unclear(mapping, ["name", "group", "template"]) }
            return nil
        }
        let fields = Fields(mapping, ["name", "value", "readonly"], noun: "A variable", log)
        guard let name = fields.scalar("name") else {
            if let pair = mapping.pair("name"), !pair.value.isUnknown, pair.value.isNull {
                log.error("variable.name", "A variable needs a name", at: pair.key.place, advice: "Write '- name: …'.")
            }
            return nil
        }
        return variable(name, mapping["value"], isReadOnly: fields.bool("readonly") ?? false)
    }
}
