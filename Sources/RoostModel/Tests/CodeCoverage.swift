/// How much of the code the tests of a run reached.
public struct CodeCoverage: Hashable, Sendable, Codable {
    /// One kind of thing that is counted.
    public struct Count: Hashable, Sendable, Codable {
        /// `Lines`, `Branches`, and what else a format has.
        public var label: String
        public var covered: Int
        public var total: Int

        public init(label: String, covered: Int, total: Int) {
            self.label = label
            self.covered = covered
            self.total = total
        }

        /// 0 … 100; nil when there is nothing to cover.
        public var percent: Double? { total > 0 ? Double(covered) / Double(total) * 100 : nil }
    }

    public var run: RunID
    public var pipeline: PipelineID
    /// A full ref.
    public var branch: String
    public var counts: [Count]
    public var platform: String
    public var configuration: String

    public init(
        run: RunID,
        pipeline: PipelineID,
        branch: String,
        counts: [Count],
        platform: String = "",
        configuration: String = ""
    ) {
        self.run = run
        self.pipeline = pipeline
        self.branch = branch
        self.counts = counts
        self.platform = platform
        self.configuration = configuration
    }

    /// Adds what another part of the same run counted.
    public mutating func add(_ more: [Count]) {
        for count in more {
            guard let place = counts.firstIndex(where: { $0.label == count.label }) else {
                counts.append(count)
                continue
            }
            counts[place].covered += count.covered
            counts[place].total += count.total
        }
    }

    /// The change of a count against an earlier run, in points of a hundred.
    public func change(of label: String, since before: CodeCoverage?) -> Double? {
        guard let now = counts.first(where: { $0.label == label })?.percent,
            let then = before?.counts.first(where: { $0.label == label })?.percent
        else { return nil }
        return now - then
    }
}
