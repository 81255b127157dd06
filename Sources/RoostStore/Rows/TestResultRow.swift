import RoostModel

/// The name of a test, once for all its results.
enum TestNameRow {
    static let table = SQLTable("test_names", columns: ["id", "pipeline_id", "name", "title", "storage"])

    static func values(_ result: TestResult) -> [SQLValue] {
        [
            .id(result.test), .id(result.pipeline), .text(result.name), .text(result.title), .text(result.storage),
        ]
    }

    /// Removes the names that only the results of one owner have.
    ///
    /// Before these are deleted; takes the owner twice.
    static func delete(ofOwner column: String) -> String {
        """
        DELETE FROM test_names WHERE id IN (SELECT name_id FROM test_results WHERE \(column) = ?) \
        AND NOT EXISTS (SELECT 1 FROM test_results other \
        WHERE other.name_id = test_names.id AND other.\(column) <> ?)
        """
    }
}

/// A stored result of a test.
enum TestResultRow {
    static let table = SQLTable(
        "test_results",
        key: ["test_run_id", "id"],
        columns: [
            "test_run_id", "id", "run_id", "name_id", "outcome", "unstable", "duration", "attempts", "text_offset",
            "text_length",
        ]
    )

    static func values(_ result: TestResult) -> [SQLValue] {
        let attempts = result.attempts.map { String($0.rawValue) }.joined(separator: ",")
        return [
            .id(result.testRun), .integer(result.id), .id(result.run), .id(result.test),
            .integer(result.outcome.rawValue), .flag(result.outcome.isFailure || result.isMixed),
            .real(result.duration), .text(attempts.isEmpty ? nil : attempts), .integer(result.textOffset),
            .integer(result.textLength),
        ]
    }

    /// Rows with their names; `rest` is what follows the join.
    static func select(_ rest: String) -> String {
        """
        SELECT \(table.columns), \(TestNameRow.table.columns) FROM test_results \
        JOIN test_names ON test_names.id = test_results.name_id \(rest)
        """
    }

    static func read(_ columns: inout ColumnReader) throws -> TestResult {
        let testRun = TestRunID(try columns.integer())
        let id = try columns.integer()
        let run = RunID(try columns.integer())
        _ = try columns.integer()
        let number = try columns.integer()
        guard let outcome = TestOutcome(rawValue: number) else { throw columns.failure("\(number) is no outcome") }
        _ = try columns.integer()
        let duration = try columns.real()
        let attempts = try columns.optionalText() ?? ""
        let offset = try columns.integer()
        let length = try columns.integer()
        let test = TestID(try columns.integer())
        return TestResult(
            testRun: testRun,
            id: id,
            run: run,
            pipeline: PipelineID(try columns.integer()),
            test: test,
            name: try columns.text(),
            title: try columns.text(),
            storage: try columns.text(),
            outcome: outcome,
            duration: duration,
            attempts: attempts.split(separator: ",").compactMap { Int($0).flatMap(TestOutcome.init(rawValue:)) },
            textOffset: offset,
            textLength: length
        )
    }
}

/// The stored coverage of a run.
struct CoverageRow: StoredRow {
    static let table = SQLTable(
        "code_coverage",
        key: ["run_id"],
        columns: ["run_id", "pipeline_id", "branch", "body"]
    )

    var run: Int
    var pipeline: Int
    var branch: String
    var body: String

    var values: [SQLValue] { [.integer(run), .integer(pipeline), .text(branch), .text(body)] }

    init(_ coverage: CodeCoverage, _ coding: BodyCoding) throws {
        run = coverage.run.rawValue
        pipeline = coverage.pipeline.rawValue
        branch = coverage.branch
        body = try coding.encode(coverage)
    }

    init(reading columns: inout ColumnReader) throws {
        run = try columns.integer()
        pipeline = try columns.integer()
        branch = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> CodeCoverage {
        try coding.decode(body, table: Self.table.name, row: run)
    }
}
