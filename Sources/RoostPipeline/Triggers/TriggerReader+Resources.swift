import RoostLanguage

/// Triggers of the file's resources.
///
/// The entries themselves are checked where the file is planned; here only what triggers are made of is read, as it stands.
extension TriggerReader {
    func pipelines(_ root: SyntaxMapping) -> [PipelineResource] {
        entries("pipelines", root).compactMap { mapping in
            guard let alias = text("pipeline", mapping), let source = text("source", mapping) else { return nil }
            return PipelineResource(
                alias: alias,
                source: source,
                project: text("project", mapping),
                version: text("version", mapping),
                branch: text("branch", mapping),
                tags: texts("tags", mapping),
                trigger: completionTrigger(mapping)
            )
        }
    }

    /// Those that have a trigger; the others say nothing here.
    func repositories(_ root: SyntaxMapping) -> [RepositoryResource] {
        entries("repositories", root).compactMap { mapping in
            guard let alias = text("repository", mapping), let name = text("name", mapping),
                let trigger = repositoryTrigger(mapping)
            else { return nil }
            return RepositoryResource(
                alias: alias,
                type: text("type", mapping) ?? "git",
                name: name,
                ref: text("ref", mapping) ?? "",
                endpoint: text("endpoint", mapping),
                trigger: trigger
            )
        }
    }

    func entries(_ key: String, _ root: SyntaxMapping) -> [SyntaxMapping] {
        root["resources"]?.mapping?[key]?.sequence?.items.compactMap(\.mapping) ?? []
    }

    /// A text that is known before a run exists; one with an expression is not.
    func text(_ key: String, _ mapping: SyntaxMapping) -> String? {
        guard let scalar = mapping[key]?.scalar, !scalar.string.isEmpty, !scalar.mayHoldExpression else { return nil }
        return scalar.string
    }

    private func texts(_ key: String, _ mapping: SyntaxMapping) -> [String] {
        if let scalar = mapping[key]?.scalar { return scalar.string.isEmpty ? [] : [scalar.string] }
        return mapping[key]?.sequence?.items.compactMap { $0.scalar?.string } ?? []
    }

    private func completionTrigger(_ resource: SyntaxMapping) -> CompletionTrigger? {
        switch resource["trigger"] {
        case .scalar(let scalar): return isOn(scalar) ? CompletionTrigger() : nil
        case .mapping(let mapping):
            let fields = Fields(
                mapping,
                ["enabled", "branches", "stages", "tags"],
                noun: "The trigger of a pipeline resource",
                log
            )
            guard fields.bool("enabled") ?? true else { return nil }
            return CompletionTrigger(
                branches: filter("branches", fields),
                stages: fields.texts("stages").map(\.text),
                tags: fields.texts("tags").map(\.text)
            )
        case .sequence(let sequence): return CompletionTrigger(branches: NameFilter(include: names(sequence)))
        case .unknown, nil: return nil
        }
    }

    private func repositoryTrigger(_ resource: SyntaxMapping) -> PushFilter? {
        switch resource["trigger"] {
        case .scalar(let scalar):
            if isOn(scalar) { return PushFilter() }
            return scalar.string.isEmpty || isOff(scalar)
                ? nil : PushFilter(branches: NameFilter(include: [scalar.text]))
        case .mapping(let mapping):
            let fields = Fields(
                mapping,
                ["enabled", "branches", "paths", "tags"],
                noun: "The trigger of a repository resource",
                log
            )
            guard fields.bool("enabled") ?? true else { return nil }
            return PushFilter(
                branches: filter("branches", fields),
                paths: filter("paths", fields),
                tags: filter("tags", fields)
            )
        case .sequence(let sequence): return PushFilter(branches: NameFilter(include: names(sequence)))
        case .unknown, nil: return nil
        }
    }

    func isOn(_ scalar: SyntaxScalar) -> Bool { CoreSchema.fieldBool(scalar.text) == true }

    private func isOff(_ scalar: SyntaxScalar) -> Bool {
        equalIgnoringCase(scalar.text, "none") || CoreSchema.fieldBool(scalar.text) == false
    }
}
