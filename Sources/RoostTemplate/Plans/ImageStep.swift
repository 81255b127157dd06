/// A provisioner, a validation or a post-processor as it is done for one target.
public struct ImageStep: Sendable {
    /// Such as `shell`.
    public var type: String
    public var name: String?
    /// Before it begins.
    public var pauseBefore: Duration
    /// After which it is stopped; zero is never.
    public var timeout: Duration
    /// Tries after the first.
    public var retries: Int
    public var continuesOnError: Bool
    /// Of post-processors; nil is as its type wants it.
    public var keepsInputArtifact: Bool?
    public var settings: ImageSettings
    /// Where it is written; it does not matter for equality.
    public var range: HCLRange?

    public init(
        type: String,
        name: String? = nil,
        pauseBefore: Duration = .zero,
        timeout: Duration = .zero,
        retries: Int = 0,
        continuesOnError: Bool = false,
        keepsInputArtifact: Bool? = nil,
        settings: ImageSettings = ImageSettings(),
        range: HCLRange? = nil
    ) {
        self.type = type
        self.name = name
        self.pauseBefore = pauseBefore
        self.timeout = timeout
        self.retries = retries
        self.continuesOnError = continuesOnError
        self.keepsInputArtifact = keepsInputArtifact
        self.settings = settings
        self.range = range
    }
}

extension ImageStep: Hashable {
    public static func == (left: ImageStep, right: ImageStep) -> Bool {
        left.type == right.type && left.name == right.name && left.pauseBefore == right.pauseBefore
            && left.timeout == right.timeout && left.retries == right.retries
            && left.continuesOnError == right.continuesOnError
            && left.keepsInputArtifact == right.keepsInputArtifact && left.settings == right.settings
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(settings)
    }
}
