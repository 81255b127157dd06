import FoundationEssentials
import RoostModel

/// A stored service connection; its secret is sealed.
struct ServiceConnectionRow: StoredRow {
    struct Body: Codable {
        var description: String?
        var webhook: String
        var header: String
        /// Under the name `secret`; nil without one.
        var secrets: [String: StoredValue]?
        var createdAt: Double
        var createdBy: String
    }

    static let table = SQLTable("service_connections", columns: ["id", "project_id", "name", "body"])

    var id: UUID
    var project: UUID
    var name: String
    var body: String

    var values: [SQLValue] { [.id(ServiceConnectionID(id)), .id(ProjectID(project)), .text(name), .text(body)] }

    init(_ connection: ServiceConnection, _ coding: BodyCoding) throws {
        id = connection.id.rawValue
        project = connection.project.rawValue
        name = connection.name
        let secret = connection.webhook.secret.map {
            ["secret": PipelineVariable(value: $0.exposed, isSecret: true)]
        }
        body = try coding.encode(
            Body(
                description: connection.description.isEmpty ? nil : connection.description,
                webhook: connection.webhook.name,
                header: connection.webhook.header,
                secrets: try coding.store(secret ?? [:], for: Self.place(id)),
                createdAt: connection.createdAt.timeIntervalSinceReferenceDate,
                createdBy: connection.createdBy
            )
        )
    }

    private static func place(_ id: UUID) -> String { "service-connections/\(id)" }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        project = try columns.uuid()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> ServiceConnection {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        let secret = try coding.pipelineVariables(body.secrets, for: Self.place(id))["secret"]
        return ServiceConnection(
            id: ServiceConnectionID(id),
            project: ProjectID(project),
            name: name,
            description: body.description ?? "",
            webhook: IncomingWebhook(
                name: body.webhook,
                secret: secret.map { Secret($0.value) },
                header: body.header
            ),
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy
        )
    }
}
