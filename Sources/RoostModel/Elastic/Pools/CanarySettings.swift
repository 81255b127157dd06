/// How a new version of an image is tried on real jobs before the whole pool gets it.
public struct CanarySettings: Hashable, Sendable, Codable {
    /// Of 100 jobs, how many may meet the new version.
    public var share: Int
    /// Most machines of it while it is tried.
    public var machines: Int
    /// Jobs that it must have run before it can be promoted.
    public var jobs: Int
    /// By how much more often jobs may fail on it than before, in hundredths of all jobs.
    public var tolerance: Int
    /// By how much longer its jobs may take than before, in hundredths.
    public var slowdown: Int

    public init(share: Int = 10, machines: Int = 1, jobs: Int = 20, tolerance: Int = 5, slowdown: Int = 50) {
        self.share = share
        self.machines = machines
        self.jobs = jobs
        self.tolerance = tolerance
        self.slowdown = slowdown
    }
}
