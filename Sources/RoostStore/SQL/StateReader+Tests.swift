import RoostModel

extension StateReader {
    func testRuns(_ rest: String, _ values: [SQLValue]) throws -> [TestRun] {
        try connection.nouns(TestRunRow.self, coding, rest, values)
    }

    func testResults(_ query: TestResultQuery) throws -> [TestResult] {
        let numbers = query.outcomes.map { outcomes in outcomes.map { String($0.rawValue) }.sorted() }
        let ofOutcome = numbers.map { "AND test_results.outcome IN (\($0.joined(separator: ", "))) " } ?? ""
        return try results(
            "WHERE test_results.test_run_id = ? AND test_results.id > ? \(ofOutcome)"
                + "ORDER BY test_results.id LIMIT ? OFFSET ?",
            [.id(query.testRun), .integer(query.after), .integer(max(query.limit, 0)), .integer(max(query.skip, 0))]
        )
    }

    func testResult(_ testRun: TestRunID, _ id: Int) throws -> TestResult? {
        try results("WHERE test_results.test_run_id = ? AND test_results.id = ?", [.id(testRun), .integer(id)]).first
    }

    private func results(_ rest: String, _ values: [SQLValue]) throws -> [TestResult] {
        var results: [TestResult] = []
        try connection.query(TestResultRow.select(rest), values, table: "test_results") { columns in
            results.append(try TestResultRow.read(&columns))
        }
        return results
    }

    /// The newest results of each test.
    func testHistory(_ tests: [TestID], limit: Int) throws -> [TestOccurrence] {
        var found: [TestResult] = []
        for test in tests {
            found += try results(
                "WHERE test_results.name_id = ? ORDER BY test_results.test_run_id DESC, test_results.id DESC LIMIT ?",
                [.id(test), .integer(max(limit, 0))]
            )
        }
        var publications: [TestRunID: TestRun] = [:]
        return try found.compactMap { result in
            if publications[result.testRun] == nil {
                publications[result.testRun] = try testRuns("WHERE id = ?", [.id(result.testRun)]).first
            }
            return publications[result.testRun].map { TestOccurrence(result, $0) }
        }
    }

    /// Tests of a pipeline that failed or were mixed in its newest publications.
    func unstableTests(of pipeline: PipelineID, publications: Int, limit: Int) throws -> [TestID] {
        var tests: [TestID] = []
        let sql = """
            SELECT DISTINCT test_results.name_id FROM test_results JOIN \
            (SELECT id FROM test_runs WHERE pipeline_id = ? ORDER BY id DESC LIMIT ?) newest \
            ON newest.id = test_results.test_run_id WHERE test_results.unstable = 1 ORDER BY 1 LIMIT ?
            """
        try connection.query(
            sql,
            [.id(pipeline), .integer(publications), .integer(limit)],
            table: "test_results"
        ) { columns in tests.append(TestID(try columns.integer())) }
        return tests
    }

    func tests(named name: String, pipeline: PipelineID?, limit: Int) throws -> [TestID] {
        var tests: [TestID] = []
        let ofPipeline = pipeline == nil ? "" : "AND pipeline_id = ? "
        let values: [SQLValue] =
            [.text(name), .text(name)] + (pipeline.map { [.id($0)] } ?? []) + [.integer(max(limit, 0))]
        try connection.query(
            "SELECT id FROM test_names WHERE (name = ? OR title = ?) \(ofPipeline)ORDER BY id LIMIT ?",
            values,
            table: "test_names"
        ) { columns in tests.append(TestID(try columns.integer())) }
        return tests
    }

    func coverage(_ rest: String, _ values: [SQLValue]) throws -> CodeCoverage? {
        try connection.nouns(CoverageRow.self, coding, rest, values).first
    }
}

extension TestOccurrence {
    init(_ result: TestResult, _ publication: TestRun) {
        self.init(
            result: result,
            branch: publication.branch,
            commit: publication.commit,
            setting: publication.setting,
            at: publication.startedAt
        )
    }
}
