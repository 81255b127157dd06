/// A variable that is put in somewhere.
struct PackerJSONUse: Sendable {
    var name: String
    /// The text in which it is put in.
    var range: HCLRange?
}

extension PackerJSONSyntax {
    /// All variables that are used by a constant name, by their names, with the places where they are used first.
    func uses(_ functions: [String: TextTemplateFunction]) -> [PackerJSONUse] {
        var first: [String: HCLRange?] = [:]
        visitTexts { text, range in
            guard text.contains("{{"), let parsed = try? TextTemplateParser.parse(text, functions: functions) else {
                return
            }
            for name in parsed.userVariables where first[name] == nil { first[name] = .some(range) }
        }
        return first.sorted { $0.key < $1.key }.map { PackerJSONUse(name: $0.key, range: $0.value) }
    }

    private func visitTexts(_ body: (String, HCLRange?) -> Void) {
        for variable in variables { if let text = variable.defaultValue { body(text.text, text.range) } }
        for builder in builders {
            if let name = builder.name { body(name.text, name.range) }
            for property in builder.settings { property.value.visitTexts(body) }
        }
        for step in provisioners + [errorCleanup].compactMap(\.self) + postProcessors.flatMap({ $0 }) {
            for property in step.settings + step.overrides.flatMap(\.settings) { property.value.visitTexts(body) }
        }
    }
}

extension HCLJSONNode {
    fileprivate func visitTexts(_ body: (String, HCLRange?) -> Void) {
        switch form {
        case .string(let text, _): body(text, range)
        case .array(let elements): for element in elements { element.visitTexts(body) }
        case .object(let properties): for property in properties { property.value.visitTexts(body) }
        case .null, .bool, .number: break
        }
    }
}
