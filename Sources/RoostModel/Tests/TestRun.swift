public import FoundationEssentials

/// Results that were published together; positive.
public struct TestRunID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A test of a pipeline, whatever the run: a number below 2^53 that follows from its name.
public struct TestID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// The results of one publication: of one file, or of several that were merged.
public struct TestRun: Hashable, Sendable {
    /// Where a publication stands.
    public enum State: String, Hashable, Sendable, Codable {
        case inProgress = "InProgress"
        case completed = "Completed"
        case aborted = "Aborted"
    }

    /// A file that belongs to a publication, or to one result of it.
    public struct Attachment: Hashable, Sendable, Codable {
        public var id: Int
        public var name: String
        public var kind: String
        public var comment: String
        /// Bytes.
        public var size: Int
        /// The result it belongs to; nil is the whole publication.
        public var result: Int?
        public var createdAt: Double

        public init(id: Int, name: String, kind: String, comment: String, size: Int, result: Int?, createdAt: Double) {
            self.id = id
            self.name = name
            self.kind = kind
            self.comment = comment
            self.size = size
            self.result = result
            self.createdAt = createdAt
        }
    }

    public var id: TestRunID
    public var run: RunID
    public var project: ProjectID
    public var pipeline: PipelineID
    /// A full ref.
    public var branch: String
    public var commit: String
    public var name: String
    /// The stage, job and leg that published it; empty when it was a person.
    public var job: String
    public var platform: String
    public var configuration: String
    public var state: State
    /// How many results of each outcome there are.
    public var totals: [TestOutcome: Int]
    /// The number of the last result.
    public var lastResult: Int
    /// Milliseconds of all results together.
    public var duration: Double
    /// Bytes of texts that are stored beside the rows.
    public var textBytes: Int
    public var startedAt: Date
    public var finishedAt: Date?
    public var attachments: [Attachment]

    public init(
        id: TestRunID,
        run: RunID,
        project: ProjectID,
        pipeline: PipelineID,
        branch: String,
        commit: String,
        name: String,
        job: String = "",
        platform: String = "",
        configuration: String = "",
        state: State = .inProgress,
        totals: [TestOutcome: Int] = [:],
        lastResult: Int = 0,
        duration: Double = 0,
        textBytes: Int = 0,
        startedAt: Date,
        finishedAt: Date? = nil,
        attachments: [Attachment] = []
    ) {
        self.id = id
        self.run = run
        self.project = project
        self.pipeline = pipeline
        self.branch = branch
        self.commit = commit
        self.name = name
        self.job = job
        self.platform = platform
        self.configuration = configuration
        self.state = state
        self.totals = totals
        self.lastResult = lastResult
        self.duration = duration
        self.textBytes = textBytes
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.attachments = attachments
    }

    /// All results.
    public var count: Int { totals.values.reduce(0, +) }
    public var failures: Int { totals.reduce(0) { $0 + ($1.key.isFailure ? $1.value : 0) } }
    public var passes: Int { totals.reduce(0) { $0 + ($1.key.isPass ? $1.value : 0) } }

    /// Results of equal setting can be compared: a test that fails on one platform and passes on another is not flaky.
    ///
    /// Numbers in the name do not count, because people write those of their runs into it.
    public var setting: String {
        let words = name.split(omittingEmptySubsequences: false, whereSeparator: \.isNumber).filter { !$0.isEmpty }
        return "\(words.joined(separator: "#"))\u{0}\(platform)\u{0}\(configuration)\u{0}\(job)"
    }
}
