public import FoundationEssentials

/// How one checkout of one repository went, and where its time went.
public struct CheckoutReportWire: Codable, Sendable, Hashable {
    /// The run; the server fills it in.
    public var buildId: Int?
    public var pipeline: String?
    /// Of the job.
    public var jobId: UUID?
    public var agentName: String?
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
    /// All times are milliseconds.
    public var prepare: Int
    public var negotiate: Int
    public var transfer: Int
    public var resolve: Int
    public var write: Int
    /// When it was over.
    public var finishedOn: Date?

    public init(
        jobId: UUID? = nil,
        agentName: String? = nil,
        alias: String,
        repository: String,
        url: String,
        commit: String,
        source: String,
        reason: String,
        bytes: Int,
        prepare: Int,
        negotiate: Int,
        transfer: Int,
        resolve: Int,
        write: Int
    ) {
        self.jobId = jobId
        self.agentName = agentName
        self.alias = alias
        self.repository = repository
        self.url = url
        self.commit = commit
        self.source = source
        self.reason = reason
        self.bytes = bytes
        self.prepare = prepare
        self.negotiate = negotiate
        self.transfer = transfer
        self.resolve = resolve
        self.write = write
    }

    /// Milliseconds of all parts.
    public var total: Int { prepare + negotiate + transfer + resolve + write }
}
