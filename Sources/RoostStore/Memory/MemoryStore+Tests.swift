public import RoostModel

extension MemoryStore {
    public func testRuns(of run: RunID) async throws(StoreError) -> [TestRun] {
        try read { state in state.tests.runs.values.filter { $0.run == run }.sorted { $0.id < $1.id } }
    }

    public func testRuns(project: ProjectID?, before: TestRunID?, limit: Int) async throws(StoreError) -> [TestRun] {
        try read { state in
            let older = state.tests.runs.values.filter { run in before.map { run.id < $0 } ?? true }
            let page = older.sorted { $0.id > $1.id }.prefix(max(limit, 0))
            return page.filter { project == nil || $0.project == project }
        }
    }

    public func testRun(_ id: TestRunID) async throws(StoreError) -> TestRun? {
        try read { .some($0.tests.runs[id]) } ?? nil
    }

    public func testResults(_ query: TestResultQuery) async throws(StoreError) -> [TestResult] {
        try read { $0.tests.results(query) }
    }

    public func testResult(_ testRun: TestRunID, _ id: Int) async throws(StoreError) -> TestResult? {
        try read { .some($0.tests.results[testRun]?[id]) } ?? nil
    }

    public func testHistory(_ tests: [TestID], limit: Int) async throws(StoreError) -> [TestOccurrence] {
        try read { state in tests.flatMap { state.tests.history($0, limit: limit) } }
    }

    public func unstableTests(
        of pipeline: PipelineID,
        publications: Int,
        limit: Int
    ) async throws(StoreError) -> [TestID] {
        try read { $0.tests.unstable(pipeline, publications: publications, limit: limit) }
    }

    public func tests(named name: String, pipeline: PipelineID?, limit: Int) async throws(StoreError) -> [TestID] {
        try read { $0.tests.named(name, pipeline: pipeline, limit: limit) }
    }

    public func coverage(of run: RunID) async throws(StoreError) -> CodeCoverage? {
        try read { .some($0.tests.coverage[run]) } ?? nil
    }

    public func lastCoverage(
        of pipeline: PipelineID,
        branch: String,
        before run: RunID
    ) async throws(StoreError) -> CodeCoverage? {
        try read { state in
            let fits = state.tests.coverage.values.filter {
                $0.pipeline == pipeline && $0.branch == branch && $0.run < run
            }
            return .some(fits.max { $0.run < $1.run })
        } ?? nil
    }
}
