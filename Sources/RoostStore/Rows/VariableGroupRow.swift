import FoundationEssentials
import RoostModel

/// A stored variable group; its secret values are sealed.
struct VariableGroupRow: StoredRow {
    struct Body: Codable {
        var description: String?
        var variables: [String: StoredValue]?
        var vault: GroupVault?
        var createdAt: Double
        var createdBy: String
        var modifiedAt: Double
        var modifiedBy: String
    }

    static let table = SQLTable("variable_groups", columns: ["id", "project_id", "name", "body"])

    var id: Int
    var project: UUID
    var name: String
    var body: String

    var values: [SQLValue] { [.integer(id), .id(ProjectID(project)), .text(name), .text(body)] }

    init(_ group: VariableGroup, _ coding: BodyCoding) throws {
        id = group.id.rawValue
        project = group.project.rawValue
        name = group.name
        body = try coding.encode(
            Body(
                description: group.description.isEmpty ? nil : group.description,
                variables: try coding.store(group.variables, for: Self.place(id)),
                vault: group.vault,
                createdAt: group.createdAt.timeIntervalSinceReferenceDate,
                createdBy: group.createdBy,
                modifiedAt: group.modifiedAt.timeIntervalSinceReferenceDate,
                modifiedBy: group.modifiedBy
            )
        )
    }

    private static func place(_ id: Int) -> String { "variable-groups/\(id)" }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        project = try columns.uuid()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> VariableGroup {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return VariableGroup(
            id: VariableGroupID(id),
            project: ProjectID(project),
            name: name,
            description: body.description ?? "",
            variables: try coding.pipelineVariables(body.variables, for: Self.place(id)),
            vault: body.vault,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy,
            modifiedAt: Date(timeIntervalSinceReferenceDate: body.modifiedAt),
            modifiedBy: body.modifiedBy
        )
    }
}
