import RoostLanguage

/// Gives the parameters of a file the values its user hands over.
struct ParameterBinder {
    let log: DiagnosticLog
    /// The way to the file that declares the parameters.
    let site: IncludeSite?

    /// Values for the parameters a file declares.
    ///
    /// - Parameters:
    ///   - declarations: The `parameters` of the file.
    ///   - arguments: The evaluated `parameters` of the reference.
    ///   - place: What to point at when a value is missing.
    /// - Returns: A value for each parameter, problems being reported.
    func bind(_ declarations: SyntaxNode?, to arguments: SyntaxNode?, at place: SyntaxPlace) -> ParameterValues {
        switch arguments {
        case .mapping(let mapping): return bind(declarations, mapping.pairs, isPartial: mapping.isPartial, at: place)
        case .unknown: return bind(declarations, [], isPartial: true, at: place)
        case nil: return bind(declarations, [], isPartial: false, at: place)
        case .scalar(let scalar) where scalar.string.isEmpty: return bind(declarations, [], isPartial: false, at: place)
        case .scalar, .sequence:
            log.error(
                "pipeline.mapping-expected",
                "Expected a mapping",
                at: arguments?.place ?? place,
                advice: "Write each parameter as 'name: value'."
            )
            return bind(declarations, [], isPartial: true, at: place)
        }
    }

    /// Values for the parameters of a file from pairs of names and values; without a place, the declaration of a missing one is named.
    func bind(
        _ declarations: SyntaxNode?,
        _ arguments: [SyntaxPair],
        isPartial: Bool,
        at place: SyntaxPlace?
    ) -> ParameterValues {
        switch ParameterReader(log: log, site: site).read(declarations) {
        case .untyped(let defaults): return untyped(defaults, arguments)
        case .typed(let definitions): return typed(definitions, arguments, isPartial: isPartial, at: place)
        }
    }

    private func untyped(_ defaults: [SyntaxPair], _ arguments: [SyntaxPair]) -> ParameterValues {
        var values = ParameterValues(isTyped: false)
        for pair in defaults + arguments { values[pair.key.text] = BoundValue(pair.value.withTextScalars) }
        return values
    }

    private func typed(
        _ definitions: [ParameterDefinition],
        _ arguments: [SyntaxPair],
        isPartial: Bool,
        at place: SyntaxPlace?
    ) -> ParameterValues {
        var values = ParameterValues(isTyped: true)
        var given: [String: SyntaxPair] = [:]
        for pair in arguments { given[foldedName(pair.key.text)] = pair }
        for definition in definitions {
            let name = definition.name.text
            if let pair = given.removeValue(forKey: foldedName(name)) {
                values[name] = value(pair.value, definition)
                // A default that is not allowed is wrong also where it is not used.
                if let node = definition.defaultValue, definition.type.form == .text {
                    _ = value(node.locatedAt(site), definition)
                }
            } else if let node = definition.defaultValue {
                values[name] = value(node.locatedAt(site), definition)
            } else {
                values[name] = BoundValue(Value.null)
                if !isPartial { missing(definition, at: place) }
            }
        }
        for pair in arguments where given[foldedName(pair.key.text)] != nil { unexpected(pair.key, definitions) }
        return values
    }

    /// Of a root file there is no place that uses it: then whoever queues a run gives the value.
    private func missing(_ definition: ParameterDefinition, at place: SyntaxPlace?) {
        let name = definition.name.text
        log.error(
            "parameter.missing",
            "A value for the '\(name)' parameter must be provided.",
            at: place ?? definition.name.place,
            advice: place == nil
                ? "Give it when a run is queued, or declare a 'default'."
                : "Give it under 'parameters', or declare a 'default'."
        )
    }

    private func unexpected(_ key: SyntaxScalar, _ definitions: [ParameterDefinition]) {
        let names = definitions.map(\.name.text)
        let near = nearName(key.text, among: names).map { "Did you mean '\($0)'? " } ?? ""
        let known =
            names.isEmpty ? "The template has no parameters." : "Its parameters are \(names.joined(separator: ", "))."
        log.error("parameter.unexpected", "Unexpected parameter '\(key.text)'", at: key.place, advice: near + known)
    }

    // MARK: Values

