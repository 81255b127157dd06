import FoundationEssentials
import RoostModel

/// A stored job: its state and lease are columns, because they change while the rest stands still.
struct JobRow: StoredRow {
    struct Body: Codable {
        var pipeline: Int
        var project: UUID
        var stage: String
        var name: String
        var leg: String?
        var position: Int
        var copies: Int
        var attempt: Int
        var displayName: String
        var demands: [String]?
        var priority: RunPriority?
        var timeoutInMinutes: Int
        var cancelTimeoutInMinutes: Int
        var continueOnError: Bool?
        var variables: [String: StoredValue]?
        var outputs: [String: StoredValue]?
        var hook: HookBody?
        var server: ServerWorkBody?
    }

    /// The stored shape of the hook a job of a deployment carries out.
    struct HookBody: Codable {
        var hook: PlannedHook.Kind
        var increment: Int?
        var resource: String?

        init(_ run: HookRun) {
            hook = run.hook
            increment = run.increment
            resource = run.resource
        }

        var noun: HookRun { HookRun(hook, increment: increment, resource: resource) }
    }

    /// The words of the column `state`.
    enum State: String {
        case waiting, queued, assigned, running, canceling, serving, finished
    }

    static let table = SQLTable(
        "jobs",
        columns: [
            "id", "run_id", "request_id", "pool_id", "agent_id", "agent_name", "state", "result", "machine_failure",
            "queued_at", "started_at", "finished_at", "lease_agent_name", "assigned_at", "locked_until", "message_id",
            "message_acknowledged", "cancel_deadline", "body",
        ],
        // The place among the jobs of its run, in the order in which they were made.
        computed: [("seq", "(SELECT COALESCE(MAX(seq), 0) + 1 FROM jobs WHERE run_id = ?)")],
        // The agent that had it last is remembered when the lease is gone.
        merged: ["agent_id": "COALESCE(excluded.agent_id, jobs.agent_id)"]
    )

    var id: UUID
    var run: Int
    var request: Int?
    var pool: Int?
    var agent: Int?
    var agentName: String?
    var state: State
    var result: TaskResult?
    var machineFailure: Bool
    var queuedAt: Date?
    var startedAt: Date?
    var finishedAt: Date?
    var leaseAgentName: String?
    var assignedAt: Date?
    var lockedUntil: Date?
    var messageID: Int?
    var messageAcknowledged: Bool
    var cancelDeadline: Date?
    var body: String

    /// The run comes twice: the second is for the computed place.
    var values: [SQLValue] {
        [
            .id(JobID(id)), .integer(run), .integer(request), .integer(pool), .integer(agent), .text(agentName),
            .text(state.rawValue), .text(result?.rawValue), .flag(machineFailure), .date(queuedAt), .date(startedAt),
            .date(finishedAt), .text(leaseAgentName), .date(assignedAt), .date(lockedUntil), .integer(messageID),
            .flag(messageAcknowledged), .date(cancelDeadline), .text(body), .integer(run),
        ]
    }

    init(_ job: Job, _ coding: BodyCoding) throws {
        self.init(job, body: try Self.body(of: job, coding))
    }

    /// With a body that was encoded before.
    init(_ job: Job, body: String) {
        id = job.id.rawValue
        run = job.run.rawValue
        request = job.request?.rawValue
        pool = job.pool?.rawValue
        agentName = job.agentName
        machineFailure = job.machineFailure
        queuedAt = job.queuedAt
        startedAt = job.startedAt
        finishedAt = job.finishedAt
        let lease = job.state.lease
        agent = lease?.agent.rawValue
        leaseAgentName = lease?.agentName
        assignedAt = lease?.assignedAt
        lockedUntil = lease?.lockedUntil
        messageID = lease?.messageID
        messageAcknowledged = lease?.messageAcknowledged ?? false
        (state, cancelDeadline) = Self.columns(of: job.state)
        result = job.state.result
        self.body = body
    }

    private static func columns(of state: JobState) -> (State, cancelDeadline: Date?) {
        switch state {
        case .waiting: (.waiting, nil)
        case .queued: (.queued, nil)
        case .assigned: (.assigned, nil)
        case .running: (.running, nil)
        case .canceling(_, let deadline): (.canceling, deadline)
        case .serving: (.serving, nil)
        case .finished: (.finished, nil)
        }
    }

