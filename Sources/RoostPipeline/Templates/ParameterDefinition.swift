import RoostLanguage

/// What a parameter accepts.
enum ParameterType: String, CaseIterable {
    case string, stringList, number, boolean, object, legacyObject
    case step, stepList, job, jobList, deployment, deploymentList, stage, stageList
    case container, containerList, environment, pool, secureFile, serviceConnection, filePath

    /// What the value must be.
    enum Form { case text, list, mapping, anything }

    var form: Form {
        switch self {
        case .string, .number, .boolean, .environment, .secureFile, .serviceConnection, .filePath: .text
        case .stringList, .stepList, .jobList, .deploymentList, .stageList, .containerList: .list
        case .step, .job, .deployment, .stage: .mapping
        case .object, .legacyObject, .container, .pool: .anything
        }
    }
}

/// One entry of a `parameters` list.
struct ParameterDefinition {
    let name: SyntaxScalar
    /// Nil when it is shown by its name.
    let displayName: String?
    let type: ParameterType
    /// Nil when a value must be given.
    let defaultValue: SyntaxNode?
    /// Nil when every value of the type is allowed.
    let allowed: [SyntaxScalar]?
}

/// The parameters a file declares.
enum ParameterDeclarations {
    /// The file has no `parameters`, or the old form that only gives defaults: callers may hand over what they like.
    case untyped([SyntaxPair])
    case typed([ParameterDefinition])
}

/// Reads the `parameters` of a file.
struct ParameterReader {
    let log: DiagnosticLog
    let site: IncludeSite?

    private static let keys = ["name", "displayName", "type", "default", "values"]

    func read(_ node: SyntaxNode?) -> ParameterDeclarations {
        switch node {
        case .mapping(let mapping):
            return .untyped(mapping.pairs.map { SyntaxPair($0.key, $0.value.withoutExpressions) })
        case .sequence(let sequence): return .typed(definitions(sequence))
        case .scalar(let scalar) where !scalar.isNull:
            error(
                "pipeline.sequence-expected",
                "A sequence was expected",
                scalar.place,
                "Begin each parameter with '- name:'."
            )
            return .untyped([])
        case .scalar, .unknown, nil: return .untyped([])
        }
    }

    private func definitions(_ sequence: SyntaxSequence) -> [ParameterDefinition] {
        var known: [String: SyntaxPlace] = [:]
        var definitions: [ParameterDefinition] = []
        for item in sequence.items {
            guard let definition = definition(item) else { continue }
            let name = definition.name
            if let first = known.updateValue(name.place, forKey: foldedName(name.text)) {
                known[foldedName(name.text)] = first
                log.duplicate(name.text, at: name.place.reached(by: site), first: first)
            } else {
                definitions.append(definition)
            }
        }
        return definitions
    }

    private func definition(_ item: SyntaxNode) -> ParameterDefinition? {
        if item.isNull { return nil }
        guard case .mapping(let mapping) = item else {
            error("pipeline.mapping-expected", "A mapping was expected", item.place, "Write '- name: …'.")
            return nil
        }
        for pair in mapping.pairs where !Self.keys.contains(pair.key.text) {
            let near = nearName(pair.key.text, among: Self.keys).map { "Did you mean '\($0)'? " } ?? ""
            error(
                "pipeline.unexpected",
                "Unexpected value '\(pair.key.text)'",
                pair.key.place,
                "\(near)Allowed here: \(Self.keys.joined(separator: ", "))."
            )
        }
        guard case .scalar(let name)? = mapping["name"], !name.string.isEmpty else {
            // A misspelt 'name' is reported already.
            let keys = mapping.pairs.map(\.key.text)
            if keys.contains("name") || !keys.contains(where: { nearName($0, among: ["name"]) != nil }) {
                error("parameter.name", "A parameter needs a name", mapping.place, "Write '- name: …' first.")
            }
            return nil
        }
        let type = self.type(mapping["type"])
        let definition = ParameterDefinition(
            name: name,
            displayName: mapping["displayName"]?.scalar?.string,
            type: type ?? .object,
            defaultValue: mapping["default"]?.withoutExpressions,
            allowed: allowed(mapping["values"])
        )
        if type == .string, case .sequence(let sequence)? = mapping["default"] {
            error(
                "parameter.kind",
                "A sequence was not expected",
                sequence.place,
                "A parameter without a type is a string; add 'type: object'."
            )
        }
        return definition
    }

    /// Nil when there is no such type, which is reported.
    private func type(_ node: SyntaxNode?) -> ParameterType? {
        guard let node, !node.isNull else { return .string }
        guard case .scalar(let scalar) = node else {
            error("pipeline.scalar-expected", "The type of a parameter must be a text", node.place, nil)
            return nil
        }
        let names = ParameterType.allCases.map(\.rawValue)
        if let name = names.first(where: { equalIgnoringCase($0, scalar.text) }) {
            return ParameterType(rawValue: name)
        }
        let isCollection = ["array", "list", "map", "mapping", "dict", "sequence"].contains(foldedName(scalar.text))
        let near =
            isCollection
            ? "Lists and mappings are of type 'object'. "
            : nearName(scalar.text, among: names).map { "Did you mean '\($0)'? " } ?? ""
        error(
            "parameter.type",
            "Unexpected value '\(scalar.text)'",
            scalar.place,
            "\(near)Types are \(names.joined(separator: ", "))."
        )
        return nil
    }

    private func allowed(_ node: SyntaxNode?) -> [SyntaxScalar]? {
        guard let node, !node.isNull else { return nil }
        guard case .sequence(let sequence) = node else {
            error(
                "pipeline.sequence-expected",
                "A sequence was expected",
                node.place,
                "List the values, each after '- '."
            )
            return nil
        }
        return sequence.items.compactMap { item in
            if case .scalar(let scalar) = item { return scalar }
            error("pipeline.scalar-expected", "An allowed value must be a text", item.place, nil)
            return nil
        }
    }

    private func error(_ code: String, _ summary: String, _ place: SyntaxPlace, _ advice: String?) {
        log.error(code, summary, at: place.reached(by: site), advice: advice)
    }
}

extension SyntaxNode {
    /// The tree with nothing known in the place of expressions, which declarations may not hold and which are reported elsewhere.
    fileprivate var withoutExpressions: SyntaxNode {
        switch self {
        case .scalar(let scalar): return scalar.mayHoldExpression ? .unknown(scalar.place) : self
        case .sequence(var sequence):
            sequence.items = sequence.items.map(\.withoutExpressions)
            return .sequence(sequence)
        case .mapping(var mapping):
            let count = mapping.pairs.count
            mapping.pairs.removeAll { $0.key.mayHoldExpression }
            mapping.isPartial = mapping.isPartial || mapping.pairs.count < count
            mapping.pairs = mapping.pairs.map { SyntaxPair($0.key, $0.value.withoutExpressions) }
            return .mapping(mapping)
        case .unknown: return self
        }
    }
}
