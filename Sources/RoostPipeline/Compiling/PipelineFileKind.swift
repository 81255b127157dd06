import RoostLanguage

/// What a YAML file is, judged by its shape and without evaluating anything.
public enum PipelineFileKind: Hashable, Sendable {
    /// Says what starts its runs, where they run or which template they extend: it is no template.
    case pipeline
    /// Has only keys that both may have, such as `steps` alone: who knows whether others use it knows which it is.
    case pipelineOrTemplate
    /// Takes parameters as only a template does, or holds variables only.
    case template
    /// Something else.
    case other

    public init(of document: YAMLDocument) {
        guard case .mapping(let root)? = document.root else {
            self = document.diagnostics.isEmpty || !Self.looksLikePipeline(document.source.text) ? .other : .pipeline
            return
        }
        self = Self.kind(root)
    }

    private static func kind(_ root: SyntaxMapping) -> PipelineFileKind {
        let keys = root.pairs.map(\.key.text)
        let known = Set(
            PipelineKeys.root + PipelineKeys.rootOfSteps + PipelineKeys.bodies + ["extends", "phases", "queue"]
        )
        let bodies = keys.filter { PipelineKeys.bodies.contains($0) || $0 == "phases" }
        if keys.contains("extends"), root["extends"]?.mapping?["template"] != nil { return .pipeline }
        guard !bodies.isEmpty else {
            let isVariables = keys.contains("variables") && keys.allSatisfy { $0 == "variables" || $0 == "parameters" }
            return isVariables ? .template : .other
        }
        guard bodies.contains(where: { key in root[key].map { isBody(key, $0) } ?? false }) else { return .other }
        // Other programs have files with such keys too, and keys of their own beside them.
        let strange = root.pairs.count { !known.contains($0.key.text) && !$0.key.text.holdsExpressionMark }
        guard strange == 0 || strange < root.pairs.count - strange else { return .other }
        if keys.contains(where: ["trigger", "pr", "schedules"].contains) { return .pipeline }
        switch root["parameters"] {
        case .mapping: return .template
        case .sequence(let list) where list.items.contains(where: needsValue): return .template
        default: break
        }
        let isOnlyRoot = keys.contains { ["resources", "pool", "name", "queue", "lockBehavior"].contains($0) }
        return isOnlyRoot ? .pipeline : .pipelineOrTemplate
    }

    /// Whether the value of a body's key is one that a pipeline has there.
    private static func isBody(_ key: String, _ value: SyntaxNode) -> Bool {
        let first: [String] =
            switch key {
            case "stages": ["stage"]
            case "jobs", "phases": PipelineKeys.jobKinds + ["phase"]
            default: StepKind.names
            }
        switch value {
        case .sequence(let list):
            return list.items.isEmpty
                || list.items.contains { item in
                    guard case .mapping(let mapping) = item else { return item.scalar?.mayHoldExpression ?? false }
                    return mapping.pairs.contains { pair in
                        first.contains(pair.key.text) || pair.key.text == "template" || pair.key.mayHoldExpression
                    }
                }
        case .mapping(let mapping): return mapping.pairs.contains { $0.key.mayHoldExpression }
        case .scalar(let scalar): return scalar.mayHoldExpression
        case .unknown: return false
        }
    }

    private static func needsValue(_ item: SyntaxNode) -> Bool {
        guard case .mapping(let mapping) = item else { return false }
        return mapping["default"] == nil
    }

    /// Of a file that cannot be read as YAML: whether lines begin as a pipeline's do.
    private static func looksLikePipeline(_ text: String) -> Bool {
        let lines = text.split(whereSeparator: \.isNewline)
        let keys = ["trigger:", "pr:", "stages:", "jobs:", "steps:", "extends:"]
        return lines.contains { line in keys.contains { line.hasPrefix($0) } }
            && lines.contains { line in
                [
                    "- script:", "- task:", "- job:", "- stage:", "- template:", "- bash:", "- pwsh:", "vmImage:",
                    "pool:",
                ]
                .contains { line.contains($0) }
            }
    }
}

extension YAMLDocument {
    /// The names of all templates the file speaks of, as it writes them.
    public var templateReferences: [String] {
        var found: [String] = []
        root?.collectTemplates(into: &found)
        return found
    }
}

extension SyntaxNode {
    fileprivate func collectTemplates(into found: inout [String]) {
        switch self {
        case .scalar, .unknown: return
        case .sequence(let sequence): for item in sequence.items { item.collectTemplates(into: &found) }
        case .mapping(let mapping):
            for pair in mapping.pairs {
                if pair.key.text == "template", let name = pair.value.scalar?.string { found.append(name) }
                pair.value.collectTemplates(into: &found)
            }
        }
    }
}
