import FoundationEssentials
import RoostModel

/// What a memory store holds, with the same rules as the tables.
struct MemoryState: Sendable {
    /// A job, what its row remembers beyond it, and its place among the jobs of its run.
    struct StoredJob: Sendable {
        var job: Job
        var lastAgent: AgentID?
        var place: Int
    }

    struct StoredRecord: Sendable {
        var record: TimelineRecord
        var place: Int
    }

    private(set) var projects: [ProjectID: Project] = [:]
    private(set) var pools: [PoolID: AgentPool] = [:]
    private(set) var queues: [QueueID: AgentQueue] = [:]
    private(set) var agents: [AgentID: Agent] = [:]
    private(set) var pipelines: [PipelineID: Pipeline] = [:]
    private(set) var runs: [RunID: Run] = [:]
    private(set) var runsByPlan: [PlanID: RunID] = [:]
    private(set) var jobs: [JobID: StoredJob] = [:]
    private(set) var jobsByRun: [RunID: [JobID]] = [:]
    private(set) var jobsByRequest: [RequestID: JobID] = [:]
    private(set) var records: [RunID: [RecordID: StoredRecord]] = [:]
    private(set) var logs: [RunID: [LogID: RunLog]] = [:]
    private(set) var environments: [EnvironmentID: DeploymentEnvironment] = [:]
    private(set) var checks: [CheckID: Check] = [:]
    private(set) var checkpoints: [CheckpointID: Checkpoint] = [:]
    private(set) var deployments: [RecordID: Deployment] = [:]
    private(set) var variableGroups: [VariableGroupID: VariableGroup] = [:]
    private(set) var serviceConnections: [ServiceConnectionID: ServiceConnection] = [:]
    private(set) var artifacts: [ArtifactID: Artifact] = [:]
    private(set) var tests = MemoryTests()
    private(set) var secrets = MemorySecrets()
    private(set) var caches: [CacheID: CacheEntry] = [:]
    private(set) var tokens: [TokenID: AccessToken] = [:]
    private(set) var settings: [String: Data] = [:]
    private(set) var audit: [AuditEvent] = []
    private var auditChain: [AuditRecord] = []
    private(set) var checkouts: [Checkout] = []
    private(set) var imageUses: [ImageUse] = []
    /// Oldest first.
    private(set) var elasticLogs: [PoolID: [ElasticPoolLog]] = [:]
    private(set) var highest: [NumberCounter: Int] = [:]

    /// Applies changes: all of them, or none when one cannot be.
    mutating func apply(_ changes: [StoreChange]) throws(MemoryConflict) {
        if let conflict = conflict(of: changes) { throw conflict }
        for change in changes { apply(change) }
    }

    /// What the unique indexes of the tables refuse: two runs of one plan, two jobs of one request, two artifacts of one name.
    private func conflict(of changes: [StoreChange]) -> MemoryConflict? {
        var plans: [PlanID: RunID] = [:]
        var requests: [RequestID: JobID] = [:]
        var deleted: Set<RunID> = []
        for change in changes {
            switch change {
            case .putRun(let run):
                if let owner = plans[run.planID] ?? runsByPlan[run.planID], owner != run.id, !deleted.contains(owner) {
                    return MemoryConflict(description: "runs \(owner) and \(run.id) have the plan \(run.planID)")
                }
                plans[run.planID] = run.id
            case .putJob(let job):
                guard let request = job.request else { continue }
                if let owner = requests[request] ?? jobsByRequest[request], owner != job.id,
                    !(jobs[owner].map { deleted.contains($0.job.run) } ?? false)
                {
                    return MemoryConflict(description: "jobs \(owner) and \(job.id) have the request \(request)")
                }
                requests[request] = job.id
            case .addSecret(let version, _):
                guard !secrets.contains(version) else {
                    return MemoryConflict(description: "the version \(version.version) is there already")
                }
            case .putArtifact(let artifact):
                let owner = artifacts.values.first { $0.run == artifact.run && $0.name == artifact.name }
                if let owner, owner.id != artifact.id, !deleted.contains(owner.run) {
                    return MemoryConflict(description: "artifacts \(owner.id) and \(artifact.id) have one name")
                }
            case .deleteRun(let id): deleted.insert(id)
            default: continue
            }
        }
        return nil
    }

