import FoundationEssentials
import RoostModel

/// A stored environment.
struct EnvironmentRow: StoredRow {
    struct Machine: Codable {
        var id: Int
        var agent: Int
        var name: String
        var tags: [String]?
    }

    struct Body: Codable {
        var description: String?
        var machines: [Machine]?
        var concurrencyLimit: Int?
        var createdAt: Double
        var createdBy: String
        var modifiedAt: Double
        var modifiedBy: String
    }

    static let table = SQLTable("environments", columns: ["id", "project_id", "name", "body"])

    var id: Int
    var project: UUID
    var name: String
    var body: String

    var values: [SQLValue] { [.integer(id), .id(ProjectID(project)), .text(name), .text(body)] }

    init(_ environment: DeploymentEnvironment, _ coding: BodyCoding) throws {
        id = environment.id.rawValue
        project = environment.project.rawValue
        name = environment.name
        let machines = environment.machines.map { machine in
            Machine(
                id: machine.id,
                agent: machine.agent.rawValue,
                name: machine.name,
                tags: machine.tags.isEmpty ? nil : machine.tags
            )
        }
        body = try coding.encode(
            Body(
                description: environment.description.isEmpty ? nil : environment.description,
                machines: machines.isEmpty ? nil : machines,
                concurrencyLimit: environment.concurrencyLimit,
                createdAt: environment.createdAt.timeIntervalSinceReferenceDate,
                createdBy: environment.createdBy,
                modifiedAt: environment.modifiedAt.timeIntervalSinceReferenceDate,
                modifiedBy: environment.modifiedBy
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        project = try columns.uuid()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> DeploymentEnvironment {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return DeploymentEnvironment(
            id: EnvironmentID(id),
            project: ProjectID(project),
            name: name,
            description: body.description ?? "",
            machines: (body.machines ?? []).map { machine in
                EnvironmentMachine(
                    id: machine.id,
                    agent: AgentID(machine.agent),
                    name: machine.name,
                    tags: machine.tags ?? []
                )
            },
            concurrencyLimit: body.concurrencyLimit,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy,
            modifiedAt: Date(timeIntervalSinceReferenceDate: body.modifiedAt),
            modifiedBy: body.modifiedBy
        )
    }
}

/// A stored deployment of an environment's history.
struct DeploymentRow: StoredRow {
    struct Body: Codable {
        var pipeline: Int
        var pipelineName: String
        var runNumber: String
        var stage: String
        var job: String
        var requestedBy: String
    }

    static let table = SQLTable(
        "deployments",
        columns: ["id", "environment_id", "run_id", "queued_at", "finished_at", "result", "body"]
    )

    var id: UUID
    var environment: Int
    var run: Int
    var queuedAt: Date
    var finishedAt: Date?
    var result: TaskResult?
    var body: String

    var values: [SQLValue] {
        [
            .id(RecordID(id)), .integer(environment), .integer(run), .date(queuedAt), .date(finishedAt),
            .text(result?.rawValue), .text(body),
        ]
    }

    init(_ deployment: Deployment, _ coding: BodyCoding) throws {
        id = deployment.id.rawValue
        environment = deployment.environment.rawValue
        run = deployment.run.rawValue
        queuedAt = deployment.queuedAt
        finishedAt = deployment.finishedAt
        result = deployment.result
        body = try coding.encode(
            Body(
                pipeline: deployment.pipeline.rawValue,
                pipelineName: deployment.pipelineName,
                runNumber: deployment.runNumber,
                stage: deployment.stage,
                job: deployment.job,
                requestedBy: deployment.requestedBy
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        environment = try columns.integer()
        run = try columns.integer()
        queuedAt = try columns.date()
        finishedAt = try columns.optionalDate()
        result = try columns.optionalWord(TaskResult.self)
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Deployment {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return Deployment(
            id: RecordID(id),
            environment: EnvironmentID(environment),
            run: RunID(run),
            pipeline: PipelineID(body.pipeline),
            pipelineName: body.pipelineName,
            runNumber: body.runNumber,
            stage: body.stage,
            job: body.job,
            requestedBy: body.requestedBy,
            queuedAt: queuedAt,
            finishedAt: finishedAt,
            result: result
        )
    }
}
