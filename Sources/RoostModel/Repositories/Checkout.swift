public import FoundationEssentials

/// One repository brought to one commit by one job, and where the time went.
public struct Checkout: Hashable, Sendable {
    /// Milliseconds of its parts.
    public struct Times: Hashable, Sendable, Codable {
        /// Finding, cleaning or making folders.
        public var prepare: Int
        /// Which commits there are and which are missing.
        public var negotiate: Int
        /// Bytes over the network.
        public var transfer: Int
        /// Working out deltas, checking that nothing is missing.
        public var resolve: Int
        /// Files of the working tree.
        public var write: Int

        public init(prepare: Int, negotiate: Int, transfer: Int, resolve: Int, write: Int) {
            self.prepare = prepare
            self.negotiate = negotiate
            self.transfer = transfer
            self.resolve = resolve
            self.write = write
        }

        public var total: Int { prepare + negotiate + transfer + resolve + write }
    }

    public var run: RunID
    public var pipeline: String
    public var job: JobID
    public var agent: String
    /// The name the job knows the repository by.
    public var alias: String
    public var repository: String
    /// Without user and password.
    public var url: String
    public var commit: String
    /// Where the commits came from: `folder`, `mirror`, `pool` or `origin`.
    public var source: String
    /// Why from there, for people.
    public var reason: String
    /// Bytes that came over the network.
    public var bytes: Int
    public var times: Times
    /// When it was over.
    public var at: Date

    public init(
        run: RunID,
        pipeline: String,
        job: JobID,
        agent: String,
        alias: String,
        repository: String,
        url: String,
        commit: String,
        source: String,
        reason: String,
        bytes: Int,
        times: Times,
        at: Date
    ) {
        self.run = run
        self.pipeline = pipeline
        self.job = job
        self.agent = agent
        self.alias = alias
        self.repository = repository
        self.url = url
        self.commit = commit
        self.source = source
        self.reason = reason
        self.bytes = bytes
        self.times = times
        self.at = at
    }
}
