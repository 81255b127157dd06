/// A setting that a component takes.
public struct ComponentOption: Sendable {
    /// What may be given for a setting.
    public indirect enum Kind: Sendable {
        case text
        /// A text that is one of these.
        case choice([String], ignoringCase: Bool = false)
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
    /// What to use instead, when it should no longer be used; a whole sentence.
    public var replacement: String?
    /// The option that this is an earlier name of; settings are given that name.
    public var newName: String?
    /// What holds when it is not given, as people write it; for documentation.
    public var defaultText: String?
    /// Whether it names files of the machine that builds, which have to exist when a build begins.
    public var isFile: Bool

    public init(
        _ name: String,
        _ kind: Kind = .text,
        required: Bool = false,
        sensitive: Bool = false,
        replacement: String? = nil,
        newName: String? = nil,
        default defaultText: String? = nil,
        isFile: Bool = false
    ) {
        self.name = name
        self.kind = kind
        isRequired = required
        isSensitive = sensitive
        self.replacement = replacement ?? newName.map { "Use \"\($0)\"." }
        self.newName = newName
        self.defaultText = defaultText
        self.isFile = isFile
    }
}

// Short forms, so that schemas read as tables.
extension ComponentOption {
    static func text(
        _ name: String,
        required: Bool = false,
        secret: Bool = false,
        default defaultText: String? = nil
    ) -> ComponentOption {
        ComponentOption(name, .text, required: required, sensitive: secret, default: defaultText)
    }

    static func file(_ name: String, required: Bool = false) -> ComponentOption {
        ComponentOption(name, .text, required: required, isFile: true)
    }

    static func files(_ name: String) -> ComponentOption { ComponentOption(name, .list(.text), isFile: true) }

    static func choice(
        _ name: String,
        _ values: [String],
        ignoringCase: Bool = false,
        default defaultText: String? = nil
    ) -> ComponentOption {
        ComponentOption(name, .choice(values, ignoringCase: ignoringCase), default: defaultText)
    }

    static func duration(_ name: String, default defaultText: String? = nil) -> ComponentOption {
        ComponentOption(name, .duration, default: defaultText)
    }

    /// A whole number, not below zero unless bounds are given.
    static func whole(
        _ name: String,
        _ bounds: ClosedRange<Int> = 0...Int.max,
        default defaultText: String? = nil
    ) -> ComponentOption {
        ComponentOption(name, .whole(bounds), default: defaultText)
    }

    static func port(_ name: String, default defaultText: String? = nil) -> ComponentOption {
        .whole(name, 0...65535, default: defaultText)
    }

    static func truth(_ name: String, default defaultText: String? = nil) -> ComponentOption {
        ComponentOption(name, .truth, default: defaultText)
    }

    /// A list of texts, unless something else is said.
    static func list(_ name: String, of kind: Kind = .text, default defaultText: String? = nil) -> ComponentOption {
        ComponentOption(name, .list(kind), default: defaultText)
    }

    /// A map of texts, unless something else is said.
    static func map(_ name: String, of kind: Kind = .text) -> ComponentOption { ComponentOption(name, .map(kind)) }

    static func block(_ name: String, _ schema: ComponentSchema) -> ComponentOption {
        ComponentOption(name, .block(schema, isRepeated: false))
    }

    /// A block that may be there more than once.
    static func blocks(_ name: String, _ schema: ComponentSchema) -> ComponentOption {
        ComponentOption(name, .block(schema, isRepeated: true))
    }

    /// An option that templates may still have but should not.
    static func old(_ name: String, _ kind: Kind = .text, _ replacement: String) -> ComponentOption {
        ComponentOption(name, kind, replacement: replacement)
    }

    /// An earlier name of an option.
    static func renamed(_ name: String, to newName: String, _ kind: Kind = .text) -> ComponentOption {
        ComponentOption(name, kind, newName: newName)
    }
}
