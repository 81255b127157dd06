import Foundation
import RoostModel
import RoostStore
import RoostWire

@testable import RoostServer

/// What the store of a test holds before its server starts: a project, two pools, an agent in each, and a run with a running job.
struct ServerSeed: Sendable {
    let project: Project
    let otherProject: Project
    let pool: AgentPool
    let otherPool: AgentPool
    let agent: Agent
    let otherAgent: Agent
    let pipeline: Pipeline
    let run: Run
    let job: Job
    let step: TimelineRecord
    let log: RunLog

    /// Making a key takes long.
    static let key: AgentKey? = try? AgentKey.generate()
    struct NoKey: Error {}

    init() throws {
        guard let key = Self.key else { throw NoKey() }
        let now = Date()
        project = Project(id: ProjectID(UUID()), name: "Fabrikam Fibre", createdAt: now)
        otherProject = Project(id: ProjectID(UUID()), name: "Other", createdAt: now)
        pool = AgentPool(id: PoolID(1), name: "default", createdAt: now, createdBy: "user:ada")
        otherPool = AgentPool(id: PoolID(2), name: "big machines", createdAt: now, createdBy: "user:ada")
        agent = try Agent(
            id: AgentID(1),
            pool: pool.id,
            name: "build-01",
            version: "4.270.0",
            osDescription: "Linux",
            systemCapabilities: ["git": "/usr/bin/git"],
            clientID: ClientID(UUID()),
            publicKey: key.publicKey,
            createdAt: now,
            createdBy: "user:ada"
        )
        otherAgent = try Agent(
            id: AgentID(2),
            pool: otherPool.id,
            name: "big-01",
            version: "4.270.0",
            osDescription: "Linux",
            clientID: ClientID(UUID()),
            publicKey: key.publicKey,
            createdAt: now,
            createdBy: "user:ada"
        )
        let repository = PipelineRepository(url: "/nowhere/app.git", name: "app", defaultBranch: "refs/heads/main")
        pipeline = Pipeline(
            id: PipelineID(1),
            project: project.id,
            name: "ci",
            repository: repository,
            yamlPath: "azure-pipelines.yml",
            createdAt: now,
            createdBy: "user:ada"
        )
        let planned = PlannedJob(
            name: "Job",
            displayName: "Job",
            steps: [PlannedStep(name: "CmdLine1", displayName: "make", task: .commandLine, inputs: ["script": "make"])]
        )
        let plan = RunPlan(stages: [PlannedStage(name: "__default", displayName: "", jobs: [planned])])
        run = Run(
            id: RunID(1),
            pipeline: pipeline.id,
            pipelineName: pipeline.name,
            project: project.id,
            planID: PlanID(UUID()),
            timelineID: UUID(),
            number: "20261124.1",
            state: .running,
            sourceBranch: "refs/heads/main",
            sourceVersion: String(repeating: "a", count: 40),
            sourceVersionMessage: "a change",
            sourceVersionAuthor: "Ada",
            repository: repository,
            requestedBy: "ada",
            plan: plan,
            queuedAt: now,
            startedAt: now
        )
        let lease = Lease(
            agent: agent.id,
            agentName: agent.name,
            assignedAt: now,
            lockedUntil: now + 3600,
            messageID: 1,
            messageAcknowledged: true
        )
        job = Job(
            id: JobID(UUID()),
            run: run.id,
            pipeline: pipeline.id,
            project: project.id,
            request: RequestID(1),
            stage: "__default",
            name: "Job",
            displayName: "Job",
            pool: pool.id,
            state: .running(lease),
            queuedAt: now,
            startedAt: now,
            agentName: agent.name
        )
        let jobRecord = TimelineRecord(
            id: RecordID(job.id.rawValue),
            kind: .job,
            name: "Job",
            state: .inProgress,
            changeID: 1
        )
        step = TimelineRecord(
            id: RecordID(UUID()),
            parent: jobRecord.id,
            kind: .task,
            name: "make",
            state: .inProgress,
            log: LogID(1),
            changeID: 2
        )
        log = RunLog(id: LogID(1), run: run.id, path: "logs\\\(step.id)", createdAt: now)
        records = [jobRecord, step]
    }

    private let records: [TimelineRecord]

    var changes: [StoreChange] {
        [
            .putProject(project), .putProject(otherProject), .putPool(pool), .putPool(otherPool), .putAgent(agent),
            .putAgent(otherAgent), .putPipeline(pipeline), .putRun(run), .putJob(job),
            .putRecords(records, run: run.id),
            .putLog(log),
        ]
    }

    /// The address of the run's plan.
    var planPath: String { "/\(project.id)/_apis/distributedtask/hubs/Build/plans/\(run.planID)" }
    var timelinePath: String { "\(planPath)/timelines/\(run.timelineID.uuidString.lowercased())" }
}
