import RoostLanguage

extension Expander {
    /// Expands the items of a list and appends what they come to.
    func expandItems(_ items: [SyntaxNode], _ shape: Shape, _ scope: Scope, into list: inout ItemList) {
        guard let first = items.first, enter(located(first.place, scope)) else {
            if !items.isEmpty { list.isPartial = true }
            return
        }
        defer { leave() }
        var chain = BranchChain()
        for item in items {
            guard !isExhausted else {
                list.isPartial = true
                return
            }
            if case .mapping(let mapping) = item, mapping.pairs.count == 1,
                let directive = directive(of: mapping.pairs[0].key)
            {
                expandDirective(directive, mapping.pairs[0], shape, scope, &chain, into: &list)
            } else {
                chain.end()
                expandItem(item, shape, scope, into: &list)
            }
        }
    }

    /// `- ${{ if … }}:` and the like: what the branch or loop gives becomes items of the list around it.
    private func expandDirective(
        _ directive: TemplateText.Directive,
        _ pair: SyntaxPair,
        _ shape: Shape,
        _ scope: Scope,
        _ chain: inout BranchChain,
        into list: inout ItemList
    ) {
        let place = located(pair.key.place, scope)
        switch directive {
        case .ifTrue, .elseIf, .otherwise:
            switch decide(directive, &chain, at: place, scope) {
            case .take: splice(pair.value, shape, scope, into: &list)
            case .skip: break
            case .stray, .unknown: list.isPartial = true
            }
        case .each(let variable, let expression):
            chain.end()
            if case .mapping = pair.value {
                return expandMappingItem([pair], pair.key.place, shape, scope, into: &list)
            }
            let isComplete = forEach(variable, in: expression, at: place, scope) {
                splice(pair.value, shape, $0, into: &list)
            }
            if !isComplete { list.isPartial = true }
        case .insert:
            chain.end()
            expandMappingItem([pair], pair.key.place, shape, scope, into: &list)
        }
    }

    /// Appends the value of a branch: the items of a list, one item of a mapping.
    private func splice(_ value: SyntaxNode, _ shape: Shape, _ scope: Scope, into list: inout ItemList) {
        switch value {
        case .sequence(let sequence):
            expandItems(sequence.items, shape, scope, into: &list)
            if sequence.isPartial { list.isPartial = true }
        case .mapping(let mapping):
            // `{}` as the value of a branch means nothing, as `[]` does.
            guard !mapping.pairs.isEmpty else { return }
            expandMappingItem(mapping.pairs, mapping.place, shape, scope, into: &list)
        case .scalar: expandItem(value, shape, scope, into: &list)
        case .unknown: list.isPartial = true
        }
    }

    /// Appends one item; a list that an expression gives is appended item by item.
    private func expandItem(_ item: SyntaxNode, _ shape: Shape, _ scope: Scope, into list: inout ItemList) {
        switch item {
        case .scalar(let scalar) where scalar.mayHoldExpression:
            guard let value = evaluate(scalar, scope) else {
                list.isPartial = true
                return
            }
            expandValue(value, shape, scope, into: &list)
        case .scalar(let scalar):
            // In lists of steps and the like an empty item means nothing; in data it is a null.
            if scalar.isNull, shape != .data { return }
            list.append(expand(item, shape, scope))
        case .mapping(let mapping): expandMappingItem(mapping.pairs, mapping.place, shape, scope, into: &list)
        case .sequence: list.append(expand(item, .data, scope))
        case .unknown: list.isPartial = true
        }
    }

    /// Appends what an expression gave in the place of an item.
    private func expandValue(_ value: SyntaxNode, _ shape: Shape, _ scope: Scope, into list: inout ItemList) {
        guard enter(located(value.place, scope)) else {
            list.isPartial = true
            return
        }
        defer { leave() }
        switch value {
        case .scalar(let scalar):
            if !scalar.isNull, !scalar.text.isEmpty, count(value, at: located(value.place, scope)) {
                list.append(value)
            }
        case .sequence(let sequence):
            for item in sequence.items { expandItem(item, shape, scope, into: &list) }
            if sequence.isPartial { list.isPartial = true }
        case .mapping(let mapping): expandMappingItem(mapping.pairs, mapping.place, shape, scope, into: &list)
        case .unknown: list.isPartial = true
        }
    }

    /// Appends a mapping, or what the template gives that it names.
    private func expandMappingItem(
        _ pairs: [SyntaxPair],
        _ place: SyntaxPlace,
        _ shape: Shape,
        _ scope: Scope,
        into list: inout ItemList
    ) {
        let inner = shape.hasOwnVariables ? scope.withOwnVariables() : scope
        let node = expand(.mapping(SyntaxMapping(pairs, place: place)), shape, inner)
        guard case .mapping(let mapping) = node else {
            if case .sequence(let sequence) = node {
                list.items += sequence.items
                list.isPartial = list.isPartial || sequence.isPartial
            } else if !node.isNull {
                list.append(node)
            }
            return
        }
        if mapping.pairs.isEmpty, !pairs.isEmpty {
            // Nothing but branches that were not taken.
            list.isPartial = list.isPartial || mapping.isPartial
        } else if let key = shape.templateKey, mapping["template"] != nil {
            include(mapping, key, shape, scope, into: &list)
        } else {
            if shape == .variable { define(mapping, scope) }
            list.append(node)
        }
    }

    /// Makes a variable of the list form visible to what follows.
    private func define(_ variable: SyntaxMapping, _ scope: Scope) {
        guard let name = variable["name"]?.scalar?.string, !name.isEmpty else { return }
        scope.variables.define(name, variable["value"]?.scalar?.string ?? "")
    }
}
