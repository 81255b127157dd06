/// What is known of a version that is on trial.
public struct ImageTrial: Hashable, Sendable, Codable {
    /// Jobs that ended on it; cancelled ones do not count.
    public var jobs: Int
    public var failed: Int
    /// Jobs that ended well and whose usual time is known.
    public var timed: Int
    /// How many of those were slow.
    public var slow: Int
    /// Machines of it whose agent came online.
    public var starts: Int
    /// Machines of it whose agent did not.
    public var failedStarts: Int

    public init(jobs: Int = 0, failed: Int = 0, timed: Int = 0, slow: Int = 0, starts: Int = 0, failedStarts: Int = 0) {
        self.jobs = jobs
        self.failed = failed
        self.timed = timed
        self.slow = slow
        self.starts = starts
        self.failedStarts = failedStarts
    }
}
