import FoundationEssentials
import RoostModel

/// A stored pipeline.
struct PipelineRow: StoredRow {
    struct Body: Codable {
        var folder: String
        var revision: Int
        var repository: RepositoryBody
        var yamlPath: String
        var defaultPool: Int?
        var variables: [String: StoredValue]?
        var concurrencyLimit: Int?
        var enabled: Bool
        var createdAt: Double
        var createdBy: String
        var triggers: TriggerSettings?
        var hook: [String: StoredValue]?
    }

    static let table = SQLTable("pipelines", columns: ["id", "project_id", "name", "body"])

    var id: Int
    var project: UUID
    var name: String
    var body: String

    var values: [SQLValue] { [.integer(id), .id(ProjectID(project)), .text(name), .text(body)] }

    init(_ pipeline: Pipeline, _ coding: BodyCoding) throws {
        id = pipeline.id.rawValue
        project = pipeline.project.rawValue
        name = pipeline.name
        body = try coding.encode(
            Body(
                folder: pipeline.folder,
                revision: pipeline.revision,
                repository: RepositoryBody(pipeline.repository),
                yamlPath: pipeline.yamlPath,
                defaultPool: pipeline.defaultPool?.rawValue,
                variables: try coding.store(pipeline.variables, for: Self.place(id)),
                concurrencyLimit: pipeline.concurrencyLimit,
                enabled: pipeline.enabled,
                createdAt: pipeline.createdAt.timeIntervalSinceReferenceDate,
                createdBy: pipeline.createdBy,
                triggers: pipeline.triggers == TriggerSettings() ? nil : pipeline.triggers,
                hook: try coding.store(Self.hook(pipeline.triggers), for: Self.hookPlace(id))
            )
        )
    }

    private static func hookPlace(_ id: Int) -> String { "pipelines/\(id)/hook" }

    /// The secret of webhooks in the form that variables are sealed in.
    private static func hook(_ triggers: TriggerSettings) -> [String: PipelineVariable] {
        triggers.webhookSecret.map { ["secret": PipelineVariable(value: $0.exposed, isSecret: true)] } ?? [:]
    }

    private static func place(_ id: Int) -> String { "pipelines/\(id)/variables" }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        project = try columns.uuid()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Pipeline {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        var pipeline = Pipeline(
            id: PipelineID(id),
            project: ProjectID(project),
            name: name,
            folder: body.folder,
            revision: body.revision,
            repository: body.repository.noun,
            yamlPath: body.yamlPath,
            defaultPool: body.defaultPool.map { PoolID($0) },
            variables: try coding.pipelineVariables(body.variables, for: Self.place(id)),
            concurrencyLimit: body.concurrencyLimit,
            enabled: body.enabled,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy
        )
        pipeline.triggers = body.triggers ?? TriggerSettings()
        let hook = try coding.pipelineVariables(body.hook, for: Self.hookPlace(id))
        pipeline.triggers.webhookSecret = hook["secret"].map { Secret($0.value) }
        return pipeline
    }
}

/// A repository in a body.
struct RepositoryBody: Codable {
    var url: String
    var name: String
    var defaultBranch: String

    init(_ repository: PipelineRepository) {
        url = repository.url
        name = repository.name
        defaultBranch = repository.defaultBranch
    }

    var noun: PipelineRepository { PipelineRepository(url: url, name: name, defaultBranch: defaultBranch) }
}
