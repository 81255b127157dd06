import RoostLanguage

extension Expander {
    /// A resources block whose repositories are expanded and whose other parts are not yet.
    private struct HalfExpanded {
        let place: Int
        let mapping: SyntaxMapping
        /// By place in the mapping.
        let repositories: [Int: SyntaxNode]
    }

    /// Values of keys that others of the same block refer to, by place.
    ///
    /// Repositories come first, because the templates of variables may be theirs; then variables; then the other resources, which see
    /// both.
    func expandFirst(_ pairs: [SyntaxPair], _ shape: Shape, _ scope: Scope) -> [Int: SyntaxNode] {
        let first = pairs.enumerated().filter { shape.isEvaluatedFirst($0.element.key.text) }
        guard !first.isEmpty else { return [:] }
        let names = rootVariables(pairs)
        var ready: [Int: SyntaxNode] = [:]
        var halves: [HalfExpanded] = []
        for (place, pair) in first where pair.key.text == "resources" {
            if let half = expandRepositories(pair.value, at: place, scope, unseen: names) {
                halves.append(half)
            } else {
                let resources = expand(pair.value, .data, scope)
                declareRepositories(in: resources)
                ready[place] = resources
            }
        }
        for (place, pair) in first where pair.key.text != "resources" {
            ready[place] = expand(pair.value, shape.child(pair.key.text), scope)
        }
        for half in halves { ready[half.place] = expand(half.mapping, .data, scope, known: half.repositories) }
        return ready
    }

    /// Expands the repositories of a resources block; nil when which there are hangs on an expression beside them.
    private func expandRepositories(
        _ value: SyntaxNode,
        at place: Int,
        _ scope: Scope,
        unseen names: Set<String>
    ) -> HalfExpanded? {
        guard case .mapping(let mapping) = value, !mapping.pairs.contains(where: { $0.key.mayHoldExpression }) else {
            return nil
        }
        var repositories: [Int: SyntaxNode] = [:]
        for (place, pair) in mapping.pairs.enumerated() where pair.key.text == "repositories" {
            warnOfVariables(names, in: pair.value, scope)
            let expanded = expand(pair.value, .data, scope)
            if case .sequence(let list) = expanded { declareRepositories(list) }
            repositories[place] = expanded
        }
        return HalfExpanded(place: place, mapping: mapping, repositories: repositories)
    }

    // MARK: Variables that repositories do not see

    /// Folded names of the variables that a block defines by itself.
    private func rootVariables(_ pairs: [SyntaxPair]) -> Set<String> {
        var names: Set<String> = []
        for pair in pairs where pair.key.text == "variables" {
            switch pair.value {
            case .mapping(let mapping): names.formUnion(mapping.pairs.map { foldedName($0.key.text) })
            case .sequence(let sequence):
                names.formUnion(
                    sequence.items.compactMap { $0.mapping?["name"]?.scalar.map { foldedName($0.text) } }
                )
            case .scalar, .unknown: break
            }
        }
        return names
    }

    /// Warns of variables of the file that a repository asks for: they have no values yet, and an empty `ref` is another branch.
    private func warnOfVariables(_ names: Set<String>, in node: SyntaxNode, _ scope: Scope) {
        switch node {
        case .sequence(let list): for item in list.items { warnOfVariables(names, in: item, scope) }
        case .mapping(let mapping): for pair in mapping.pairs { warnOfVariables(names, in: pair.value, scope) }
        case .scalar(let scalar):
            guard scalar.mayHoldExpression, !names.isEmpty else { return }
            for match in scalar.text.matches(of: /variables\s*(?:\.|\[\s*')\s*([A-Za-z_][\w.\-]*)/.ignoresCase()) {
                let name = String(match.1)
                guard names.contains(foldedName(name)), scope.variables[name] == nil else { continue }
                log.warning(
                    "resources.variable-unseen",
                    "The variable '\(name)' of this file has no value here and counts as empty",
                    at: located(scalar.place, scope),
                    advice:
                        "Repositories are found before 'variables' are read: use a parameter, or a variable of the pipeline's settings."
                )
            }
        case .unknown: return
        }
    }
}
