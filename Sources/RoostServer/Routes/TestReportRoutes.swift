import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// The tests of a run, of a pipeline and of one name; code coverage.
func addTestReportRoutes(to table: RouteTable) {
    for path in ["test/resultsummarybybuild", "testresults/resultsummarybybuild"] {
        table.get(path, .service(.optional), access: .scope(.build).or(.job(.any))) { call in
            try await call.testSummary(call.buildOfQuery())
        }
    }
    let ofRun = "roost/runs/{buildId}/tests"
    table.get(ofRun, access: .scope(.build).or(.job(.ownRun))) { call in
        let run = try await call.run().run
        var outcomes: Set<TestOutcome>?
        if let name = call.query["outcome"] { outcomes = try call.outcomes(name) }
        let limit = min(10_000, max(1, try call.query.number("top") ?? 200))
        let text = call.query["name"] ?? ""
        let tests = try await call.plane.tests(of: run, text: text, outcomes: outcomes, limit: limit)
        return try await call.answer(call.report(tests, run, withTexts: call.query.flag("details")))
    }
    table.get("roost/tests/flaky", access: .scope(.build)) { call in
        guard let pipeline = try call.query.number("pipeline") else {
            throw ControlError.invalid(what: "The request", problem: "it has no 'pipeline'", advice: nil)
        }
        _ = try call.plane.pipeline(PipelineID(pipeline))
        try call.require(.view, on: .pipeline(PipelineID(pipeline)))
        let marks = try await call.plane.flakyTests(of: PipelineID(pipeline))
        return try call.list(
            marks.map { mark in
                FlakyTestWire(
                    test: mark.test.rawValue,
                    name: mark.name,
                    seen: mark.seen,
                    failed: mark.failed,
                    reasons: mark.reasons.map(\.text)
                )
            }
        )
    }
    table.get("roost/tests/history", access: .scope(.build)) { call in
        let pipeline = try call.query.number("pipeline").map { PipelineID($0) }
        // Without one it is asked for the results of all.
        try call.require(.view, on: pipeline.map { .pipeline($0) } ?? .organization)
        let found = try await call.plane.testHistory(
            call.query["name"] ?? "",
            pipeline: pipeline,
            branch: call.query["branch"],
            limit: min(1000, max(1, try call.query.number("top") ?? 50))
        )
        return try call.list(found.map(TestHistoryWire.init))
    }
    addCoverageRoutes(to: table)
}

private func addCoverageRoutes(to table: RouteTable) {
    table.get("test/codecoverage", .service(.optional), access: .scope(.build).or(.job(.any))) { call in
        let run = try await call.buildOfQuery()
        let report = try await call.plane.coverage(of: run)
        // The client of Python's SDK asks for `flags` and wants a list.
        if call.query["flags"] != nil { return try call.list(report.map { [call.buildCoverage($0, run)] } ?? []) }
        return try call.answer(call.coverage(report, run))
    }
    table.post("test/codecoverage", .service(.optional), access: .scope(.buildExecute).or(.job(.any))) { call in
        let run = try await call.buildOfQuery()
        let data = try await call.decode(CodeCoverageDataWire.self)
        _ = try await call.plane.addCoverage(
            run: run,
            counts: data.coverageStats.map { .init(label: $0.label, covered: $0.covered, total: $0.total) },
            platform: data.buildPlatform ?? "",
            configuration: data.buildFlavor ?? ""
        )
        return try await call.answer(call.coverage(call.plane.coverage(of: run), run))
    }
}

extension Call {
    /// The run that `buildId` of the query names.
    fileprivate func buildOfQuery() async throws -> Run {
        guard let id = try query.number("buildId") else {
            throw ControlError.invalid(what: "The request", problem: "it has no 'buildId'", advice: nil)
        }
        try requireOwn(RunID(id))
        return try await plane.run(RunID(id)).run
    }

