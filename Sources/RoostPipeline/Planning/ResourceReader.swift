import RoostLanguage
import RoostModel

/// Checks the `resources` of a file.
struct ResourceReader {
    let log: DiagnosticLog
    let limitations: DiagnosticLog

    /// Options for checkouts of the pipeline's own repository, which the old form of resources may give.
    func read(_ fields: Fields) -> [String: String] {
        switch fields.node("resources") {
        case .mapping(let mapping):
            check(mapping)
            return [:]
        case .sequence(let sequence): return oldForm(sequence)
        case .scalar(let scalar):
            log.error(
                "pipeline.kind",
                "Expected a mapping",
                at: scalar.place,
                advice: "Write 'repositories:' or another kind of resource below it."
            )
            return [:]
        case .unknown, nil: return [:]
        }
    }

    private func check(_ mapping: SyntaxMapping) {
        let fields = Fields(mapping, PipelineKeys.resources, noun: "'resources'", log)
        check("repositories", "repository", PipelineKeys.repository, fields)
        check("pipelines", "pipeline", PipelineKeys.pipelineResource, fields)
        check("containers", "container", PipelineKeys.container, fields)
        check("packages", "package", PipelineKeys.package, fields)
        check("webhooks", "webhook", PipelineKeys.webhook, fields)
        check("builds", "build", PipelineKeys.build, fields)
    }

    /// One kind of resource: a list whose items have a name under their first key.
    private func check(_ key: String, _ nameKey: String, _ keys: [String], _ fields: Fields) {
        guard let list = fields.list(key) else { return }
        var known: [String: SyntaxPlace] = [:]
        for item in list.items {
            guard case .mapping(let mapping) = item else {
                if !item.isNull, !item.isUnknown {
                    log.error(
                        "pipeline.kind",
                        "A mapping was expected",
                        at: item.place,
                        advice: "Write '- \(nameKey): name'."
                    )
                }
                continue
            }
            let resource = Fields(mapping, keys, noun: "A resource of kind '\(nameKey)'", log)
            guard let name = resource.scalar(nameKey), !name.string.isEmpty else {
                if !mapping.isPartial { nameMissing(nameKey, mapping) }
                continue
            }
            // Repositories are compared when they are declared to templates.
            if key != "repositories", let first = known.updateValue(name.place, forKey: foldedName(name.text)) {
                log.duplicate(name.text, at: name.place, first: first)
            }
        }
    }

    private func nameMissing(_ key: String, _ mapping: SyntaxMapping) {
        log.error(
            "pipeline.unclear",
            "There's not enough info to determine what you meant. Add one of these properties: \(key)",
            at: mapping.pairs.first?.key.place ?? mapping.place,
            advice: "The name by which the pipeline speaks of the resource stands under '\(key)'."
        )
    }

    /// `- repo: self` with options.
    private func oldForm(_ sequence: SyntaxSequence) -> [String: String] {
        var inputs: [String: String] = [:]
        for case .mapping(let mapping) in sequence.items {
            let fields = Fields(
                mapping,
                ["repo", "clean", "fetchDepth", "lfs"],
                noun: "A repository of the old form",
                log
            )
            guard fields.text("repo").map({ equalIgnoringCase($0, "self") }) ?? false else { continue }
            if let clean = fields.boolText("clean") { inputs["clean"] = clean.text }
            if let lfs = fields.boolText("lfs") { inputs["lfs"] = lfs.text }
            if let depth = fields.count("fetchDepth") { inputs["fetchDepth"] = String(depth) }
        }
        return inputs
    }
}
