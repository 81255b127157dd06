/// One machine that is made from a source, changed by steps, and stored.
public struct ImageTarget: Sendable {
    /// As `-only` and `-except` know it: `build.type.name` of HCL2, the builder's name of JSON, the template's name of Image Builder.
    public var name: String
    /// Of the builder, such as `azure-arm`.
    public var type: String
    /// The builder's name within the build, as `only` of provisioners knows it.
    public var sourceName: String
    /// Settings of the builder.
    public var settings: ImageSettings
    /// In the order in which they run; those that are for other targets are not here, and overrides are in them.
    public var provisioners: [ImageStep]
    /// Runs once when provisioning failed.
    public var errorCleanup: ImageStep?
    /// Run on a machine that is started from the image that was made.
    public var validations: [ImageStep]
    /// Each chain begins with the machine's image; within a chain each gets what the one before it made.
    public var postProcessors: [[ImageStep]]
    /// Where it is written, which does not matter for equality; nil for what nobody wrote.
    public var range: HCLRange?

    public init(
        name: String,
        type: String,
        sourceName: String? = nil,
        settings: ImageSettings = ImageSettings(),
        provisioners: [ImageStep] = [],
        errorCleanup: ImageStep? = nil,
        validations: [ImageStep] = [],
        postProcessors: [[ImageStep]] = [],
        range: HCLRange? = nil
    ) {
        self.name = name
        self.type = type
        self.sourceName = sourceName ?? name
        self.settings = settings
        self.provisioners = provisioners
        self.errorCleanup = errorCleanup
        self.validations = validations
        self.postProcessors = postProcessors
        self.range = range
    }
}

extension ImageTarget: Hashable {
    public static func == (left: ImageTarget, right: ImageTarget) -> Bool {
        left.name == right.name && left.hasSameWork(as: right)
    }

    /// Whether the same machine comes out of it, whatever it is called.
    public func hasSameWork(as other: ImageTarget) -> Bool {
        type == other.type && settings == other.settings && provisioners == other.provisioners
            && errorCleanup == other.errorCleanup && validations == other.validations
            && postProcessors == other.postProcessors
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(type)
        hasher.combine(settings)
    }
}