    /// `failed` and `passed` stand for all outcomes that mean it.
    fileprivate func outcomes(_ text: String) throws -> Set<TestOutcome> {
        switch text.lowercased() {
        case "failed": return Set(TestOutcome.allCases.filter(\.isFailure))
        case "passed": return Set(TestOutcome.allCases.filter(\.isPass))
        case "others": return Set(TestOutcome.allCases.filter { !$0.isPass && !$0.isFailure })
        default:
            guard let outcome = TestOutcome(wire: text) else {
                throw RequestProblem.badParameter(name: "outcome", value: text, expected: "outcome")
            }
            return [outcome]
        }
    }

    fileprivate func testSummary(_ run: Run) async throws -> Response {
        let tests = try await plane.tests(of: run, limit: 1000)
        var counts: [String: TestResultSummaryWire.ByOutcome] = [:]
        for publication in tests.publications {
            for (outcome, count) in publication.totals {
                let before = counts[outcome.name]?.count ?? 0
                counts[outcome.name] = .init(outcome: outcome.name, count: before + count)
            }
        }
        let failures = tests.lines.filter { $0.result.outcome.isFailure }
        let reference: (TestLine) -> TestResultReferenceWire = {
            TestResultReferenceWire(testRunId: $0.result.testRun.rawValue, testResultId: $0.result.id)
        }
        return try answer(
            TestResultSummaryWire(
                aggregatedResultsAnalysis: .init(
                    totalTests: tests.total,
                    resultsByOutcome: counts,
                    duration: Self.span(tests.duration)
                ),
                testFailures: .init(
                    newFailures: .init(failures.filter(\.isNew).map(reference)),
                    existingFailures: .init(failures.filter { !$0.isNew }.map(reference))
                ),
                totalRunsCount: tests.publications.count
            )
        )
    }

    /// As .NET writes a span: `[d.]hh:mm:ss.fffffff`.
    private static func span(_ milliseconds: Double) -> String {
        let ticks = Int(min(milliseconds, 1e15) * 10_000)
        let seconds = ticks / 10_000_000
        let two: (Int) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
        let days = seconds / 86_400 > 0 ? "\(seconds / 86_400)." : ""
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(two).joined(separator: ":")
        let rest = String(ticks % 10_000_000)
        return "\(days)\(clock).\(String(repeating: "0", count: 7 - rest.utf8.count))\(rest)"
    }

    fileprivate func report(_ tests: RunTests, _ run: Run, withTexts: Bool) async throws -> RunTestsWire {
        var results: [RunTestWire] = []
        for line in tests.lines {
            let texts = withTexts ? try await plane.texts(of: line.result, line.publication) : nil
            results.append(RunTestWire(line, texts))
        }
        return RunTestsWire(
            run: run.id.rawValue,
            total: tests.total,
            passed: tests.passed,
            failed: tests.failed,
            others: tests.total - tests.passed - tests.failed,
            newFailures: tests.newFailures,
            flaky: tests.flaky,
            durationInMs: tests.duration,
            results: results,
            isCut: tests.isCut
        )
    }
}

extension RunTestWire {
    fileprivate init(_ line: TestLine, _ texts: TestTexts?) {
        let result = line.result
        self.init(
            testRun: result.testRun.rawValue,
            id: result.id,
            test: result.test.rawValue,
            name: result.name,
            title: result.title,
            storage: result.storage,
            outcome: result.outcome.name,
            durationInMs: result.duration,
            attempts: result.attempts.isEmpty ? nil : result.attempts.map(\.name),
            isNew: line.isNew,
            isFlaky: line.flaky != nil
        )
        reasons = line.flaky?.reasons.map(\.text)
        errorMessage = texts?.message
        stackTrace = texts?.stack
        standardOutput = texts?.output
        standardError = texts?.errors
        history = line.history.isEmpty ? nil : line.history.map(\.name)
    }
}

extension TestHistoryWire {
    fileprivate init(_ seen: TestOccurrence) {
        self.init(
            run: seen.result.run.rawValue,
            pipeline: seen.result.pipeline.rawValue,
            test: seen.result.test.rawValue,
            name: seen.result.name,
            outcome: seen.result.outcome.name,
            attempts: seen.result.attempts.isEmpty ? nil : seen.result.attempts.map(\.name),
            branch: seen.branch,
            commit: seen.commit,
            durationInMs: seen.result.duration,
            at: seen.at
        )
    }
}
