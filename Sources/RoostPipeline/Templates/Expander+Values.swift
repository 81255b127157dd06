import RoostLanguage

extension Expander {
    /// The value of a scalar with expressions; nil when that failed, which is reported.
    func evaluate(_ scalar: SyntaxScalar, _ scope: Scope) -> SyntaxNode? {
        let text = cache[scalar]
        let place = located(scalar.place, scope)
        switch text.content {
        case .faulty:
            for diagnostic in text.diagnostics { log.add(diagnostic, site: scope.site) }
            return nil
        case .directive(let directive):
            misplaced(directive.word, at: place)
            return nil
        case .expression(let expression): return evaluate(expression, at: place, scope)
        case .parts(let parts): return join(parts, scalar, at: place, scope).map { .scalar($0) }
        }
    }

    /// The value of an expression, as the tree it was written as when it only names one.
    func evaluate(_ expression: ParsedExpression, at place: SyntaxPlace, _ scope: Scope) -> SyntaxNode? {
        if let path = expression.root.path, let node = scope.node(at: path) { return node }
        return value(of: expression, scope).map { SyntaxNode($0, place: place) }
    }

    /// The value of an expression; nil when it has none, which is reported.
    func value(of expression: ParsedExpression, _ scope: Scope) -> Value? {
        let problems = expression.problems(in: scope.context)
        guard problems.isEmpty else {
            for problem in problems { log.add(problem, site: scope.site) }
            return nil
        }
        do throws(EvaluationError) {
            return try expression.evaluate(in: scope.context)
        } catch {
            log.add(error.diagnostic, site: scope.site)
            return nil
        }
    }

    /// The text of a mixture of text and expressions.
    private func join(
        _ parts: [TemplateText.Part],
        _ scalar: SyntaxScalar,
        at place: SyntaxPlace,
        _ scope: Scope
    ) -> SyntaxScalar? {
        var text = ""
        var isComplete = true
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .expression(let expression):
                guard let part = self.text(of: expression, at: place, scope) else {
                    isComplete = false
                    continue
                }
                text += part
            }
            guard text.utf8.count <= limits.expandedBytes else {
                tooLarge(at: place)
                return nil
            }
        }
        let style = scalar.style == .plain ? ScalarStyle.singleQuoted : scalar.style
        return isComplete ? SyntaxScalar(text, style: style, place: place, isEvaluated: true) : nil
    }

    /// The text an expression puts between others; numbers keep the spelling they were written with.
    private func text(of expression: ParsedExpression, at place: SyntaxPlace, _ scope: Scope) -> String? {
        if let path = expression.root.path, let scalar = scope.node(at: path)?.scalar, case .number = scalar.value {
            return scalar.text
        }
        guard let value = value(of: expression, scope) else { return nil }
        if let text = value.text { return text }
        let failure = ConversionFailure(value, to: .string)
        var diagnostic = Diagnostic.error(
            "expression.conversion",
            failure.description,
            at: expression.map.span(of: 0..<expression.text.utf8.count),
            advice: "A list or mapping cannot stand inside a text; use join(', ', value) or convertToJson(value)."
        )
        diagnostic.context = place.span
        log.add(diagnostic, site: scope.site)
        return nil
    }

    /// A key after its expressions were evaluated; nil when that failed, which is reported.
    func expandKey(_ key: SyntaxScalar, _ scope: Scope) -> SyntaxScalar? {
        guard key.mayHoldExpression else {
            var key = key
            key.place = located(key.place, scope)
            return key
        }
        guard let node = evaluate(key, scope) else { return nil }
        guard let scalar = node.scalar else {
            log.error(
                "template.key",
                "A key must be a text, and this expression gives a \(node.sequence == nil ? "mapping" : "sequence")",
                at: located(key.place, scope),
                advice: "'${{ insert }}: value' inserts a mapping."
            )
            return nil
        }
        let place = located(key.place, scope)
        return SyntaxScalar(scalar.value.text ?? scalar.text, style: .singleQuoted, place: place, isEvaluated: true)
    }

    /// The directive a key consists of.
    func directive(of key: SyntaxScalar) -> TemplateText.Directive? {
        guard key.mayHoldExpression, case .directive(let directive) = cache[key].content else { return nil }
        return directive
    }

    func misplaced(_ word: String, at place: SyntaxPlace) {
        let advice =
            switch word {
            case "elseif", "else":
                "It must stand right behind an 'if' or 'elseif' of the same list or mapping, as a key with a colon."
            default:
                "Directives are keys: write '${{ \(word)\(word == "insert" ? "" : " …") }}:' with a colon behind it."
            }
        log.error(
            "template.directive",
            "The directive '\(word)' is not allowed in this context",
            at: place,
            advice: advice
        )
    }

    // MARK: Branches and loops

    /// What becomes of a branch; strays are reported.
    func decide(
        _ directive: TemplateText.Directive,
        _ chain: inout BranchChain,
        at place: SyntaxPlace,
        _ scope: Scope
    ) -> BranchChain.Decision {
        let decision = chain.decide(directive) { value(of: $0, scope)?.isTrue }
        if case .stray = decision { misplaced(directive.word, at: place) }
        return decision
    }

    /// Calls the closure once for each element; false when there is nothing to go through, which is reported.
    func forEach(
        _ variable: String,
        in expression: ParsedExpression,
        at place: SyntaxPlace,
        _ scope: Scope,
        _ body: (Scope) -> Void
    ) -> Bool {
        guard !scope.defines(variable) else {
            log.error(
                "template.loop-name",
                "'\(variable)' is already defined",
                at: place,
                advice: "Give the variable of the loop a name that nothing else here has."
            )
            return false
        }
        guard let source = evaluate(expression, at: place, scope) else { return false }
        switch source {
        case .sequence(let sequence):
            for item in sequence.items where count(item, at: place) {
                body(scope.binding(variable, to: BoundValue(item)))
            }
            return !sequence.isPartial
        case .mapping(let mapping):
            for pair in mapping.pairs where count(pair.value, at: place) {
                body(scope.binding(variable, to: BoundValue(Self.element(pair))))
            }
            return !mapping.isPartial
        case .scalar(let scalar):
            if scalar.isNull || scalar.text.isEmpty { return true }
            log.error(
                "template.loop-source",
                "Expected a sequence or mapping",
                at: place,
                advice:
                    "'\(expression.text)' is the text '\(scalar.text.prefix(40))'; a loop needs a list or a mapping."
            )
            return false
        case .unknown: return false
        }
    }

    /// What the variable of a loop over a mapping is.
    private static func element(_ pair: SyntaxPair) -> SyntaxNode {
        let name: (String) -> SyntaxScalar = {
            SyntaxScalar($0, style: .singleQuoted, place: pair.key.place, isEvaluated: true)
        }
        var key = pair.key
        if key.style == .plain { key.style = .singleQuoted }
        let pairs = [SyntaxPair(name("key"), .scalar(key)), SyntaxPair(name("value"), pair.value)]
        return .mapping(SyntaxMapping(pairs, place: pair.key.place))
    }
}
