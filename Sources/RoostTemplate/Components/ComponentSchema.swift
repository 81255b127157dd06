public import RoostLanguage

/// The settings that a component takes.
public struct ComponentSchema: Sendable {
    public var options: [ComponentOption]
    /// What has to hold between settings, such as that exactly one of several is there.
    public var rules: [ComponentRule]
    /// Names that people write by mistake or from old habit, and that are not near enough to the right ones to be recognised.
    public var mistakes: [String: String]

    public init(_ options: [ComponentOption], rules: [ComponentRule] = [], mistakes: [String: String] = [:]) {
        self.options = options
        self.rules = rules
        self.mistakes = mistakes
    }

    public func option(_ name: String) -> ComponentOption? { options.first { $0.name == name } }

    /// This schema with the options and rules of another, such as those of communicators.
    public func adding(_ other: ComponentSchema) -> ComponentSchema {
        ComponentSchema(
            options + other.options,
            rules: rules + other.rules,
            mistakes: mistakes.merging(other.mistakes) { first, _ in first }
        )
    }
}

/// What has to hold between the settings of a component.
public struct ComponentRule: Sendable {
    /// What has to hold, for documentation; a sentence with names of options in backticks.
    public var text: String
    /// Finds what is wrong; the settings have been converted to the kinds of their options, as far as they could be.
    public var check: @Sendable (_ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic]

    public init(
        _ text: String = "",
        _ check: @escaping @Sendable (_ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic]
    ) {
        self.text = text
        self.check = check
    }
}
