import RoostLanguage

extension HCLEvaluator {
    private static let noteLimit = 6

    /// Adds to new problems what the names in the expression stand for; the innermost expression around a problem does it.
    mutating func annotate(since count: Int, _ expression: HCLExpression, in scope: HCLScope) {
        guard annotated < diagnostics.count else { return }
        let notes = Self.notes(expression.variables, in: scope)
        for place in max(count, annotated)..<diagnostics.count where diagnostics[place].notes.isEmpty {
            diagnostics[place].notes = notes
        }
        annotated = diagnostics.count
    }

    private static func notes(_ references: [HCLTraversal], in scope: HCLScope) -> [Diagnostic.Note] {
        var seen: Set<String> = []
        let texts = references.compactMap { note($0, in: scope) }.filter { seen.insert($0).inserted }
        return texts.sorted().prefix(noteLimit).map { Diagnostic.Note($0) }
    }

    /// The value of a name, or of as many of its steps as can be taken.
    private static func note(_ reference: HCLTraversal, in scope: HCLScope) -> String? {
        guard let root = scope.variable(reference.name) else { return nil }
        var (value, path) = (root, reference.name)
        for step in reference.steps {
            var evaluator = HCLEvaluator(isSilent: true)
            let next = evaluator.apply([step], to: value)
            guard evaluator.diagnostics.isEmpty else { break }
            value = next
            switch step.form {
            case .attribute(let name): path += ".\(name)"
            case .index(let key): path += "[\(key.type == .string ? quoted(key.textOrEmpty) : key.json)]"
            }
        }
        return value.shortDescription.map { "\(path) \($0)" }
    }
}

extension HCLValue {
    /// What a sentence says of the value, such as `is list of string with 2 elements`; nil when it is not known.
    var shortDescription: String? {
        if isSensitive { return "is a value that is not shown" }
        switch content {
        case .unknown: return nil
        case .null: return "is null"
        case .string(let text): return "is \(quoted(text.count > 60 ? text.prefix(60) + "…" : text))"
        case .number(let number): return "is \(HCLNumber(number.double)?.description ?? number.description)"
        case .bool(let value): return "is \(value)"
        case .elements(let elements): return "is \(type.name) with \(counted(elements.count, "element"))"
        case .attributes(let attributes):
            return
                "is \(type.name) with \(counted(attributes.count, type.elementType == nil ? "attribute" : "element"))"
        }
    }

    private func counted(_ count: Int, _ word: String) -> String {
        "\(count == 0 ? "no" : "\(count)") \(word)\(count == 1 ? "" : "s")"
    }
}