    private mutating func apply(_ change: StoreChange) {
        switch change {
        case .putProject(let project): projects[project.id] = project
        case .deleteProject(let id): projects[id] = nil
        case .putPool(let pool): put(pool, pool.id.rawValue, .pool) { $0.pools[pool.id] = pool }
        case .deletePool(let id): pools[id] = nil
        case .putQueue(let queue): put(queue, queue.id.rawValue, .queue) { $0.queues[queue.id] = queue }
        case .deleteQueue(let id): queues[id] = nil
        case .putAgent(let agent): put(agent, agent.id.rawValue, .agent) { $0.agents[agent.id] = agent }
        case .deleteAgent(let id): agents[id] = nil
        case .putPipeline(let pipeline):
            put(pipeline, pipeline.id.rawValue, .pipeline) { $0.pipelines[pipeline.id] = pipeline }
        case .deletePipeline(let id): pipelines[id] = nil
        case .putRun(let run): put(run)
        case .deleteRun(let id): deleteRun(id)
        case .putJob(let job): put(job)
        case .putRecords(let changed, let run): put(changed, of: run)
        case .putLog(let log): logs[log.run, default: [:]][log.id] = log
        case .putEnvironment(let environment):
            put(environment, environment.id.rawValue, .environment) { $0.environments[environment.id] = environment }
        case .deleteEnvironment(let id):
            environments[id] = nil
            checks = checks.filter { $0.value.environment != id }
            deployments = deployments.filter { $0.value.environment != id }
        case .putCheck(let check): put(check, check.id.rawValue, .check) { $0.checks[check.id] = check }
        case .deleteCheck(let id): checks[id] = nil
        case .putCheckpoint(let checkpoint): checkpoints[checkpoint.id] = checkpoint
        case .putDeployment(let deployment): deployments[deployment.id] = deployment
        case .putVariableGroup(let group):
            put(group, group.id.rawValue, .variableGroup) { $0.variableGroups[group.id] = group }
        case .deleteVariableGroup(let id): variableGroups[id] = nil
        case .putServiceConnection(let connection): serviceConnections[connection.id] = connection
        case .deleteServiceConnection(let id): serviceConnections[id] = nil
        case .putArtifact(let artifact):
            put(artifact, artifact.id.rawValue, .artifact) { $0.artifacts[artifact.id] = artifact }
        case .deleteArtifact(let id): artifacts[id] = nil
        case .putTestRun(let made): put(made, made.id.rawValue, .testRun) { $0.tests.put(made) }
        case .deleteTestRun(let id): tests.delete(id)
        case .putTestResults(let results): tests.put(results)
        case .putCoverage(let coverage): tests.put(coverage)
        case .putCache(let entry): put(entry, entry.id.rawValue, .cache) { $0.caches[entry.id] = entry }
        case .deleteCache(let id): caches[id] = nil
        case .putToken(let token): tokens[token.id] = token
        case .deleteToken(let id): tokens[id] = nil
        case .putSetting(let name, let value): settings[name] = value
        case .deleteSetting(let name): settings[name] = nil
        case .addSecret(let version, let value): secrets.add(version, value)
        case .putSecretFacts(let version): secrets.update(version)
        case .markSecret(let key, let deletion): secrets.mark(key, deletion)
        case .deleteSecret(let key): secrets.delete(key)
        case .appendAudit(let event):
            audit.append(event)
            auditChain.append(AuditRecord(event, after: auditHead))
        case .appendCheckout(let checkout): checkouts.append(checkout)
        case .appendImageUse(let use): imageUses.append(use)
        case .appendElasticLog(let line): append(line)
        case .deleteElasticLogs(let pool): elasticLogs[pool] = nil
        }
    }

    private mutating func append(_ line: ElasticPoolLog) {
        var line = line
        line.id = (elasticLogs[line.pool]?.last?.id ?? 0) + 1
        elasticLogs[line.pool, default: []].append(line)
        if let count = elasticLogs[line.pool]?.count, count > ElasticLogRow.limit {
            elasticLogs[line.pool]?.removeFirst(count - ElasticLogRow.limit)
        }
    }

    private mutating func put<Noun>(
        _ noun: Noun,
        _ number: Int,
        _ counter: NumberCounter,
        _ store: (inout MemoryState) -> Void
    ) {
        raise(counter, to: number)
        store(&self)
    }

    private mutating func raise(_ counter: NumberCounter, to number: Int) {
        highest[counter] = max(highest[counter] ?? 0, number)
    }

    private mutating func put(_ run: Run) {
        raise(.run, to: run.id.rawValue)
        if let old = runs[run.id] { runsByPlan[old.planID] = nil }
        runs[run.id] = run
        runsByPlan[run.planID] = run.id
    }

    private mutating func put(_ job: Job) {
        if let request = job.request { raise(.request, to: request.rawValue) }
        let old = jobs[job.id]
        if let request = old?.job.request { jobsByRequest[request] = nil }
        if let request = job.request { jobsByRequest[request] = job.id }
        if old == nil { jobsByRun[job.run, default: []].append(job.id) }
        jobs[job.id] = StoredJob(
            job: job,
            lastAgent: job.state.lease?.agent ?? old?.lastAgent,
            place: old?.place ?? jobsByRun[job.run, default: []].count
        )
    }

    private mutating func put(_ changed: [TimelineRecord], of run: RunID) {
        for record in changed {
            let place = records[run]?[record.id]?.place ?? (records[run]?.count ?? 0) + 1
            records[run, default: [:]][record.id] = StoredRecord(record: record, place: place)
        }
    }

