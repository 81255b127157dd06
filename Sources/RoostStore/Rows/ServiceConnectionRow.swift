import FoundationEssentials
import RoostModel

/// A stored service connection; its secret is sealed.
struct ServiceConnectionRow: StoredRow {
    struct Body: Codable {
        var description: String?
        /// Nil where it is no webhook.
        var webhook: String?
        var header: String?
        /// Address of a registry; nil where it is none.
        var registry: String?
        var username: String?
        /// Under the name `secret`, of a registry under `password`; nil without one.
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
        var secrets: [String: PipelineVariable] = [:]
        if let secret = connection.webhook?.secret {
            secrets["secret"] = PipelineVariable(value: secret.exposed, isSecret: true)
        }
        if let registry = connection.registry {
            secrets["password"] = PipelineVariable(value: registry.password.exposed, isSecret: true)
        }
        body = try coding.encode(
            Body(
                description: connection.description.isEmpty ? nil : connection.description,
                webhook: connection.webhook?.name,
                header: connection.webhook?.header,
                registry: connection.registry?.address,
                username: connection.registry?.username,
                secrets: try coding.store(secrets, for: Self.place(id)),
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
        let secrets = try coding.pipelineVariables(body.secrets, for: Self.place(id))
        return ServiceConnection(
            id: ServiceConnectionID(id),
            project: ProjectID(project),
            name: name,
            description: body.description ?? "",
            webhook: body.webhook.map { name in
                IncomingWebhook(
                    name: name,
                    secret: secrets["secret"].map { Secret($0.value) },
                    header: body.header ?? IncomingWebhook.usualHeader
                )
            },
            registry: body.registry.map { address in
                RegistryAccount(
                    address: address,
                    username: body.username ?? "",
                    password: Secret(secrets["password"]?.value ?? "")
                )
            },
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy
        )
    }
}
