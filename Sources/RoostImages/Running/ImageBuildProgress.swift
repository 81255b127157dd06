/// How far the build of a target is, for programs that show it.
public enum ImageBuildProgress: Sendable, Hashable {
    case phase(ImageBuildPhase)
    /// A provisioner or validation begins; places count from one, validations after provisioners.
    case stepBegan(place: Int, title: String)
    case stepEnded(ImageStepReport)
    /// Something that was made of the image, or could not be.
    case output(ImageBuildOutput)
}

/// What a build does, in the order in which it does so.
public enum ImageBuildPhase: String, Sendable, Hashable, CaseIterable, Codable {
    case building = "Building"
    case customizing = "Customizing"
    case optimizing = "Optimizing"
    case validating = "Validating"
    case distributing = "Distributing"
}

/// What became of a step.
public struct ImageStepReport: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, Codable { case done, reused, failed }

    public var place: Int
    public var title: String
    public var outcome: Outcome
    public var duration: Duration
    /// Why it failed.
    public var reason: String?

    public init(place: Int, title: String, outcome: Outcome, duration: Duration, reason: String? = nil) {
        self.place = place
        self.title = title
        self.outcome = outcome
        self.duration = duration
        self.reason = reason
    }
}

/// One of the things that a template wants made of its image.
public struct ImageBuildOutput: Sendable, Hashable {
    /// `runOutputName` of Image Builder.
    public var name: String
    /// `ManagedImage`, `SharedImage` or `VHD`.
    public var kind: String
    /// The path of a file, or the identifier of a version in a gallery; nil when it could not be made.
    public var place: String?
    /// SHA-256 of what is there.
    public var digest: String?
    /// Why it could not be made.
    public var problem: String?

    public init(name: String, kind: String, place: String? = nil, digest: String? = nil, problem: String? = nil) {
        self.name = name
        self.kind = kind
        self.place = place
        self.digest = digest
        self.problem = problem
    }
}