    private mutating func deleteRun(_ id: RunID) {
        if let run = runs.removeValue(forKey: id) { runsByPlan[run.planID] = nil }
        for job in jobsByRun.removeValue(forKey: id) ?? [] {
            guard let stored = jobs.removeValue(forKey: job) else { continue }
            if let request = stored.job.request { jobsByRequest[request] = nil }
        }
        records[id] = nil
        logs[id] = nil
        checkpoints = checkpoints.filter { $0.value.run != id }
        deployments = deployments.filter { $0.value.run != id }
        artifacts = artifacts.filter { $0.value.run != id }
        checkouts.removeAll { $0.run == id }
        imageUses.removeAll { $0.run == id }
        tests.deleteAll(of: id)
    }
}

/// A change that a unique index would refuse.
struct MemoryConflict: Error, CustomStringConvertible {
    var description: String
}

extension MemoryState {
    func jobs(of run: RunID) -> [Job] {
        (jobsByRun[run] ?? []).compactMap { jobs[$0] }.sorted { $0.place < $1.place }.map(\.job)
    }

    func records(of run: RunID) -> [TimelineRecord] {
        (records[run] ?? [:]).values.sorted { $0.place < $1.place }.map(\.record)
    }

    func logs(of run: RunID) -> [RunLog] {
        (logs[run] ?? [:]).values.sorted { $0.id < $1.id }
    }

    func finishedJobs(pool: PoolID, agent: AgentID?, limit: Int) -> [Job] {
        let finished = jobs.values.filter { stored in
            stored.job.state.isFinished && stored.job.pool == pool && stored.job.request != nil
                && (agent == nil || stored.lastAgent == agent)
        }
        let order: (Job) -> (Date, Int) = { ($0.finishedAt ?? .distantPast, $0.request?.rawValue ?? 0) }
        return Array(finished.map(\.job).sorted { order($0) > order($1) }.prefix(max(limit, 0)))
    }

    func deployments(to environment: EnvironmentID, limit: Int) -> [Deployment] {
        let found = deployments.values.filter { $0.environment == environment }
        return Array(found.sorted { ($0.queuedAt, $0.run) > ($1.queuedAt, $1.run) }.prefix(max(limit, 0)))
    }

    var auditHead: AuditHead { auditChain.last?.head ?? .empty }

    func auditRecords(after number: Int, limit: Int) -> [AuditRecord] {
        Array(auditChain.dropFirst(max(number, 0)).prefix(max(limit, 0)))
    }

    func auditEvents(limit: Int, before: Date?) -> [AuditEvent] {
        let chosen = audit.enumerated().filter { event in before.map { event.element.at < $0 } ?? true }
        return Array(
            chosen.sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }.map(\.element).prefix(
                max(limit, 0)
            )
        )
    }

    /// Everything the control plane needs in memory.
    var loaded: StoredState {
        var state = StoredState()
        state.projects = projects.values.sorted { $0.id < $1.id }
        state.pools = pools.values.sorted { $0.id < $1.id }
        state.queues = queues.values.sorted { $0.id < $1.id }
        state.agents = agents.values.sorted { $0.id < $1.id }
        state.pipelines = pipelines.values.sorted { $0.id < $1.id }
        state.activeRuns = runs.values.filter { !$0.state.isCompleted }.sorted { $0.id < $1.id }
        for run in state.activeRuns {
            state.activeJobs += jobs(of: run.id)
            if records[run.id] != nil { state.activeRecords[run.id] = records(of: run.id) }
            if logs[run.id] != nil { state.activeLogs[run.id] = logs(of: run.id) }
        }
        state.environments = environments.values.sorted { $0.id < $1.id }
        state.checks = checks.values.sorted { $0.id < $1.id }
        state.variableGroups = variableGroups.values.sorted { $0.id < $1.id }
        state.serviceConnections = serviceConnections.values.sorted { $0.id < $1.id }
        let active = Set(state.activeRuns.map(\.id))
        // As the tables give them: by run, then by id.
        state.checkpoints = checkpoints.values.filter { active.contains($0.run) }
            .sorted { ($0.run, $0.id.description) < ($1.run, $1.id.description) }
        state.activeDeployments = deployments.values.filter { active.contains($0.run) }
            .sorted { ($0.run, $0.id.description) < ($1.run, $1.id.description) }
        state.caches = caches.values.sorted { $0.id < $1.id }
        state.tokens = tokens.values.sorted { $0.id < $1.id }
        state.settings = settings
        state.lastPoolID = highest[.pool] ?? 0
        state.lastQueueID = highest[.queue] ?? 0
        state.lastAgentID = highest[.agent] ?? 0
        state.lastPipelineID = highest[.pipeline] ?? 0
        state.lastRunID = highest[.run] ?? 0
        state.lastRequestID = highest[.request] ?? 0
        state.lastEnvironmentID = highest[.environment] ?? 0
        state.lastCheckID = highest[.check] ?? 0
        state.lastVariableGroupID = highest[.variableGroup] ?? 0
        state.lastArtifactID = highest[.artifact] ?? 0
        state.lastCacheID = highest[.cache] ?? 0
        state.lastTestRunID = highest[.testRun] ?? 0
        return state
    }
}