    static func body(of job: Job, _ coding: BodyCoding) throws -> String {
        try coding.encode(
            Body(
                pipeline: job.pipeline.rawValue,
                project: job.project.rawValue,
                stage: job.stage,
                name: job.name,
                leg: job.leg,
                position: job.position,
                copies: job.copies,
                attempt: job.attempt,
                displayName: job.displayName,
                demands: job.demands.isEmpty ? nil : job.demands.map(\.description),
                priority: job.priority == .normal ? nil : job.priority,
                timeoutInMinutes: job.timeoutInMinutes,
                cancelTimeoutInMinutes: job.cancelTimeoutInMinutes,
                continueOnError: job.continueOnError ? true : nil,
                variables: try coding.store(job.variables, for: place(job.id, "variables")),
                outputs: try coding.store(job.outputs, for: place(job.id, "outputs")),
                hook: job.hook.map { HookBody($0) },
                server: job.server.map { ServerWorkBody($0) }
            )
        )
    }

    /// Whether two jobs have the same body: they may differ in what stands in columns.
    static func isSameBody(_ left: Job, _ right: Job) -> Bool {
        left.variables == right.variables && left.outputs == right.outputs && left.demands == right.demands
            && left.stage == right.stage && left.name == right.name && left.leg == right.leg
            && left.position == right.position && left.copies == right.copies && left.attempt == right.attempt
            && left.displayName == right.displayName && left.priority == right.priority
            && left.timeoutInMinutes == right.timeoutInMinutes
            && left.cancelTimeoutInMinutes == right.cancelTimeoutInMinutes
            && left.continueOnError == right.continueOnError && left.pipeline == right.pipeline
            && left.project == right.project && left.hook == right.hook
            && left.server == right.server
    }

    private static func place(_ id: JobID, _ part: String) -> String { "jobs/\(id)/\(part)" }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        run = try columns.integer()
        request = try columns.optionalInteger()
        pool = try columns.optionalInteger()
        agent = try columns.optionalInteger()
        agentName = try columns.optionalText()
        state = try columns.word(State.self)
        result = try columns.optionalWord(TaskResult.self)
        machineFailure = try columns.flag()
        queuedAt = try columns.optionalDate()
        startedAt = try columns.optionalDate()
        finishedAt = try columns.optionalDate()
        leaseAgentName = try columns.optionalText()
        assignedAt = try columns.optionalDate()
        lockedUntil = try columns.optionalDate()
        messageID = try columns.optionalInteger()
        messageAcknowledged = try columns.flag()
        cancelDeadline = try columns.optionalDate()
        body = try columns.text()
    }

    private func jobState() throws(StoredRowError) -> JobState {
        switch (state, lease, result, cancelDeadline) {
        case (.waiting, _, _, _): return .waiting
        case (.queued, _, _, _): return .queued
        case (.serving, _, _, _): return .serving
        case (.assigned, .some(let lease), _, _): return .assigned(lease)
        case (.running, .some(let lease), _, _): return .running(lease)
        case (.canceling, .some(let lease), _, .some(let deadline)): return .canceling(lease, deadline: deadline)
        case (.finished, _, .some(let result), _): return .finished(result)
        case (.assigned, _, _, _), (.running, _, _, _), (.canceling, _, _, _), (.finished, _, _, _):
            throw StoredRowError(table: Self.table.name, reason: "\(id) is \(state) and lacks what belongs to that")
        }
    }

    private var lease: Lease? {
        guard let agent, let leaseAgentName, let assignedAt, let lockedUntil, let messageID else { return nil }
        return Lease(
            agent: AgentID(agent),
            agentName: leaseAgentName,
            assignedAt: assignedAt,
            lockedUntil: lockedUntil,
            messageID: messageID,
            messageAcknowledged: messageAcknowledged
        )
    }

    func noun(_ coding: BodyCoding) throws -> Job {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        let id = JobID(id)
        return Job(
            id: id,
            run: RunID(run),
            pipeline: PipelineID(body.pipeline),
            project: ProjectID(body.project),
            request: request.map { RequestID($0) },
            stage: body.stage,
            name: body.name,
            leg: body.leg,
            position: body.position,
            copies: body.copies,
            attempt: body.attempt,
            displayName: body.displayName,
            pool: pool.map { PoolID($0) },
            demands: try (body.demands ?? []).map { try Demand(parsing: $0) },
            priority: body.priority ?? .normal,
            state: try jobState(),
            queuedAt: queuedAt,
            startedAt: startedAt,
            finishedAt: finishedAt,
            timeoutInMinutes: body.timeoutInMinutes,
            cancelTimeoutInMinutes: body.cancelTimeoutInMinutes,
            continueOnError: body.continueOnError ?? false,
            variables: try coding.outputVariables(body.variables, for: Self.place(id, "variables")),
            outputs: try coding.outputVariables(body.outputs, for: Self.place(id, "outputs")),
            agentName: agentName,
            machineFailure: machineFailure,
            hook: body.hook?.noun,
            server: body.server?.noun
        )
    }
}
