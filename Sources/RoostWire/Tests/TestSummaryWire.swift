/// The tests of a build in numbers: `ResultSummaryByBuild`.
public struct TestResultSummaryWire: Codable, Sendable, Hashable {
    /// What there is of one outcome.
    public struct ByOutcome: Codable, Sendable, Hashable {
        public var outcome: String
        public var count: Int

        public init(outcome: String, count: Int) {
            self.outcome = outcome
            self.count = count
        }
    }

    /// All results together.
    public struct Analysis: Codable, Sendable, Hashable {
        public var totalTests: Int
        /// By the name of the outcome.
        public var resultsByOutcome: [String: ByOutcome]
        /// As a span of days, hours, minutes and seconds.
        public var duration: String

        public init(totalTests: Int, resultsByOutcome: [String: ByOutcome], duration: String) {
            self.totalTests = totalTests
            self.resultsByOutcome = resultsByOutcome
            self.duration = duration
        }
    }

    /// Failures, the new ones by themselves.
    public struct Failures: Codable, Sendable, Hashable {
        /// Some failures.
        public struct Detail: Codable, Sendable, Hashable {
            public var count: Int
            public var testResults: [TestResultReferenceWire]

            public init(_ results: [TestResultReferenceWire]) {
                count = results.count
                testResults = results
            }
        }

        public var newFailures: Detail
        public var existingFailures: Detail

        public init(newFailures: Detail, existingFailures: Detail) {
            self.newFailures = newFailures
            self.existingFailures = existingFailures
        }
    }

    public var aggregatedResultsAnalysis: Analysis
    public var testFailures: Failures
    public var totalRunsCount: Int

    public init(aggregatedResultsAnalysis: Analysis, testFailures: Failures, totalRunsCount: Int) {
        self.aggregatedResultsAnalysis = aggregatedResultsAnalysis
        self.testFailures = testFailures
        self.totalRunsCount = totalRunsCount
    }
}

/// Names a result of a publication.
public struct TestResultReferenceWire: Codable, Sendable, Hashable {
    public var testRunId: Int
    public var testResultId: Int

    public init(testRunId: Int, testResultId: Int) {
        self.testRunId = testRunId
        self.testResultId = testResultId
    }
}
