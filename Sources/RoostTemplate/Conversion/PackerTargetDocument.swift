public import RoostLanguage

/// A target as a template of JSON that packer builds, with all values that are known already.
///
/// Secrets stand in a file of values, so that packer knows what not to show.
public struct PackerTargetDocument: Sendable {
    /// The template.
    public let template: String
    /// The file of values that goes with it.
    public let values: String
    /// What the template cannot say.
    public let problems: [Diagnostic]

    public init(_ target: ImageTarget) {
        var writer = PackerTargetWriter()
        let root = writer.root(target)
        template = root.written() + "\n"
        values = JSONText.object(writer.secrets.map { ($0.name, .text($0.value)) }).written() + "\n"
        problems = writer.problems
    }
}

/// Writes the parts of a target, and collects secrets and what cannot be written.
private struct PackerTargetWriter {
    private(set) var secrets: [(name: String, value: String)] = []
    private(set) var problems: [Diagnostic] = []

    mutating func root(_ target: ImageTarget) -> JSONText {
        let head: [(String, JSONText)] = [("type", .text(target.type)), ("name", .text(target.sourceName))]
        let builder = JSONText.object(head + properties(target.settings))
        var parts: [(String, JSONText)] = [("builders", .list([builder]))]
        let provisioners = target.provisioners.map { provisioner($0) }
        if !provisioners.isEmpty { parts.append(("provisioners", .list(provisioners))) }
        if let step = target.errorCleanup { parts.append(("error-cleanup-provisioner", provisioner(step))) }
        let chains = target.postProcessors.map { chain in JSONText.list(chain.map { postProcessor($0) }) }
        if !chains.isEmpty { parts.append(("post-processors", .list(chains))) }
        guard !secrets.isEmpty else { return .object(parts) }
        let variables = JSONText.object(secrets.map { ($0.name, .word("null")) })
        let names = JSONText.list(secrets.map { .text($0.name) })
        return .object([("variables", variables), ("sensitive-variables", names)] + parts)
    }

    // MARK: Steps

    private mutating func provisioner(_ step: ImageStep) -> JSONText {
        var parts: [(String, JSONText)] = [("type", .text(step.type))]
        if step.pauseBefore > .zero { parts.append(("pause_before", .text(step.pauseBefore.goText))) }
        if step.timeout > .zero { parts.append(("timeout", .text(step.timeout.goText))) }
        if step.retries > 0 { parts.append(("max_retries", .word("\(step.retries)"))) }
        if step.continuesOnError { refuse("\"continue_on_error\" of the provisioner \"\(step.type)\"", step.range) }
        return .object(parts + properties(step.settings))
    }

    private mutating func postProcessor(_ step: ImageStep) -> JSONText {
        var parts: [(String, JSONText)] = [("type", .text(step.type))]
        if let name = step.name { parts.append(("name", .text(name))) }
        if let keeps = step.keepsInputArtifact { parts.append(("keep_input_artifact", .word("\(keeps)"))) }
        return .object(parts + properties(step.settings))
    }

    // MARK: Values

    private mutating func properties(_ settings: ImageSettings, isSecret: Bool = false) -> [(String, JSONText)] {
        settings.entries.compactMap { entry in
            node(entry.value, isSecret || entry.value.isSensitive, entry.name).map { (entry.name, $0) }
        }
    }

    private mutating func node(_ value: SettingValue, _ isSecret: Bool, _ name: String) -> JSONText? {
        switch value.form {
        case .null: return nil
        case .text(let text): return .text(isSecret ? secret(text) : PackerDocument.withoutTemplates(text))
        case .template(let text): return .text(text)
        case .number(let number): return .word(HCLValue.number(number).json)
        case .truth(let truth): return .word(truth ? "true" : "false")
        case .list(let elements):
            return .list(elements.compactMap { node($0, isSecret || $0.isSensitive, name) })
        case .object(let settings): return .object(properties(settings, isSecret: isSecret))
        case .later(let expression):
            if let text = expression.goTemplate { return .text(text) }
            refuse("the value of \"\(name)\", \(expression.text),", value.range)
            return nil
        }
    }

    /// A variable in the place of a secret; a text with braces would be taken for a template there.
    private mutating func secret(_ text: String) -> String {
        guard !text.isEmpty, !text.contains("{{") else { return PackerDocument.withoutTemplates(text) }
        if let known = secrets.first(where: { $0.value == text }) { return "{{user `\(known.name)`}}" }
        let name = "secret_\(secrets.count + 1)"
        secrets.append((name, text))
        return "{{user `\(name)`}}"
    }

    private mutating func refuse(_ what: String, _ range: HCLRange?) {
        problems.append(
            .error(
                "image-build.not-for-packer",
                "\(what) cannot be handed to packer",
                at: range?.span,
                advice: "packer gets a template of JSON, in which ${build.Host} can stand, and nothing computed of it."
            )
        )
    }
}

extension Duration {
    /// As templates write it.
    fileprivate var goText: String {
        let parts = components
        return "\(parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)ms"
    }
}

extension LaterExpression {
    /// The same as a text template of JSON, when it is a text with names of `build` in it and nothing else.
    var goTemplate: String? { Self.goTemplate(expression, scope) }

    private static func goTemplate(_ expression: HCLExpression, _ scope: HCLScope) -> String? {
        switch expression.form {
        case .wrapped(let inner), .parentheses(let inner): return goTemplate(inner, scope)
        case .template(let parts):
            let texts = parts.map { goTemplate($0, scope) }
            return texts.contains(nil) ? nil : texts.compactMap(\.self).joined()
        case .variable(let names) where names.name == "build":
            guard names.steps.count == 1, case .attribute(let name) = names.steps[0].form else { return nil }
            return "{{ build `\(name)` }}"
        default:
            let (value, problems) = expression.value(in: scope)
            guard problems.isEmpty, value.isWhollyKnown else { return nil }
            return (try? value.converted(to: .string))?.text
        }
    }
}
