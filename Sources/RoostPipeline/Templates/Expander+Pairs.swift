import RoostLanguage

extension Expander {
    /// Expands the pairs of a mapping and appends what they come to.
    ///
    /// - Parameters:
    ///   - pairs: of the mapping.
    ///   - shape: of the mapping.
    ///   - scope: what its expressions see.
    ///   - known: values that were expanded before, by place.
    ///   - list: gets the pairs.
    func expandPairs(
        _ pairs: [SyntaxPair],
        _ shape: Shape,
        _ scope: Scope,
        known: [Int: SyntaxNode] = [:],
        into list: inout PairList
    ) {
        guard let first = pairs.first, enter(located(first.key.place, scope)) else {
            if !pairs.isEmpty { list.isPartial = true }
            return
        }
        defer { leave() }
        let ready = known.merging(expandFirst(pairs, shape, scope)) { $1 }
        var chain = BranchChain()
        for (place, pair) in pairs.enumerated() {
            guard !isExhausted else {
                list.isPartial = true
                return
            }
            if let directive = directive(of: pair.key) {
                expandDirective(directive, pair, shape, scope, &chain, into: &list)
                continue
            }
            chain.end()
            guard let key = expandKey(pair.key, scope) else {
                list.isPartial = true
                continue
            }
            let value = ready[place] ?? expand(pair.value, shape.child(key.text), scope)
            list.append(SyntaxPair(key, value), log)
            if shape == .variables { scope.variables.define(key.text, value.scalar?.string ?? "") }
        }
    }

    private func expandDirective(
        _ directive: TemplateText.Directive,
        _ pair: SyntaxPair,
        _ shape: Shape,
        _ scope: Scope,
        _ chain: inout BranchChain,
        into list: inout PairList
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
            let isComplete = forEach(variable, in: expression, at: place, scope) {
                splice(pair.value, shape, $0, into: &list)
            }
            if !isComplete { list.isPartial = true }
        case .insert:
            chain.end()
            splice(pair.value, shape, scope, into: &list)
        }
    }

    /// Appends the pairs of a branch's value; a value that is no mapping takes the place of the whole mapping.
    private func splice(_ value: SyntaxNode, _ shape: Shape, _ scope: Scope, into list: inout PairList) {
        guard enter(located(value.place, scope)) else {
            list.isPartial = true
            return
        }
        defer { leave() }
        switch value {
        case .mapping(let mapping):
            expandPairs(mapping.pairs, shape, scope, into: &list)
            if mapping.isPartial { list.isPartial = true }
        case .sequence: replace(value, shape, scope, into: &list)
        case .scalar(let scalar):
            if scalar.isNull { return }
            guard scalar.mayHoldExpression else { return replace(value, shape, scope, into: &list) }
            guard let result = evaluate(scalar, scope) else {
                list.isPartial = true
                return
            }
            if !result.isNull {
                splice(result.standing(at: located(scalar.place, scope)), shape, scope, into: &list)
            }
        case .unknown: list.isPartial = true
        }
    }

    private func replace(_ value: SyntaxNode, _ shape: Shape, _ scope: Scope, into list: inout PairList) {
        let new = expand(value, shape, scope)
        // Loops over lists give one list; a second text has nowhere to go.
        if case .sequence(var whole)? = list.replacement, case .sequence(let more) = new {
            whole.items += more.items
            whole.isPartial = whole.isPartial || more.isPartial
            list.replacement = .sequence(whole)
        } else {
            list.replacement = new
        }
    }
}
