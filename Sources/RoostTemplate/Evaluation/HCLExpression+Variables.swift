public import RoostLanguage

extension HCLExpression {
    /// The names of the scope that the expression uses, with the steps from them, in the order of the text.
    public var variables: [HCLTraversal] {
        var found: [HCLTraversal] = []
        collect(without: [], into: &found)
        return found
    }

    private func collect(without hidden: Set<String>, into found: inout [HCLTraversal]) {
        switch form {
        case .literal, .splatItem, .invalid: break
        case .variable(let traversal): if !hidden.contains(traversal.name) { found.append(traversal) }
        case .template(let parts), .tuple(let parts): for part in parts { part.collect(without: hidden, into: &found) }
        case .wrapped(let inner), .joined(let inner), .parentheses(let inner), .steps(let inner, _),
            .unary(_, let inner):
            inner.collect(without: hidden, into: &found)
        case .bound(let inner, let names): inner.collect(without: hidden.union(names.keys), into: &found)
        case .index(let first, let second, _), .splat(let first, let second, _), .binary(let first, _, let second):
            first.collect(without: hidden, into: &found)
            second.collect(without: hidden, into: &found)
        case .call(let call): for argument in call.arguments { argument.collect(without: hidden, into: &found) }
        case .conditional(let test, let then, let otherwise):
            for part in [test, then, otherwise] { part.collect(without: hidden, into: &found) }
        case .object(let items):
            for item in items {
                if item.bareKey == nil { item.key.collect(without: hidden, into: &found) }
                item.value.collect(without: hidden, into: &found)
            }
        case .comprehension(let loop):
            loop.collection.collect(without: hidden, into: &found)
            let inner = hidden.union([loop.valueName]).union(loop.keyName.map { [$0] } ?? [])
            for part in [loop.key, loop.value, loop.condition] { part?.collect(without: inner, into: &found) }
        }
    }
}

extension HCLDecodingSpec {
    /// The names that the arguments of a body use, as far as they are decoded.
    public func variables(of body: HCLBody) -> [HCLTraversal] {
        let (content, _, _) = body.partialContent(schema)
        return variables(in: content)
    }

    private func variables(in content: HCLBodyContent) -> [HCLTraversal] {
        switch self {
        case .object(let parts): parts.sorted { $0.key < $1.key }.flatMap { $0.value.variables(in: content) }
        case .array(let parts): parts.flatMap { $0.variables(in: content) }
        case .attribute(let name, _, _): content.attributes[name]?.expression.variables ?? []
        case .block(let type, let inner, _), .blockList(let type, let inner, _), .blockSet(let type, let inner, _),
            .blockMap(let type, _, let inner):
            content.blocks.filter { $0.type == type }.flatMap { inner.variables(of: $0.body) }
        case .blockAttributes(let type, _, _):
            content.blocks.filter { $0.type == type }.flatMap {
                $0.body.attributes().attributes.flatMap(\.expression.variables)
            }
        case .literal: []
        case .fallback(let first, let second): first.variables(in: content) + second.variables(in: content)
        case .transform(let inner, _, _): inner.variables(in: content)
        }
    }
}

extension HCLTraversal {
    /// The value in a scope.
    public func value(in scope: HCLScope) -> (value: HCLValue, diagnostics: [Diagnostic]) {
        HCLExpression(.variable(self), range).value(in: scope)
    }
}
