/// What a template makes: the same for HCL2, JSON and Image Builder, with all values that are known before a build runs.
public struct ImagePlan: Sendable, Hashable {
    /// The language of the template.
    public enum Language: String, Sendable, Hashable, CaseIterable {
        case packerHCL = "packer-hcl2"
        case packerJSON = "packer-json"
        case imageBuilder = "image-builder"
    }

    public var language: Language
    public var description: String?
    /// By their names.
    public var variables: [ImageVariable]
    /// Names for expressions, with their values; by their names.
    public var locals: [ImageVariable]
    /// The machines that are made, one image each.
    public var targets: [ImageTarget]

    public init(
        language: Language,
        description: String? = nil,
        variables: [ImageVariable] = [],
        locals: [ImageVariable] = [],
        targets: [ImageTarget] = []
    ) {
        self.language = language
        self.description = description
        self.variables = variables
        self.locals = locals
        self.targets = targets
    }
}

/// A variable of a template, as a person who builds needs to know it.
public struct ImageVariable: Sendable, Hashable {
    public var name: String
    public var description: String?
    /// Nil when a value has to be given.
    public var defaultValue: HCLValue?
    /// Nil when it has none.
    public var value: HCLValue?
    public var isSensitive: Bool

    public init(
        name: String,
        description: String? = nil,
        defaultValue: HCLValue? = nil,
        value: HCLValue? = nil,
        isSensitive: Bool = false
    ) {
        self.name = name
        self.description = description
        self.defaultValue = defaultValue
        self.value = value
        self.isSensitive = isSensitive
    }

    public var isRequired: Bool { defaultValue == nil }
}
