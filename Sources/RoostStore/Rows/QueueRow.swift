import FoundationEssentials
import RoostModel

/// A stored queue; it has no body.
struct QueueRow: StoredRow {
    static let table = SQLTable("queues", columns: ["id", "name", "pool_id", "project_id"])

    var id: Int
    var name: String
    var pool: Int
    var project: UUID

    var values: [SQLValue] { [.integer(id), .text(name), .integer(pool), .id(ProjectID(project))] }

    init(_ queue: AgentQueue, _ coding: BodyCoding) {
        id = queue.id.rawValue
        name = queue.name
        pool = queue.pool.rawValue
        project = queue.project.rawValue
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        name = try columns.text()
        pool = try columns.integer()
        project = try columns.uuid()
    }

    func noun(_ coding: BodyCoding) -> AgentQueue {
        AgentQueue(id: QueueID(id), name: name, pool: PoolID(pool), project: ProjectID(project))
    }
}
