public import RoostModel

extension SQLiteStore {
    public func testRuns(of run: RunID) async throws(StoreError) -> [TestRun] {
        try await read { try $0.testRuns("WHERE run_id = ? ORDER BY id", [.id(run)]) }
    }

    public func testRuns(project: ProjectID?, before: TestRunID?, limit: Int) async throws(StoreError) -> [TestRun] {
        let found = try await read {
            try $0.testRuns(
                "WHERE id < ? ORDER BY id DESC LIMIT ?",
                [.integer(before?.rawValue ?? Int.max), .integer(max(limit, 0))]
            )
        }
        return found.filter { project == nil || $0.project == project }
    }

    public func testRun(_ id: TestRunID) async throws(StoreError) -> TestRun? {
        try await read { try $0.testRuns("WHERE id = ?", [.id(id)]).first }
    }

    public func testResults(_ query: TestResultQuery) async throws(StoreError) -> [TestResult] {
        try await read { try $0.testResults(query) }
    }

    public func testResult(_ testRun: TestRunID, _ id: Int) async throws(StoreError) -> TestResult? {
        try await read { try $0.testResult(testRun, id) }
    }

    public func testHistory(_ tests: [TestID], limit: Int) async throws(StoreError) -> [TestOccurrence] {
        try await read { try $0.testHistory(tests, limit: limit) }
    }

    public func unstableTests(
        of pipeline: PipelineID,
        publications: Int,
        limit: Int
    ) async throws(StoreError) -> [TestID] {
        try await read { try $0.unstableTests(of: pipeline, publications: publications, limit: limit) }
    }

    public func tests(named name: String, pipeline: PipelineID?, limit: Int) async throws(StoreError) -> [TestID] {
        try await read { try $0.tests(named: name, pipeline: pipeline, limit: limit) }
    }

    public func coverage(of run: RunID) async throws(StoreError) -> CodeCoverage? {
        try await read { try $0.coverage("WHERE run_id = ?", [.id(run)]) }
    }

    public func lastCoverage(
        of pipeline: PipelineID,
        branch: String,
        before run: RunID
    ) async throws(StoreError) -> CodeCoverage? {
        try await read {
            try $0.coverage(
                "WHERE pipeline_id = ? AND branch = ? AND run_id < ? ORDER BY run_id DESC LIMIT 1",
                [.id(pipeline), .text(branch), .id(run)]
            )
        }
    }
}
