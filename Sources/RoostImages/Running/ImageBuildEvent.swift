public import RoostTemplate

/// What happens while targets are built; secrets are masked in it.
public struct ImageBuildEvent: Sendable {
    public enum Kind: Sendable {
        /// Something is said, by a post-processor when there is a type.
        case message(BuildMessage, postProcessor: String?)
        case progress(ImageBuildProgress)
        case finished(Duration, [ImageArtifact])
        case failed(Duration, String)
    }

    /// The name of the target.
    public var target: String
    public var kind: Kind
}

/// What became of a target.
public struct ImageBuildResult: Sendable {
    public enum Outcome: Sendable {
        case finished([ImageArtifact])
        case failed(String)
        case canceled
    }

    public var target: ImageTarget
    public var outcome: Outcome
    public var duration: Duration
}
