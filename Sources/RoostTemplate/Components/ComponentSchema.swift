public import RoostLanguage

/// The settings that a component takes.
public struct ComponentSchema: Sendable {
    public var options: [ComponentOption]
    /// What has to hold between settings, such as that exactly one of several is there.
    public var rules: [ComponentRule]

    public init(_ options: [ComponentOption], rules: [ComponentRule] = []) {
        self.options = options
        self.rules = rules
    }

    public func option(_ name: String) -> ComponentOption? { options.first { $0.name == name } }

    /// This schema with the options and rules of another, such as those of communicators.
    public func adding(_ other: ComponentSchema) -> ComponentSchema {
        ComponentSchema(options + other.options, rules: rules + other.rules)
    }
}

/// A setting that a component takes.
public struct ComponentOption: Sendable {
    /// What may be given for a setting.
    public indirect enum Kind: Sendable {
        case text
        /// A text that is one of these.
        case choice([String])
        /// A text that the pattern matches as a whole, such as `^\d+\.\d+\.\d+$`.
        case pattern(String)
        /// A duration of Go, such as `1m30s`.
        case duration
        case number
        /// A whole number in these bounds.
        case whole(ClosedRange<Int>)
        case truth
        case list(Kind)
        case map(Kind)
        /// A nested block; one that may be repeated is a list of objects.
        case block(ComponentSchema, isRepeated: Bool)
        case anything
    }

    public var name: String
    public var kind: Kind
    public var isRequired: Bool
    /// Whether its value must never be shown.
    public var isSensitive: Bool
    /// What to use instead, when it should no longer be used.
    public var replacement: String?

    public init(
        _ name: String,
        _ kind: Kind = .text,
        required: Bool = false,
        sensitive: Bool = false,
        replacement: String? = nil
    ) {
        self.name = name
        self.kind = kind
        isRequired = required
        isSensitive = sensitive
        self.replacement = replacement
    }
}

/// What has to hold between the settings of a component.
public struct ComponentRule: Sendable {
    /// Finds what is wrong; the kind and type of the component are in the settings' own words already.
    public var check: @Sendable (_ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic]

    public init(
        _ check: @escaping @Sendable (_ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic]
    ) {
        self.check = check
    }
}

/// Which component something is said about.
public struct ComponentName: Sendable, Hashable, CustomStringConvertible {
    public var kind: ComponentKind
    public var type: String
    /// Where it is named.
    public var range: HCLRange?

    public init(_ kind: ComponentKind, _ type: String, range: HCLRange? = nil) {
        self.kind = kind
        self.type = type
        self.range = range
    }

    /// Such as `builder "azure-arm"`.
    public var description: String { "\(kind.rawValue) \"\(type)\"" }
}
