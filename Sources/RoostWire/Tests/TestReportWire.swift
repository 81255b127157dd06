public import FoundationEssentials

/// The tests of a run at a glance: `_apis/roost/runs/{run}/tests`.
public struct RunTestsWire: Codable, Sendable, Hashable {
    public var run: Int
    public var total: Int
    public var passed: Int
    public var failed: Int
    public var others: Int
    /// Failures that were none in the run before.
    public var newFailures: Int
    public var flaky: Int
    public var durationInMs: Double
    public var results: [RunTestWire]
    /// Whether there are more results than those shown.
    public var isCut: Bool

    public init(
        run: Int,
        total: Int,
        passed: Int,
        failed: Int,
        others: Int,
        newFailures: Int,
        flaky: Int,
        durationInMs: Double,
        results: [RunTestWire],
        isCut: Bool
    ) {
        self.run = run
        self.total = total
        self.passed = passed
        self.failed = failed
        self.others = others
        self.newFailures = newFailures
        self.flaky = flaky
        self.durationInMs = durationInMs
        self.results = results
        self.isCut = isCut
    }
}

/// A result with what is known of its test.
public struct RunTestWire: Codable, Sendable, Hashable {
    public var testRun: Int
    public var id: Int
    public var test: Int
    public var name: String
    public var title: String
    public var storage: String
    public var outcome: String
    public var durationInMs: Double
    public var attempts: [String]?
    public var isNew: Bool
    public var isFlaky: Bool
    /// Why it is flaky.
    public var reasons: [String]?
    public var errorMessage: String?
    public var stackTrace: String?
    public var standardOutput: String?
    public var standardError: String?
    /// Outcomes of earlier runs of the branch, the oldest first.
    public var history: [String]?

    public init(
        testRun: Int,
        id: Int,
        test: Int,
        name: String,
        title: String,
        storage: String,
        outcome: String,
        durationInMs: Double,
        attempts: [String]? = nil,
        isNew: Bool = false,
        isFlaky: Bool = false
    ) {
        self.testRun = testRun
        self.id = id
        self.test = test
        self.name = name
        self.title = title
        self.storage = storage
        self.outcome = outcome
        self.durationInMs = durationInMs
        self.attempts = attempts
        self.isNew = isNew
        self.isFlaky = isFlaky
    }
}

/// One result in the history of a test.
public struct TestHistoryWire: Codable, Sendable, Hashable {
    public var run: Int
    public var pipeline: Int
    public var test: Int
    public var name: String
    public var outcome: String
    public var attempts: [String]?
    public var branch: String
    public var commit: String
    public var durationInMs: Double
    public var at: Date

    public init(
        run: Int,
        pipeline: Int,
        test: Int,
        name: String,
        outcome: String,
        attempts: [String]?,
        branch: String,
        commit: String,
        durationInMs: Double,
        at: Date
    ) {
        self.run = run
        self.pipeline = pipeline
        self.test = test
        self.name = name
        self.outcome = outcome
        self.attempts = attempts
        self.branch = branch
        self.commit = commit
        self.durationInMs = durationInMs
        self.at = at
    }
}

/// A flaky test and why it is one.
public struct FlakyTestWire: Codable, Sendable, Hashable {
    public var test: Int
    public var name: String
    public var seen: Int
    public var failed: Int
    public var reasons: [String]

    public init(test: Int, name: String, seen: Int, failed: Int, reasons: [String]) {
        self.test = test
        self.name = name
        self.seen = seen
        self.failed = failed
        self.reasons = reasons
    }
}
