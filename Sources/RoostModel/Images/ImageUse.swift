public import FoundationEssentials

/// A job that ran on a machine of a version of an image.
public struct ImageUse: Hashable, Sendable {
    /// The version by its path, in small letters, as the agent's capability ``ImageRecord/capability`` says.
    public var image: String
    public var run: RunID
    public var job: JobID
    /// The name of the agent.
    public var agent: String
    public var at: Date

    public init(image: String, run: RunID, job: JobID, agent: String, at: Date) {
        self.image = image
        self.run = run
        self.job = job
        self.agent = agent
        self.at = at
    }
}
