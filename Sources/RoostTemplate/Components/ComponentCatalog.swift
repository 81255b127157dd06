public import RoostLanguage

/// All components that are known: their options by schema, or only their names.
public struct ComponentCatalog: Sendable {
    /// What is known of a component.
    public enum Entry: Sendable {
        /// Its settings are checked.
        case known(ComponentSchema)
        /// It belongs to a plugin that is known by name; its settings are left as they are.
        case foreign
    }

    /// The schemas, by kind and type.
    public let schemas: [ComponentKind: [String: ComponentSchema]]
    /// Types of plugins that are known by name.
    let foreignTypes: ForeignTypes
    /// Names of the plugins that a template says it needs; types that are called so, or begin with the name and a hyphen, are theirs.
    public var declaredPlugins: Set<String> = []

    init(_ schemas: [ComponentKind: [String: ComponentSchema]], foreign: ForeignTypes) {
        self.schemas = schemas
        foreignTypes = foreign
    }

    /// What is known of a type; nil when nobody knows it.
    public func entry(_ kind: ComponentKind, _ type: String) -> Entry? {
        if let schema = schemas[kind]?[type] { return .known(schema) }
        let isForeign = foreignTypes.contains(kind, type) || declaredPlugins.contains { type.belongs(toPlugin: $0) }
        return isForeign ? .foreign : nil
    }

    /// The schema of a component, when its settings are checked.
    func schema(of component: ComponentName) -> ComponentSchema? {
        if case .known(let schema)? = entry(component.kind, component.type) { schema } else { nil }
    }

    /// The settings with their values converted to what the component takes, and everything that is wrong with them.
    ///
    /// Values that are computed when a build runs pass. Null is as if it was not given, and so are, for what has to hold between
    /// settings, empty texts and lists. Secrets are marked as such.
    public func checked(
        _ settings: ImageSettings,
        of component: ComponentName,
        in language: ImagePlan.Language
    ) -> (settings: ImageSettings, diagnostics: [Diagnostic]) {
        switch entry(component.kind, component.type) {
        case .known(let schema):
            var check = SettingsCheck(component, language)
            let result = check.checked(settings, by: schema)
            return (result, check.diagnostics)
        case .foreign: return (settings.hidingLikelySecrets, [])
        case nil: return (settings.hidingLikelySecrets, [unknownType(component)])
        }
    }

    private func unknownType(_ component: ComponentName) -> Diagnostic {
        let near = suggestion(component.type, among: names(component.kind))
        return .error(
            "component.unknown-type",
            "There is no \(component)",
            at: component.range?.span,
            advice: near
                ?? "A plugin that has it can be named in \"required_plugins\"; its settings are not checked then."
        )
    }

    /// All types of a kind, in order.
    public func names(_ kind: ComponentKind) -> [String] {
        ((schemas[kind]?.keys).map(Array.init) ?? []).sorted() + foreignTypes.names(kind)
    }
}

extension String {
    /// Whether a plugin of that name gives a component of this type.
    func belongs(toPlugin name: String) -> Bool { self == name || hasPrefix(name + "-") }
}
