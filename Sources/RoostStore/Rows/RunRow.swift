import FoundationEssentials
import RoostModel

/// A stored run; its plan, which never changes, is a row of its own (``PlanRow``).
struct RunRow {
    struct Body: Codable {
        var pipelineName: String
        var timelineID: UUID
        var reason: RunReason
        var priority: RunPriority?
        var sourceVersion: String
        var sourceVersionMessage: String?
        var sourceVersionAuthor: String?
        var repository: RepositoryBody
        var variables: [String: StoredValue]?
        var parameters: [String: String]?
        var canceledBy: String?
        var rerunOf: Int?
        var issues: [IssueBody]?
        var tags: [String]?
        var poolOverride: Int?
        var canceledAt: Double?
        var variableGroups: [String: [String: StoredValue]]?
        var sources: RunSources?
        var cause: RunCause?
        var stageRequests: [StageRequest]?
    }

    /// The words of the column `state`.
    enum State: String {
        case queued, running, canceling, completed
    }

    static let table = SQLTable(
        "runs",
        columns: [
            "id", "project_id", "pipeline_id", "plan_id", "number", "state", "result", "source_branch", "requested_by",
            "queued_at", "started_at", "finished_at", "body",
        ]
    )

    var id: Int
    var project: UUID
    var pipeline: Int
    var planID: UUID
    var number: String
    var state: State
    var result: TaskResult?
    var sourceBranch: String
    var requestedBy: String
    var queuedAt: Date
    var startedAt: Date?
    var finishedAt: Date?
    var body: String

    var values: [SQLValue] {
        [
            .integer(id), .id(ProjectID(project)), .integer(pipeline), .id(PlanID(planID)), .text(number),
            .text(state.rawValue), .text(result?.rawValue), .text(sourceBranch), .text(requestedBy), .date(queuedAt),
            .date(startedAt), .date(finishedAt), .text(body),
        ]
    }

    init(_ run: Run, _ coding: BodyCoding) throws {
        id = run.id.rawValue
        project = run.project.rawValue
        pipeline = run.pipeline.rawValue
        planID = run.planID.rawValue
        number = run.number
        (state, result) = Self.columns(of: run.state)
        sourceBranch = run.sourceBranch
        requestedBy = run.requestedBy
        queuedAt = run.queuedAt
        startedAt = run.startedAt
        finishedAt = run.finishedAt
        body = try coding.encode(try Self.body(of: run, coding))
    }

    private static func body(of run: Run, _ coding: BodyCoding) throws -> Body {
        Body(
            pipelineName: run.pipelineName,
            timelineID: run.timelineID,
            reason: run.reason,
            priority: run.priority == .normal ? nil : run.priority,
            sourceVersion: run.sourceVersion,
            sourceVersionMessage: run.sourceVersionMessage.isEmpty ? nil : run.sourceVersionMessage,
            sourceVersionAuthor: run.sourceVersionAuthor.isEmpty ? nil : run.sourceVersionAuthor,
            repository: RepositoryBody(run.repository),
            variables: try coding.store(run.variables, for: place(run.id.rawValue)),
            parameters: run.parameters.isEmpty ? nil : run.parameters,
            canceledBy: run.canceledBy,
            rerunOf: run.rerunOf?.rawValue,
            issues: run.issues.isEmpty ? nil : run.issues.map { IssueBody($0) },
            tags: run.tags.isEmpty ? nil : run.tags,
            poolOverride: run.poolOverride?.rawValue,
            canceledAt: run.canceledAt?.timeIntervalSinceReferenceDate,
            variableGroups: try groups(of: run, coding),
            sources: run.sources == RunSources() ? nil : run.sources,
            cause: run.cause == RunCause() ? nil : run.cause,
            stageRequests: run.stageRequests.isEmpty ? nil : run.stageRequests
        )
    }

    private static func place(_ id: Int) -> String { "runs/\(id)/variables" }

    private static func groupPlace(_ id: Int, _ group: String) -> String { "runs/\(id)/groups/\(group)" }

    private static func groups(of run: Run, _ coding: BodyCoding) throws -> [String: [String: StoredValue]]? {
        guard !run.variableGroups.isEmpty else { return nil }
        var groups: [String: [String: StoredValue]] = [:]
        for (name, variables) in run.variableGroups {
            groups[name] = try coding.store(variables, for: groupPlace(run.id.rawValue, name)) ?? [:]
        }
        return groups
    }

    private static func groups(
        _ stored: [String: [String: StoredValue]]?,
        of id: Int,
        _ coding: BodyCoding
    ) throws -> [String: [String: PipelineVariable]] {
        var groups: [String: [String: PipelineVariable]] = [:]
        for (name, variables) in stored ?? [:] {
            groups[name] = try coding.pipelineVariables(variables, for: groupPlace(id, name))
        }
        return groups
    }

    static func columns(of state: RunState) -> (State, TaskResult?) {
        switch state {
        case .queued: (.queued, nil)
        case .running: (.running, nil)
        case .canceling: (.canceling, nil)
        case .completed(let result): (.completed, result)
        }
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        project = try columns.uuid()
        pipeline = try columns.integer()
        planID = try columns.uuid()
        number = try columns.text()
        state = try columns.word(State.self)
        result = try columns.optionalWord(TaskResult.self)
        sourceBranch = try columns.text()
        requestedBy = try columns.text()
        queuedAt = try columns.date()
        startedAt = try columns.optionalDate()
        finishedAt = try columns.optionalDate()
        body = try columns.text()
    }

    private func runState() throws(StoredRowError) -> RunState {
        switch (state, result) {
        case (.queued, nil): return .queued
        case (.running, nil): return .running
        case (.canceling, nil): return .canceling
        case (.completed, .some(let result)): return .completed(result)
        case (.completed, nil), (.queued, .some), (.running, .some), (.canceling, .some):
            throw StoredRowError(table: Self.table.name, reason: "state and result of \(id) do not agree")
        }
    }

    func noun(plan: RunPlan, _ coding: BodyCoding) throws -> Run {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        var run = Run(
            id: RunID(id),
            pipeline: PipelineID(pipeline),
            pipelineName: body.pipelineName,
            project: ProjectID(project),
            planID: PlanID(planID),
            timelineID: body.timelineID,
            number: number,
            state: try runState(),
            reason: body.reason,
            priority: body.priority ?? .normal,
            sourceBranch: sourceBranch,
            sourceVersion: body.sourceVersion,
            sourceVersionMessage: body.sourceVersionMessage ?? "",
            sourceVersionAuthor: body.sourceVersionAuthor ?? "",
            repository: body.repository.noun,
            requestedBy: requestedBy,
            variables: try coding.pipelineVariables(body.variables, for: Self.place(id)),
            parameters: body.parameters ?? [:],
            plan: plan,
            queuedAt: queuedAt,
            startedAt: startedAt,
            finishedAt: finishedAt,
            canceledBy: body.canceledBy,
            canceledAt: body.canceledAt.map { Date(timeIntervalSinceReferenceDate: $0) },
            rerunOf: body.rerunOf.map { RunID($0) },
            issues: (body.issues ?? []).map(\.noun),
            tags: body.tags ?? [],
            poolOverride: body.poolOverride.map { PoolID($0) },
            variableGroups: try Self.groups(body.variableGroups, of: id, coding)
        )
        run.sources = body.sources ?? RunSources()
        run.cause = body.cause ?? RunCause()
        run.stageRequests = body.stageRequests ?? []
        return run
    }
}

/// The plan of a run, written once.
struct PlanRow {
    static let table = SQLTable("run_plans", key: ["run_id"], columns: ["run_id", "body"])
}
