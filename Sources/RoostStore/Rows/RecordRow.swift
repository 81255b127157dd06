import FoundationEssentials
import RoostModel

/// A stored timeline record.
struct RecordRow {
    struct Body: Codable {
        var parent: UUID?
        var kind: String
        var name: String
        var refName: String?
        var identifier: String?
        var order: Int?
        var attempt: Int?
        var state: RecordState
        var result: TaskResult?
        var resultCode: String?
        var startedAt: Double?
        var finishedAt: Double?
        var percentComplete: Int?
        var currentOperation: String?
        var workerName: String?
        var log: Int?
        var errorCount: Int?
        var warningCount: Int?
        var issues: [IssueBody]?
        var task: TaskBody?
        var variables: [String: StoredValue]?
        var changeID: Int?
        var lastModified: Double?
    }

    static let table = SQLTable(
        "timeline_records",
        key: ["run_id", "id"],
        columns: ["run_id", "id", "body"],
        computed: [("seq", "(SELECT COALESCE(MAX(seq), 0) + 1 FROM timeline_records WHERE run_id = ?)")]
    )

    var run: Int
    var id: UUID
    var body: String

    /// The run comes twice: the second is for the computed place.
    var values: [SQLValue] { [.integer(run), .id(RecordID(id)), .text(body), .integer(run)] }

    init(_ record: TimelineRecord, run: RunID, _ coding: BodyCoding) throws {
        self.run = run.rawValue
        id = record.id.rawValue
        body = try coding.encode(try Self.body(of: record, run: run, coding))
    }

    private static func body(of record: TimelineRecord, run: RunID, _ coding: BodyCoding) throws -> Body {
        Body(
            parent: record.parent?.rawValue,
            kind: record.kind.rawValue,
            name: record.name,
            refName: record.refName,
            identifier: record.identifier,
            order: record.order,
            attempt: record.attempt == 1 ? nil : record.attempt,
            state: record.state,
            result: record.result,
            resultCode: record.resultCode,
            startedAt: record.startedAt?.timeIntervalSinceReferenceDate,
            finishedAt: record.finishedAt?.timeIntervalSinceReferenceDate,
            percentComplete: record.percentComplete,
            currentOperation: record.currentOperation,
            workerName: record.workerName,
            log: record.log?.rawValue,
            errorCount: record.errorCount == 0 ? nil : record.errorCount,
            warningCount: record.warningCount == 0 ? nil : record.warningCount,
            issues: record.issues.isEmpty ? nil : record.issues.map { IssueBody($0) },
            task: record.task.map { TaskBody($0) },
            variables: try coding.store(record.variables, for: place(run.rawValue, record.id)),
            changeID: record.changeID == 0 ? nil : record.changeID,
            lastModified: record.lastModified?.timeIntervalSinceReferenceDate
        )
    }

    private static func place(_ run: Int, _ id: RecordID) -> String { "runs/\(run)/records/\(id)" }

    init(reading columns: inout ColumnReader) throws {
        run = try columns.integer()
        id = try columns.uuid()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> TimelineRecord {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        let id = RecordID(id)
        return TimelineRecord(
            id: id,
            parent: body.parent.map { RecordID($0) },
            kind: RecordKind(rawValue: body.kind),
            name: body.name,
            refName: body.refName,
            identifier: body.identifier,
            order: body.order,
            attempt: body.attempt ?? 1,
            state: body.state,
            result: body.result,
            resultCode: body.resultCode,
            startedAt: body.startedAt.map { Date(timeIntervalSinceReferenceDate: $0) },
            finishedAt: body.finishedAt.map { Date(timeIntervalSinceReferenceDate: $0) },
            percentComplete: body.percentComplete,
            currentOperation: body.currentOperation,
            workerName: body.workerName,
            log: body.log.map { LogID($0) },
            errorCount: body.errorCount ?? 0,
            warningCount: body.warningCount ?? 0,
            issues: (body.issues ?? []).map(\.noun),
            task: body.task?.noun,
            variables: try coding.outputVariables(body.variables, for: Self.place(run, id)),
            changeID: body.changeID ?? 0,
            lastModified: body.lastModified.map { Date(timeIntervalSinceReferenceDate: $0) }
        )
    }
}
