public import FoundationEssentials

/// One result of a test; its texts are elsewhere, so that the row stays small.
public struct TestResult: Hashable, Sendable {
    public var testRun: TestRunID
    /// The number within its publication, from 1.
    public var id: Int
    public var run: RunID
    public var pipeline: PipelineID
    public var test: TestID
    /// The whole name, with its class or suite.
    public var name: String
    /// What people read.
    public var title: String
    /// The file or assembly it is in.
    public var storage: String
    public var outcome: TestOutcome
    /// Milliseconds.
    public var duration: Double
    /// The outcomes of all tries, when there were several; the last is ``outcome``.
    public var attempts: [TestOutcome]
    /// Where its texts begin in those of the publication, and their bytes; 0 bytes is none.
    public var textOffset: Int
    public var textLength: Int

    public init(
        testRun: TestRunID,
        id: Int,
        run: RunID,
        pipeline: PipelineID,
        test: TestID,
        name: String,
        title: String,
        storage: String = "",
        outcome: TestOutcome,
        duration: Double = 0,
        attempts: [TestOutcome] = [],
        textOffset: Int = 0,
        textLength: Int = 0
    ) {
        self.testRun = testRun
        self.id = id
        self.run = run
        self.pipeline = pipeline
        self.test = test
        self.name = name
        self.title = title
        self.storage = storage
        self.outcome = outcome
        self.duration = duration
        self.attempts = attempts
        self.textOffset = textOffset
        self.textLength = textLength
    }

    /// It failed and passed within one publication.
    public var isMixed: Bool { attempts.contains(where: \.isFailure) && attempts.contains(where: \.isPass) }
}

/// A result together with what the publication says of it: one square of a test's history.
public struct TestOccurrence: Hashable, Sendable {
    public var result: TestResult
    public var branch: String
    public var commit: String
    /// See ``TestRun/setting``.
    public var setting: String
    public var at: Date

    public init(result: TestResult, branch: String, commit: String, setting: String, at: Date) {
        self.result = result
        self.branch = branch
        self.commit = commit
        self.setting = setting
        self.at = at
    }
}

/// Which results of a publication are wanted.
public struct TestResultQuery: Hashable, Sendable {
    public var testRun: TestRunID
    /// Nil is all.
    public var outcomes: Set<TestOutcome>?
    /// Only results of a larger number.
    public var after: Int
    public var skip: Int
    public var limit: Int

    public init(testRun: TestRunID, outcomes: Set<TestOutcome>? = nil, after: Int = 0, skip: Int = 0, limit: Int = 1000)
    {
        self.testRun = testRun
        self.outcomes = outcomes
        self.after = after
        self.skip = skip
        self.limit = limit
    }
}
