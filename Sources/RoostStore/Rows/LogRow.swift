import FoundationEssentials
import RoostModel

/// A stored log; written with each block of lines, and small enough to need no body.
struct LogRow: StoredRow {
    static let table = SQLTable(
        "run_logs",
        key: ["run_id", "id"],
        columns: ["run_id", "id", "path", "created_at", "line_count", "byte_count", "finished"]
    )

    var run: Int
    var id: Int
    var path: String
    var createdAt: Date
    var lineCount: Int
    var byteCount: Int
    var finished: Bool

    var values: [SQLValue] {
        [
            .integer(run), .integer(id), .text(path), .date(createdAt), .integer(lineCount), .integer(byteCount),
            .flag(finished),
        ]
    }

    init(_ log: RunLog, _ coding: BodyCoding) {
        run = log.run.rawValue
        id = log.id.rawValue
        path = log.path
        createdAt = log.createdAt
        lineCount = log.lineCount
        byteCount = log.byteCount
        finished = log.finished
    }

    init(reading columns: inout ColumnReader) throws {
        run = try columns.integer()
        id = try columns.integer()
        path = try columns.text()
        createdAt = try columns.date()
        lineCount = try columns.integer()
        byteCount = try columns.integer()
        finished = try columns.flag()
    }

    func noun(_ coding: BodyCoding) -> RunLog {
        RunLog(
            id: LogID(id),
            run: RunID(run),
            path: path,
            createdAt: createdAt,
            lineCount: lineCount,
            byteCount: byteCount,
            finished: finished
        )
    }
}
