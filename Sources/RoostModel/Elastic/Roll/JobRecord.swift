/// How jobs ended on a version of an image.
public struct JobRecord: Hashable, Sendable, Codable {
    public private(set) var jobs: Int
    public private(set) var failed: Int

    public init(jobs: Int = 0, failed: Int = 0) {
        self.jobs = max(0, jobs)
        self.failed = min(max(0, failed), max(0, jobs))
    }

    /// Counts a job; what is long ago counts for less and less.
    public mutating func count(failed didFail: Bool) {
        if jobs >= 400 { (jobs, failed) = (jobs / 2, failed / 2) }
        jobs += 1
        if didFail { failed += 1 }
    }
}