    private func value(_ node: SyntaxNode, _ definition: ParameterDefinition) -> BoundValue {
        if node.isUnknown { return BoundValue(node) }
        guard checkForm(node, definition) else { return BoundValue(.unknown(node.place)) }
        switch definition.type {
        case .string, .environment, .secureFile, .serviceConnection, .filePath:
            let text = node.scalar?.string ?? ""
            checkAllowed(text, node, definition)
            return BoundValue(Value.string(text))
        case .number: return number(node, definition)
        case .boolean: return boolean(node, definition)
        case .legacyObject: return BoundValue(node.withTextScalars)
        case .stringList: return stringList(node, definition)
        case .stepList, .jobList, .deploymentList, .stageList, .containerList:
            return BoundValue(node.isNull ? .sequence(SyntaxSequence([], place: node.place)) : node)
        case .object, .step, .job, .deployment, .stage, .container, .pool: return BoundValue(node)
        }
    }

    private func number(_ node: SyntaxNode, _ definition: ParameterDefinition) -> BoundValue {
        guard let scalar = node.scalar, !scalar.string.isEmpty else { return BoundValue(Value.number(0)) }
        guard let number = parseNumber(scalar.text) else {
            invalid(scalar.text, "is not a valid Number.", node, definition)
            return BoundValue(.unknown(node.place))
        }
        checkAllowed(scalar.text, node, definition)
        var written = scalar
        written.style = .plain
        return BoundValue(.number(number), node: CoreSchema.number(scalar.text) == nil ? nil : .scalar(written))
    }

    private func boolean(_ node: SyntaxNode, _ definition: ParameterDefinition) -> BoundValue {
        guard let scalar = node.scalar, !scalar.string.isEmpty else { return BoundValue(Value.bool(false)) }
        switch foldedName(scalar.text) {
        case "true": return BoundValue(Value.bool(true))
        case "false": return BoundValue(Value.bool(false))
        default:
            invalid(scalar.text, "is not a valid Boolean.", node, definition)
            return BoundValue(.unknown(node.place))
        }
    }

    private func stringList(_ node: SyntaxNode, _ definition: ParameterDefinition) -> BoundValue {
        let items = node.sequence?.items ?? []
        for case .scalar(let item) in items { checkAllowed(item.string, .scalar(item), definition) }
        return BoundValue(Value.array(items.map { .string($0.scalar?.string ?? "") }))
    }

    private func checkForm(_ node: SyntaxNode, _ definition: ParameterDefinition) -> Bool {
        if node.isNull { return true }
        let expected: String
        switch (definition.type.form, node) {
        case (.anything, _), (.text, .scalar), (.list, .sequence), (.mapping, .mapping): return true
        case (.text, .sequence): expected = "A sequence was not expected"
        case (.text, _): expected = "A mapping was not expected"
        case (.list, .scalar(let scalar)) where scalar.string.isEmpty: return true
        case (.list, .mapping(let mapping)) where mapping.pairs.isEmpty: return true
        case (.list, _): expected = "Expected a sequence"
        case (.mapping, _): expected = "Expected a mapping"
        }
        log.error(
            "parameter.kind",
            expected,
            at: node.place,
            advice: "The parameter '\(definition.name.text)' is of type \(definition.type.rawValue)."
        )
        return false
    }

    private func checkAllowed(_ text: String, _ node: SyntaxNode, _ definition: ParameterDefinition) {
        guard let allowed = definition.allowed, !allowed.contains(where: { equalIgnoringCase($0.string, text) }) else {
            return
        }
        let values = allowed.map { "'\($0.string)'" }.joined(separator: ", ")
        let near = nearName(text, among: allowed.map(\.string)).map { "Did you mean '\($0)'? " } ?? ""
        invalid(text, "is not an allowed value.", node, definition, advice: "\(near)Allowed values are \(values).")
    }

    private func invalid(
        _ text: String,
        _ reason: String,
        _ node: SyntaxNode,
        _ definition: ParameterDefinition,
        advice: String? = nil
    ) {
        let advice =
            advice ?? (reason.contains("Boolean") ? "Write true or false." : "Write digits, such as 42 or 1.5.")
        log.error(
            "parameter.value",
            "The '\(definition.name.text)' parameter value '\(text)' \(reason)",
            at: node.place,
            advice: advice
        )
    }
}

extension SyntaxNode {
    /// The tree, reached by another way.
    fileprivate func locatedAt(_ site: IncludeSite?) -> SyntaxNode {
        guard site != nil else { return self }
        switch self {
        case .scalar(var scalar):
            scalar.place.site = site
            return .scalar(scalar)
        case .sequence(var sequence):
            sequence.place.site = site
            sequence.items = sequence.items.map { $0.locatedAt(site) }
            return .sequence(sequence)
        case .mapping(var mapping):
            mapping.place.site = site
            mapping.pairs = mapping.pairs.map { pair in
                var key = pair.key
                key.place.site = site
                return SyntaxPair(key, pair.value.locatedAt(site))
            }
            return .mapping(mapping)
        case .unknown(let place): return .unknown(place.reached(by: site))
        }
    }
}
