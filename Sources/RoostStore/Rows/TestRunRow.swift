import FoundationEssentials
import RoostModel

/// A stored publication of test results.
struct TestRunRow: StoredRow {
    struct Body: Codable {
        var project: UUID
        var commit: String
        var name: String
        var job: String?
        var platform: String?
        var configuration: String?
        var state: String
        /// By the number of the outcome.
        var totals: [String: Int]?
        var lastResult: Int?
        var duration: Double?
        var textBytes: Int?
        var startedAt: Double
        var finishedAt: Double?
        var attachments: [TestRun.Attachment]?
    }

    static let table = SQLTable("test_runs", columns: ["id", "run_id", "pipeline_id", "branch", "body"])

    var id: Int
    var run: Int
    var pipeline: Int
    var branch: String
    var body: String

    var values: [SQLValue] { [.integer(id), .integer(run), .integer(pipeline), .text(branch), .text(body)] }

    init(_ made: TestRun, _ coding: BodyCoding) throws {
        id = made.id.rawValue
        run = made.run.rawValue
        pipeline = made.pipeline.rawValue
        branch = made.branch
        body = try coding.encode(
            Body(
                project: made.project.rawValue,
                commit: made.commit,
                name: made.name,
                job: made.job.isEmpty ? nil : made.job,
                platform: made.platform.isEmpty ? nil : made.platform,
                configuration: made.configuration.isEmpty ? nil : made.configuration,
                state: made.state.rawValue,
                totals: Dictionary(uniqueKeysWithValues: made.totals.map { (String($0.key.rawValue), $0.value) }),
                lastResult: made.lastResult,
                duration: made.duration,
                textBytes: made.textBytes,
                startedAt: made.startedAt.timeIntervalSinceReferenceDate,
                finishedAt: made.finishedAt?.timeIntervalSinceReferenceDate,
                attachments: made.attachments.isEmpty ? nil : made.attachments
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        run = try columns.integer()
        pipeline = try columns.integer()
        branch = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> TestRun {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        var totals: [TestOutcome: Int] = [:]
        for (number, count) in body.totals ?? [:] {
            guard let outcome = Int(number).flatMap(TestOutcome.init(rawValue:)) else { continue }
            totals[outcome] = count
        }
        return TestRun(
            id: TestRunID(id),
            run: RunID(run),
            project: ProjectID(body.project),
            pipeline: PipelineID(pipeline),
            branch: branch,
            commit: body.commit,
            name: body.name,
            job: body.job ?? "",
            platform: body.platform ?? "",
            configuration: body.configuration ?? "",
            state: TestRun.State(rawValue: body.state) ?? .completed,
            totals: totals,
            lastResult: body.lastResult ?? 0,
            duration: body.duration ?? 0,
            textBytes: body.textBytes ?? 0,
            startedAt: Date(timeIntervalSinceReferenceDate: body.startedAt),
            finishedAt: body.finishedAt.map { Date(timeIntervalSinceReferenceDate: $0) },
            attachments: body.attachments ?? []
        )
    }
}
