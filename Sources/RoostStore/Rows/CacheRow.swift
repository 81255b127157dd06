import FoundationEssentials
import RoostModel

/// A stored entry of the cache.
struct CacheRow: StoredRow {
    struct Body: Codable {
        var key: [String]
        var content: ContentReference
        var run: Int
        var createdAt: Double
    }

    static let table = SQLTable(
        "cache_entries",
        columns: ["id", "project_id", "pipeline_id", "scope", "last_used_at", "body"]
    )

    var id: Int
    var project: UUID
    var pipeline: Int
    var scope: String
    var lastUsedAt: Date
    var body: String

    var values: [SQLValue] {
        [.integer(id), .id(ProjectID(project)), .integer(pipeline), .text(scope), .date(lastUsedAt), .text(body)]
    }

    init(_ entry: CacheEntry, _ coding: BodyCoding) throws {
        id = entry.id.rawValue
        project = entry.project.rawValue
        pipeline = entry.pipeline.rawValue
        scope = entry.scope
        lastUsedAt = entry.lastUsedAt
        body = try coding.encode(
            Body(
                key: entry.key.segments,
                content: entry.content,
                run: entry.run.rawValue,
                createdAt: entry.createdAt.timeIntervalSinceReferenceDate
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        project = try columns.uuid()
        pipeline = try columns.integer()
        scope = try columns.text()
        lastUsedAt = try columns.date()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> CacheEntry {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return CacheEntry(
            id: CacheID(id),
            project: ProjectID(project),
            pipeline: PipelineID(pipeline),
            scope: scope,
            key: CacheKey(body.key),
            content: body.content,
            run: RunID(body.run),
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            lastUsedAt: lastUsedAt
        )
    }
}
