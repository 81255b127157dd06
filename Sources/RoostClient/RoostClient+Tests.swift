public import RoostWire

/// Calls about test results and code coverage.
extension RoostClient {
    /// Begins a publication of test results.
    public func createTestRun(_ draft: TestRunDraftWire) async throws(ClientError) -> TestRunWire {
        try await call(Call(method: "POST", path: "_apis/test/runs", body: try Self.body(draft)))
    }

    /// Changes a publication.
    public func updateTestRun(_ id: Int, _ draft: TestRunDraftWire) async throws(ClientError) -> TestRunWire {
        try await call(Call(method: "PATCH", path: "_apis/test/runs/\(id)", body: try Self.body(draft)))
    }

    /// The publications of a run.
    public func testRuns(run: Int) async throws(ClientError) -> [TestRunWire] {
        try await call(
            Call(method: "GET", path: "_apis/test/runs", query: [("buildIds", String(run))]),
            as: WireList<TestRunWire>.self
        ).value
    }

    /// Adds results to a publication; those with a number replace what has it.
    public func addTestResults(_ testRun: Int, _ results: [TestCaseResultWire]) async throws(ClientError) {
        try await callForNothing(
            Call(method: "POST", path: "_apis/test/runs/\(testRun)/results", body: try Self.body(results))
        )
    }

    /// One result with its texts.
    public func testResult(_ testRun: Int, _ id: Int) async throws(ClientError) -> TestCaseResultWire {
        try await call(Call(method: "GET", path: "_apis/test/runs/\(testRun)/results/\(id)"))
    }

    /// Adds a file to a publication, or to one result of it.
    public func attach(
        _ draft: TestAttachmentDraftWire,
        testRun: Int,
        result: Int?
    ) async throws(ClientError) -> TestAttachmentWire {
        let owner = result.map { "_apis/test/runs/\(testRun)/results/\($0)" } ?? "_apis/test/runs/\(testRun)"
        return try await call(Call(method: "POST", path: "\(owner)/attachments", body: try Self.body(draft)))
    }

    /// The tests of a run with what is known of them.
    ///
    /// - Parameters:
    ///   - run: its number.
    ///   - name: only tests whose name has this.
    ///   - outcome: `failed`, `passed`, `others`, or an outcome's name.
    ///   - top: the most results.
    ///   - details: with messages and outputs.
    /// - Returns: counts and results.
    /// - Throws: ``ClientError``.
    public func tests(
        run: Int,
        name: String? = nil,
        outcome: String? = nil,
        top: Int? = nil,
        details: Bool = false
    ) async throws(ClientError) -> RunTestsWire {
        try await call(
            Call(
                method: "GET",
                path: "_apis/roost/runs/\(run)/tests",
                query: [
                    ("name", name), ("outcome", outcome), ("top", top.map(String.init)),
                    ("details", details ? "true" : nil),
                ]
            )
        )
    }

    /// What is known of a test, newest first.
    public func testHistory(
        _ name: String,
        pipeline: Int? = nil,
        branch: String? = nil,
        top: Int? = nil
    ) async throws(ClientError) -> [TestHistoryWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/roost/tests/history",
                query: [
                    ("name", name), ("pipeline", pipeline.map(String.init)), ("branch", branch),
                    ("top", top.map(String.init)),
                ]
            ),
            as: WireList<TestHistoryWire>.self
        ).value
    }

    /// The flaky tests of a pipeline.
    public func flakyTests(pipeline: Int) async throws(ClientError) -> [FlakyTestWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/tests/flaky", query: [("pipeline", String(pipeline))]),
            as: WireList<FlakyTestWire>.self
        ).value
    }

    /// Adds coverage to a run.
    public func addCoverage(run: Int, _ data: CodeCoverageDataWire) async throws(ClientError) -> CodeCoverageSummaryWire
    {
        try await call(
            Call(
                method: "POST",
                path: "_apis/test/codecoverage",
                query: [("buildId", String(run))],
                body: try Self.body(data)
            )
        )
    }

    /// The coverage of a run; no data when none was published.
    public func coverage(run: Int) async throws(ClientError) -> CodeCoverageSummaryWire {
        try await call(Call(method: "GET", path: "_apis/test/codecoverage", query: [("buildId", String(run))]))
    }
}
