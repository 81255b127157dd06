import FoundationEssentials
public import RoostModel
import RoostStore

/// A result with what is known of its test.
public struct TestLine: Sendable {
    public var result: TestResult
    public var publication: TestRun
    public var isNew: Bool
    public var flaky: FlakyMark?
    /// Earlier results of its branch, the oldest first.
    public var history: [TestOutcome]
}

/// The tests of a run at a glance.
public struct RunTests: Sendable {
    public var publications: [TestRun]
    /// Failures first, then tests that were tried several times, then the others.
    public var lines: [TestLine]
    public var newFailures: Int
    public var flaky: Int
    public var isCut: Bool

    public var total: Int { publications.reduce(0) { $0 + $1.count } }
    public var passed: Int { publications.reduce(0) { $0 + $1.passes } }
    public var failed: Int { publications.reduce(0) { $0 + $1.failures } }
    public var duration: Double { publications.reduce(0) { $0 + $1.duration } }
}

extension ControlPlane {
    /// Publications that are looked at for flaky tests, and tests of them; more would make a page slow.
    static let flakyPublications = 100
    private static let flakyTests = 200
    /// Results of a test that are looked at.
    private static let historyDepth = 30

    /// The flaky tests of a pipeline, decided anew from its newest results.
    public func flakyTests(of pipeline: PipelineID) async throws -> [FlakyMark] {
        let unstable = try await store.unstableTests(
            of: pipeline,
            publications: Self.flakyPublications,
            limit: Self.flakyTests
        )
        return planFlakyTests(try await store.testHistory(unstable, limit: Self.historyDepth))
    }

    /// What is known of a test, newest first.
    ///
    /// - Parameters:
    ///   - name: the whole name or the title.
    ///   - pipeline: nil is every pipeline.
    ///   - branch: nil is every branch.
    ///   - limit: of each test of that name.
    /// - Returns: its results.
    /// - Throws: when no test has that name.
    public func testHistory(
        _ name: String,
        pipeline: PipelineID?,
        branch: String?,
        limit: Int
    ) async throws -> [TestOccurrence] {
        let tests = try await store.tests(named: name, pipeline: pipeline, limit: 50)
        guard !tests.isEmpty else { throw RequestProblem.notFound(what: "test '\(name)'") }
        let all = try await store.testHistory(tests, limit: limit)
        let wanted = branch.map { $0.hasPrefix("refs/") ? $0 : "refs/heads/\($0)" }
        let fits = all.filter { wanted == nil || $0.branch == wanted }
        return fits.sorted { ($0.result.testRun, $0.result.id) > ($1.result.testRun, $1.result.id) }
    }

    /// The tests of a run.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - text: only tests whose name has this, in any letter case.
    ///   - outcomes: nil is all.
    ///   - limit: the most lines.
    /// - Returns: counts and lines.
    /// - Throws: what the store cannot do.
    public func tests(
        of run: Run,
        text: String = "",
        outcomes: Set<TestOutcome>? = nil,
        limit: Int
    ) async throws -> RunTests {
        let publications = try await store.testRuns(of: run.id)
        guard !publications.isEmpty else {
            return RunTests(publications: [], lines: [], newFailures: 0, flaky: 0, isCut: false)
        }
        let marks = try await flakyTests(of: run.pipeline)
        let flaky = Dictionary(marks.map { ($0.test, $0) }) { first, _ in first }
        var (found, isCut) = try await results(of: publications, outcomes, text, limit)
        found.sort { Self.rank($0.0) < Self.rank($1.0) }
        let failures = found.filter { $0.0.outcome.isFailure }
        let watched = Set(found.filter { $0.0.outcome.isFailure || flaky[$0.0.test] != nil }.map(\.0.test))
        let history = try await store.testHistory(Array(watched.prefix(Self.flakyTests)), limit: Self.historyDepth)
        let new = planNewFailures(failures.map(TestOccurrence.init), earlier: history)
        let earlier = Dictionary(grouping: history.filter { $0.branch == run.sourceBranch && $0.result.run <= run.id })
        {
            $0.result.test
        }
        let lines = found.map { result, publication in
            let seen = (earlier[result.test] ?? []).filter { $0.setting == publication.setting }
            return TestLine(
                result: result,
                publication: publication,
                isNew: result.outcome.isFailure && new.contains(result.test),
                flaky: flaky[result.test],
                history: seen.prefix(20).reversed().map { $0.result.isMixed ? .warning : $0.result.outcome }
            )
        }
        return RunTests(
            publications: publications,
            lines: lines,
            newFailures: lines.count(where: \.isNew),
            flaky: lines.count { $0.flaky != nil },
            isCut: isCut
        )
    }

    private static func rank(_ result: TestResult) -> (Int, String) {
        (result.outcome.isFailure ? 0 : result.isMixed ? 1 : result.outcome.isPass ? 3 : 2, result.name)
    }

    /// Failures come from every publication before anything else does, so that a cut never hides one behind a test that passed.
    private func results(
        of publications: [TestRun],
        _ outcomes: Set<TestOutcome>?,
        _ text: String,
        _ limit: Int
    ) async throws -> ([(TestResult, TestRun)], Bool) {
        let wanted = text.lowercased()
        let all = outcomes ?? Set(TestOutcome.allCases)
        var found: [(TestResult, TestRun)] = []
        for part in [all.filter(\.isFailure), all.filter { !$0.isFailure }] where !part.isEmpty {
            for publication in publications {
                var after = 0
                while true {
                    let query = TestResultQuery(testRun: publication.id, outcomes: part, after: after)
                    let page = try await store.testResults(query)
                    found += page.filter { wanted.isEmpty || $0.name.lowercased().contains(wanted) }
                        .map { ($0, publication) }
                    if found.count > limit { return (Array(found.prefix(limit)), true) }
                    guard page.count == query.limit, let last = page.last else { break }
                    after = last.id
                }
            }
        }
        return (found, false)
    }
}

extension TestOccurrence {
    fileprivate init(_ pair: (TestResult, TestRun)) {
        self.init(
            result: pair.0,
            branch: pair.1.branch,
            commit: pair.1.commit,
            setting: pair.1.setting,
            at: pair.1.startedAt
        )
    }
}

extension FlakyReason {
    /// For people.
    public var text: String {
        switch self {
        case .sameCommit(let commit, let failed, let passed):
            "failed in run \(failed) and passed in run \(passed), both of commit \(commit.prefix(10))"
        case .reruns(let run): "failed and passed within run \(run)"
        }
    }
}
