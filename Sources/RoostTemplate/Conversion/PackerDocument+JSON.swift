extension PackerDocument {
    /// As JSON, the older language.
    var json: String {
        var root: [(String, JSONText)] = []
        if !comments.isEmpty {
            root.append(("_comment", .text(comments.joined(separator: " "))))
        }
        if !variables.isEmpty { root.append(("variables", .object(variables.map { ($0.name, .word("null")) }))) }
        let secrets = variables.filter(\.isSensitive).map { JSONText.text($0.name) }
        if !secrets.isEmpty { root.append(("sensitive-variables", .list(secrets))) }
        let builder: [(String, JSONText)] = [("type", .text(sourceType)), ("name", .text(sourceName))]
        root.append(("builders", .list([.object(builder + Self.properties(options))])))
        let provisioners = steps.map { JSONText.object([("type", .text($0.type))] + Self.properties($0.options)) }
        if !provisioners.isEmpty { root.append(("provisioners", .list(provisioners))) }
        return JSONText.object(root).written() + "\n"
    }

    /// Blocks of one name become a list when there are several.
    private static func properties(_ options: [(String, Value)]) -> [(String, JSONText)] {
        var (result, seen): ([(String, JSONText)], Set<String>) = ([], [])
        for (name, value) in options where seen.insert(name).inserted {
            let all = options.filter { $0.0 == name }.map { node($0.1) }
            result.append((name, all.count > 1 ? .list(all) : node(value)))
        }
        return result
    }

    private static func node(_ value: Value) -> JSONText {
        switch value {
        case .text(let text, let variables):
            return .text(
                pieces(text, variables).map { part, isVariable in
                    isVariable ? "{{user `\(part)`}}" : withoutTemplates(part)
                }.joined()
            )
        case .template(let text): return .text(text)
        case .build(let name): return .text("{{ build `\(name)` }}")
        case .number(let number): return .word(HCLValue.number(number).json)
        case .truth(let truth): return .word(truth ? "true" : "false")
        case .list(let elements): return .list(elements.map(node))
        case .map(let entries), .block(let entries): return .object(properties(entries))
        }
    }
}
