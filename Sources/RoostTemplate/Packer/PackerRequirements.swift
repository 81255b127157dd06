import RoostLanguage

/// What `packer` blocks ask for: a version of the language, and plugins.
public struct PackerRequirements: Sendable {
    /// A plugin that a template names; what it gives is built in here, or its settings are not looked at.
    public struct Plugin: Sendable, Hashable {
        /// As the template calls it, which is how its components begin.
        public let name: String
        /// Such as `github.com/hashicorp/azure`.
        public let source: String?
        /// Versions that are wanted.
        public let version: String?
    }

    /// By their names.
    public private(set) var plugins: [Plugin] = []
    /// Whether the template is for this version of the language; if not, nothing else is worth saying.
    public private(set) var isForThisVersion = true
    private(set) var diagnostics: [Diagnostic] = []
    private var places: [String: HCLRange] = [:]

    init(_ blocks: [HCLBlock]) {
        for block in blocks { read(block) }
        plugins.sort { $0.name < $1.name }
    }

    private static let schema = HCLBodySchema(
        attributes: [.init("required_version")],
        blocks: [.init("required_plugins")]
    )

    private mutating func read(_ block: HCLBlock) {
        let (content, problems) = block.body.content(Self.schema)
        diagnostics += problems
        if let attribute = content.attributes["required_version"] { checkVersion(attribute) }
        for inner in content.blocks {
            let (attributes, problems) = inner.body.attributes()
            diagnostics += problems
            for attribute in attributes { readPlugin(attribute) }
        }
    }

    private mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange,
        advice: String? = nil
    ) {
        diagnostics.append(.hcl("packer.\(code)", summary, detail, range, advice: advice))
    }

    private mutating func checkVersion(_ attribute: HCLAttribute) {
        guard let text = text(attribute.expression) else { return }
        guard let constraint = VersionConstraint(text) else { return failConstraint(text, attribute.expression.range) }
        let own = PackerEvaluation.languageVersion
        guard let version = SemanticVersion(own), !constraint.allows(version) else { return }
        isForThisVersion = false
        fail(
            "version",
            "Unsupported Packer version",
            "The template asks for Packer \(text); what is understood here is Packer \(own).",
            attribute.expression.range,
            advice: "Widen required_version, or use a template for Packer \(own)."
        )
    }

    private mutating func failConstraint(_ text: String, _ range: HCLRange) {
        fail(
            "constraint",
            "Invalid version constraint",
            "\"\(text)\" says no versions.",
            range,
            advice: "Write it like \">= 1.7.0, < 2.0.0\" or \"~> 1.8\"."
        )
    }

    private mutating func text(_ expression: HCLExpression) -> String? {
        let (value, problems) = expression.value(in: .constant)
        diagnostics += problems
        guard problems.isEmpty else { return nil }
        if let text = value.text { return text }
        fail("type", "Incorrect attribute value type", "A text is required here.", expression.range)
        return nil
    }

    // MARK: Plugins

    private mutating func readPlugin(_ attribute: HCLAttribute) {
        let (value, problems) = attribute.expression.value(in: .constant)
        diagnostics += problems
        guard problems.isEmpty else { return }
        let range = attribute.expression.range
        guard let parts = value.attributes else {
            return fail(
                "plugin",
                "Invalid plugin requirement",
                "What \(attribute.name) has to be is said by an object.",
                range,
                advice:
                    "Write \(attribute.name) = { source = \"github.com/ORGANIZATION/NAME\", version = \">= 1.0.0\" }."
            )
        }
        for name in parts.keys.sorted() where !["source", "version"].contains(name) {
            fail(
                "plugin",
                "Invalid plugin requirement",
                "A plugin has a source and a version, and no \"\(name)\".",
                range,
                advice: suggestion(name, among: ["source", "version"])
            )
        }
        if let version = parts["version"]?.text, VersionConstraint(version) == nil { failConstraint(version, range) }
        if let source = parts["source"]?.text { checkSource(source, range) }
        add(
            Plugin(name: attribute.name, source: parts["source"]?.text, version: parts["version"]?.text),
            attribute.nameRange
        )
    }

    private mutating func checkSource(_ source: String, _ range: HCLRange) {
        let parts = source.split(separator: "/", omittingEmptySubsequences: false)
        let last = parts.last ?? ""
        guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }), !last.hasPrefix("packer-plugin-") else {
            let isRepository = last.hasPrefix("packer-plugin-")
            return fail(
                "plugin-source",
                "Invalid plugin source",
                "\"\(source)\" is no address of a plugin.",
                range,
                advice: isRepository
                    ? "Leave out packer-plugin-: write \"\(parts.dropLast().joined(separator: "/"))/\(last.dropFirst(14))\"."
                    : "Write it like \"github.com/ORGANIZATION/NAME\"."
            )
        }
    }

    private mutating func add(_ plugin: Plugin, _ range: HCLRange) {
        if let earlier = plugins.first(where: { $0.name == plugin.name }) {
            guard earlier.source != plugin.source else { return }
            return fail(
                "duplicate",
                "Duplicate required plugin",
                "\(plugin.name) is asked for with another source at \(places[plugin.name] ?? range).",
                range
            )
        }
        plugins.append(plugin)
        places[plugin.name] = range
    }
}
