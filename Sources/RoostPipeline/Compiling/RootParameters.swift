import RoostLanguage

/// Gives the parameters of a root file the values of a request.
struct RootParameters {
    let log: DiagnosticLog
    let limits: YAMLLimits

    /// The values, and what the file declares.
    ///
    /// - Parameters:
    ///   - declarations: The `parameters` of the file.
    ///   - given: The texts of the request, by name.
    /// - Returns: A value for each parameter, problems being reported.
    func bind(
        _ declarations: SyntaxNode?,
        _ given: [String: String]
    ) -> (values: ParameterValues, declared: [PipelineParameter]) {
        // Read once more by the binder; what is wrong is logged only once.
        let read = ParameterReader(log: log, site: nil).read(declarations)
        var forms: [String: ParameterType] = [:]
        if case .typed(let definitions) = read {
            for definition in definitions { forms[foldedName(definition.name.text)] = definition.type }
        }
        let arguments = given.sorted { $0.key < $1.key }.map { argument($0.key, $0.value, forms[foldedName($0.key)]) }
        let binder = ParameterBinder(log: log, site: nil)
        return (binder.bind(declarations, arguments, isPartial: false, at: nil), Self.declared(read, declarations))
    }

    private func argument(_ name: String, _ text: String, _ type: ParameterType?) -> SyntaxPair {
        let source = SourceText(name: "parameter \(name)", text: text)
        let place = SyntaxPlace(source: source, range: 0..<source.count)
        let key = SyntaxScalar(name, style: .singleQuoted, place: place, isEvaluated: true)
        let scalar = SyntaxNode.scalar(SyntaxScalar(text, style: .singleQuoted, place: place, isEvaluated: true))
        guard let type, type.form != .text else { return SyntaxPair(key, scalar) }
        let document = YAMLDocument(name: source.name, text: text, limits: limits)
        for diagnostic in document.diagnostics { log.add(diagnostic) }
        guard let root = document.root else {
            return SyntaxPair(
                key,
                document.diagnostics.isEmpty ? .scalar(SyntaxScalar("", place: place)) : .unknown(place)
            )
        }
        return SyntaxPair(key, root.asEvaluated)
    }

    private static func declared(_ read: ParameterDeclarations, _ node: SyntaxNode?) -> [PipelineParameter] {
        switch read {
        case .untyped(let pairs):
            return pairs.map { pair in
                let name = pair.key.text
                return PipelineParameter(
                    name: name,
                    displayName: name,
                    type: "string",
                    defaultValue: text(pair.value),
                    allowed: nil
                )
            }
        case .typed(let definitions):
            return definitions.map { definition in
                let name = definition.name.text
                return PipelineParameter(
                    name: name,
                    displayName: definition.displayName ?? name,
                    type: definition.type.rawValue,
                    defaultValue: definition.defaultValue.map(text),
                    allowed: definition.allowed?.map(\.string)
                )
            }
        }
    }

    private static func text(_ node: SyntaxNode) -> String {
        if let scalar = node.scalar { return scalar.string }
        return YAMLWriter.write(node)
    }
}

extension SyntaxNode {
    /// The tree with every text final: `${{` in what a request brings is no expression.
    fileprivate var asEvaluated: SyntaxNode {
        switch self {
        case .scalar(var scalar):
            scalar.isEvaluated = true
            return .scalar(scalar)
        case .sequence(var sequence):
            sequence.items = sequence.items.map(\.asEvaluated)
            return .sequence(sequence)
        case .mapping(var mapping):
            mapping.pairs = mapping.pairs.map { pair in
                var key = pair.key
                key.isEvaluated = true
                return SyntaxPair(key, pair.value.asEvaluated)
            }
            return .mapping(mapping)
        case .unknown: return self
        }
    }
}
