import FoundationEssentials
import RoostModel

/// A stored project.
struct ProjectRow: StoredRow {
    struct Body: Codable {
        var description: String?
        var defaultPool: Int?
        var createdAt: Double
    }

    static let table = SQLTable("projects", columns: ["id", "name", "body"])

    var id: UUID
    var name: String
    var body: String

    var values: [SQLValue] { [.id(ProjectID(id)), .text(name), .text(body)] }

    init(_ project: Project, _ coding: BodyCoding) throws {
        id = project.id.rawValue
        name = project.name
        body = try coding.encode(
            Body(
                description: project.description.isEmpty ? nil : project.description,
                defaultPool: project.defaultPool?.rawValue,
                createdAt: project.createdAt.timeIntervalSinceReferenceDate
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Project {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return Project(
            id: ProjectID(id),
            name: name,
            description: body.description ?? "",
            defaultPool: body.defaultPool.map { PoolID($0) },
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt)
        )
    }
}
