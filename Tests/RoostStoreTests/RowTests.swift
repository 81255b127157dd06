import FoundationEssentials
import RoostModel
import Testing

@testable import RoostStore

@Suite("Stored shapes")
struct RowTests {
    static let coding = BodyCoding(sealer: ScramblingSealer())

    /// Sends a noun through its row and the row's columns, and back.
    private func roundTrip<Row: StoredRow>(_ noun: Row.Noun, _ type: Row.Type) throws -> Row.Noun {
        let row = try Row(noun, Self.coding)
        var columns = ColumnReader(table: Row.table.name, row.values)
        return try Row(reading: &columns).noun(Self.coding)
    }

    @Test("projects, pools, queues, agents, pipelines, tokens and logs come back as they were")
    func settings() throws {
        for project in [Sample.fullProject, Sample.smallProject] {
            #expect(try roundTrip(project, ProjectRow.self) == project)
        }
        for pool in [Sample.fullPool, Sample.pool(1)] { #expect(try roundTrip(pool, PoolRow.self) == pool) }
        for queue in [Sample.fullQueue, Sample.smallQueue] { #expect(try roundTrip(queue, QueueRow.self) == queue) }
        for agent in [Sample.fullAgent, Sample.agent(1)] { #expect(try roundTrip(agent, AgentRow.self) == agent) }
        for pipeline in [Sample.fullPipeline, Sample.smallPipeline] {
            #expect(try roundTrip(pipeline, PipelineRow.self) == pipeline)
        }
        for token in [Sample.fullToken, Sample.smallToken] { #expect(try roundTrip(token, TokenRow.self) == token) }
        for log in [Sample.fullLog, Sample.smallLog] { #expect(try roundTrip(log, LogRow.self) == log) }
    }

    @Test("a job comes back as it was in each of its states", arguments: Sample.jobStates)
    func jobs(state: JobState) throws {
        for var job in [Sample.fullJob, Sample.job(1)] {
            job.state = state
            #expect(try roundTrip(job, JobRow.self) == job)
        }
    }

    @Test(
        "a run comes back as it was in each of its states",
        arguments: [RunState.queued, .running, .canceling, .completed(.failed)]
    )
    func runs(state: RunState) throws {
        for var run in [Sample.fullRun, Sample.run(1)] {
            run.state = state
            let row = try RunRow(run, Self.coding)
            var columns = ColumnReader(table: "runs", row.values)
            #expect(try RunRow(reading: &columns).noun(plan: run.plan, Self.coding) == run)
        }
    }

    @Test("a record comes back as it was")
    func records() throws {
        for record in [Sample.fullRecord, Sample.record("x")] {
            let row = try RecordRow(record, run: RunID(3), Self.coding)
            var columns = ColumnReader(table: "timeline_records", row.values)
            #expect(try RecordRow(reading: &columns).noun(Self.coding) == record)
        }
    }

    @Test("a plan comes back as it was with each strategy", arguments: Sample.strategies)
    func plans(strategy: JobStrategy) throws {
        var plan = Sample.plan
        plan.stages[0].jobs[0].strategy = strategy
        plan.stages.append(Sample.smallStage)
        let text = try Self.coding.encode(PlanBody(plan))
        let body: PlanBody = try Self.coding.decode(text, table: "run_plans", row: 1)
        #expect(body.noun == plan)
    }

    @Test("a plan comes back as it was with each deployment", arguments: Sample.deployments)
    func deployments(deployment: PlannedDeployment) throws {
        var plan = Sample.plan
        plan.stages[0].jobs[0].deployment = deployment
        let text = try Self.coding.encode(PlanBody(plan))
        let body: PlanBody = try Self.coding.decode(text, table: "run_plans", row: 1)
        #expect(body.noun == plan)
    }

    @Test("a row that lacks what its state needs is called damaged, not guessed at")
    func damagedRow() throws {
        var row = try JobRow(Sample.job(1, state: .assigned(Sample.lease)), Self.coding)
        row.lockedUntil = nil
        #expect(throws: StoredRowError.self) { try row.noun(Self.coding) }
        row.state = .finished
        #expect(throws: StoredRowError.self) { try row.noun(Self.coding) }
        row.body = "{"
        #expect(throws: StoredRowError.self) { try row.noun(Self.coding) }
    }

    @Test("a secret that was moved to another place does not open")
    func movedSecret() throws {
        var row = try PipelineRow(Sample.fullPipeline, Self.coding)
        row.id = 6
        #expect(throws: ScramblingSealer.WrongPlace.self) { try row.noun(Self.coding) }
    }

    /// A field that was added to the model with a default is equal in both samples until the full one sets it; setting it then fails
    /// the round trip above until the row stores it.
    @Test("the samples set every field, so that a new field cannot be forgotten by the store")
    func samplesAreFull() {
        expectAllDiffer(Sample.fullProject, Sample.smallProject)
        expectAllDiffer(Sample.fullPool, Sample.pool(1))
        expectAllDiffer(Sample.fullQueue, Sample.smallQueue)
        expectAllDiffer(Sample.fullAgent, Sample.agent(1))
        expectAllDiffer(Sample.fullPipeline, Sample.smallPipeline)
        expectAllDiffer(Sample.fullToken, Sample.smallToken)
        expectAllDiffer(Sample.fullLog, Sample.smallLog)
        expectAllDiffer(Sample.fullEvent, Sample.event("x"))
        expectAllDiffer(Sample.fullEnvironment, Sample.environment(1))
        expectAllDiffer(Sample.checks[0], Sample.smallCheck)
        expectAllDiffer(Sample.fullGroup, Sample.smallGroup)
        expectAllDiffer(Sample.fullDeployment, Sample.smallDeployment)
        expectAllDiffer(Sample.fullCheckpoint, Sample.smallCheckpoint)
        expectAllDiffer(Sample.fullCheckpoint.checks[0], Sample.smallCheckpoint.checks[0])
        expectAllDiffer(Sample.fullRun, Sample.run(1))
        expectAllDiffer(Sample.fullJob, Sample.job(1))
        expectAllDiffer(Sample.fullRecord, Sample.record("x"))
        expectAllDiffer(Sample.plan, Sample.smallPlan)
        expectAllDiffer(Sample.fullStage, Sample.smallStage)
        expectAllDiffer(Sample.fullPlannedJob, Sample.smallPlannedJob)
        expectAllDiffer(Sample.fullStep, Sample.smallStep)
        expectAllDiffer(Sample.repository, Sample.smallRepository)
        expectAllDiffer(Sample.issue, Issue(.error, "x"))
        expectAllDiffer(Sample.plan.variables[0], PlannedVariable(name: "x", value: PlannedText("x")))
        expectAllDiffer(Sample.plan.repositories[0], PlannedRepository(alias: "x", type: "x", name: "x"))
        expectAllDiffer(Sample.fullPlannedJob.pool ?? PlannedPool(), PlannedPool())
        expectAllDiffer(Sample.fullStep.task, TaskReference(id: "x", name: "x", version: "x"))
        expectAllDiffer(
            PipelineVariable(value: "1", isSecret: true, settableAtQueueTime: true),
            PipelineVariable(value: "x")
        )
        expectAllDiffer(OutputVariable(value: "1", isSecret: true), OutputVariable(value: "x"))
        expectAllDiffer(
            Sample.lease,
            Lease(
                agent: AgentID(1),
                agentName: "x",
                assignedAt: Sample.date(),
                lockedUntil: Sample.date(),
                messageID: 1
            )
        )
    }

    private func expectAllDiffer<Noun>(_ full: Noun, _ small: Noun) {
        for (left, right) in zip(Mirror(reflecting: full).children, Mirror(reflecting: small).children) {
            let name = "\(Noun.self).\(left.label ?? "?")"
            #expect("\(left.value)" != "\(right.value)", "\(name) is not set by the full sample")
        }
    }

    @Test("a body is encoded again when the body changes, and only then")
    func bodyCache() throws {
        var bodies = EncodedBodies<JobID, Job>(byteLimit: 1_000)
        var encodings = 0
        func text(_ job: Job) -> String {
            bodies.text(of: job, id: job.id, isSame: JobRow.isSameBody) {
                encodings += 1
                return String(repeating: "x", count: 400)
            }
        }
        var job = Sample.fullJob
        for state in Sample.jobStates {
            job.state = state
            _ = text(job)
        }
        #expect(encodings == 1)
        job.outputs["more"] = OutputVariable(value: "1")
        _ = text(job)
        #expect(encodings == 2)
        // Two more do not fit: the first is forgotten.
        for _ in 0..<2 { _ = text(Sample.job(1)) }
        _ = text(job)
        #expect(encodings == 5)
    }

    @Test("each field of a job that stands in its body is compared before the body is used again")
    func bodyComparison() throws {
        let job = Sample.fullJob
        let small = Sample.job(1)
        let changes: [(String, (inout Job) -> Void)] = [
            ("pipeline", { $0.pipeline = small.pipeline }), ("project", { $0.project = small.project }),
            ("stage", { $0.stage = small.stage }), ("name", { $0.name = small.name }), ("leg", { $0.leg = nil }),
            ("position", { $0.position = 1 }), ("copies", { $0.copies = 1 }), ("attempt", { $0.attempt = 1 }),
            ("displayName", { $0.displayName = "" }), ("demands", { $0.demands = [] }),
            ("priority", { $0.priority = .low }), ("timeout", { $0.timeoutInMinutes = 9 }),
            ("cancel timeout", { $0.cancelTimeoutInMinutes = 9 }), ("continueOnError", { $0.continueOnError = false }),
            ("variables", { $0.variables = [:] }), ("outputs", { $0.outputs = [:] }), ("hook", { $0.hook = nil }),
            ("server", { $0.server = nil }),
        ]
        for (name, change) in changes {
            var changed = job
            change(&changed)
            #expect(!JobRow.isSameBody(job, changed), "\(name) is not compared")
        }
        #expect(changes.count == Mirror(reflecting: try bodyOfFullJob()).children.count)
    }

    private func bodyOfFullJob() throws -> JobRow.Body {
        try Self.coding.decode(try JobRow.body(of: Sample.fullJob, Self.coding), table: "jobs", row: 1)
    }
}
