/// How a new version of an image is tried on real jobs before the whole pool gets it.
public struct CanarySettings: Hashable, Sendable, Codable {
    /// Of 100 jobs, how many may meet the new version.
    public var share: Int
    /// Most machines of it while it is tried.
    public var machines: Int
    /// Jobs that it must have run before it can be promoted.
    public var jobs: Int
    /// Failing this much more often than the version before, in hundredths of all jobs, is certainly too much; what is less is weighed by which is nearer.
    public var tolerance: Int
    /// A job that takes this much longer than before, in hundredths, counts as slow.
    public var slowdown: Int

    public init(share: Int = 10, machines: Int = 1, jobs: Int = 20, tolerance: Int = 25, slowdown: Int = 50) {
        self.share = share
        self.machines = machines
        self.jobs = jobs
        self.tolerance = tolerance
        self.slowdown = slowdown
    }
}
