import FoundationEssentials
import RoostModel

/// Turns changes into statements; one per engine's writer.
///
/// It remembers what was written lately to save encodings and statements. After a rollback it no longer knows what is stored:
/// ``forget()`` must follow.
struct ChangeWriter: Sendable {
    private let coding: BodyCoding
    private var jobBodies = EncodedBodies<JobID, Job>(byteLimit: 8 << 20)
    private var agentBodies = EncodedBodies<AgentID, Agent>(byteLimit: 8 << 20)
    /// Plans already stored, of runs that go on; they share their memory with the server's.
    private var storedPlans: [RunID: RunPlan] = [:]
    /// The plan of each pipeline's last run: the next run's is mostly the same.
    private var planBodies = EncodedBodies<PipelineID, RunPlan>(byteLimit: 8 << 20)
    /// Where the audit ends, once it was read.
    private var auditHead: AuditHead?

    init(coding: BodyCoding) { self.coding = coding }

    /// Drops what is remembered about the stored rows.
    mutating func forget() {
        jobBodies.removeAll()
        agentBodies.removeAll()
        storedPlans.removeAll()
        planBodies.removeAll()
        auditHead = nil
    }

    /// Adds an event to the chain; its record and the new head are stored together.
    private mutating func append(_ event: AuditEvent, on connection: some SQLConnection) throws {
        let record = AuditRecord(event, after: try auditHead ?? AuditChaining.head(on: connection))
        try connection.execute(AuditRow.insert, try AuditRow(event, coding).values(record))
        try AuditChaining.put(record.head, on: connection)
        auditHead = record.head
    }

    mutating func apply(_ change: StoreChange, on connection: some SQLConnection) throws {
        switch change {
        case .putProject(let project): try connection.put(ProjectRow(project, coding))
        case .deleteProject(let id): try connection.execute(ProjectRow.table.delete, [.id(id)])
        case .putPool(let pool): try connection.put(PoolRow(pool, coding))
        case .deletePool(let id): try delete(.pool, from: PoolRow.table, .id(id), on: connection)
        case .putQueue(let queue): try connection.put(QueueRow(queue, coding))
        case .deleteQueue(let id): try delete(.queue, from: QueueRow.table, .id(id), on: connection)
        case .putAgent(let agent): try put(agent, on: connection)
        case .deleteAgent(let id):
            agentBodies.remove(id)
            try delete(.agent, from: AgentRow.table, .id(id), on: connection)
        case .putPipeline(let pipeline): try connection.put(PipelineRow(pipeline, coding))
        case .deletePipeline(let id): try delete(.pipeline, from: PipelineRow.table, .id(id), on: connection)
        case .putRun(let run): try put(run, on: connection)
        case .deleteRun(let id): try deleteRun(id, on: connection)
        case .putJob(let job): try put(job, on: connection)
        case .putRecords(let records, let run):
            for record in records {
                try connection.execute(RecordRow.table.upsert, try RecordRow(record, run: run, coding).values)
            }
        case .putLog(let log): try connection.put(LogRow(log, coding))
        case .putEnvironment(let environment): try connection.put(EnvironmentRow(environment, coding))
        case .deleteEnvironment(let id): try deleteEnvironment(id, on: connection)
        case .putCheck(let check): try connection.put(CheckRow(check, coding))
        case .deleteCheck(let id): try delete(.check, from: CheckRow.table, .id(id), on: connection)
        case .putCheckpoint(let checkpoint): try connection.put(CheckpointRow(checkpoint, coding))
        case .putDeployment(let deployment): try connection.put(DeploymentRow(deployment, coding))
        case .putVariableGroup(let group): try connection.put(VariableGroupRow(group, coding))
        case .deleteVariableGroup(let id):
            try delete(.variableGroup, from: VariableGroupRow.table, .id(id), on: connection)
        case .putServiceConnection(let made): try connection.put(ServiceConnectionRow(made, coding))
        case .deleteServiceConnection(let id):
            try connection.execute(ServiceConnectionRow.table.delete, [.id(id)])
        case .putArtifact(let artifact): try connection.put(ArtifactRow(artifact, coding))
        case .deleteArtifact(let id): try delete(.artifact, from: ArtifactRow.table, .id(id), on: connection)
        case .putTestRun(let made): try connection.put(TestRunRow(made, coding))
        case .deleteTestRun(let id): try deleteTestRun(id, on: connection)
        case .putTestResults(let results):
            for result in results {
                try connection.execute(TestNameRow.table.upsert, TestNameRow.values(result))
                try connection.execute(TestResultRow.table.upsert, TestResultRow.values(result))
            }
        case .putCoverage(let coverage): try connection.put(CoverageRow(coverage, coding))
        case .putCache(let entry): try connection.put(CacheRow(entry, coding))
        case .deleteCache(let id): try delete(.cache, from: CacheRow.table, .id(id), on: connection)
        case .putToken(let token): try connection.put(TokenRow(token, coding))
        case .deleteToken(let id): try connection.execute(TokenRow.table.delete, [.id(id)])
        case .putSetting(let name, let value):
            try connection.execute(SettingRow.table.upsert, [.text(name), .text(value.base64EncodedString())])
        case .deleteSetting(let name): try connection.execute(SettingRow.table.delete, [.text(name)])
        case .appendCheckout(let checkout):
            try connection.execute(CheckoutRow.insert, try CheckoutRow(checkout, coding).values)
        case .appendImageUse(let use): try connection.execute(ImageUseRow.insert, ImageUseRow.values(use))
        case .appendElasticLog(let line):
            try connection.execute(ElasticLogRow.insert, ElasticLogRow.values(line))
            try connection.execute(ElasticLogRow.trim, [.id(line.pool), .id(line.pool)])
        case .deleteElasticLogs(let pool): try connection.execute(ElasticLogRow.delete, [.id(pool)])
        case .addSecret(let version, let value):
            try connection.execute(SecretVersionRow.insert, try SecretVersionRow.values(version, value, coding))
        case .putSecretFacts(let version):
            let body = try SecretVersionRow.body(of: version, coding)
            let key = SecretVersionRow.key(version.key) + [.text(version.version)]
            try connection.execute(SecretVersionRow.update, [.text(body)] + key)
        case .markSecret(let key, let deletion):
            let moments: [SQLValue] = [.date(deletion?.deletedAt), .date(deletion?.purgeAt)]
            try connection.execute(SecretVersionRow.mark, moments + SecretVersionRow.key(key))
        case .deleteSecret(let key): try connection.execute(SecretVersionRow.delete, SecretVersionRow.key(key))
        case .appendAudit(let event): try append(event, on: connection)
        }
    }

    private mutating func put(_ agent: Agent, on connection: some SQLConnection) throws {
        let body = try agentBodies.text(of: agent, id: agent.id, isSame: AgentRow.isSameBody) { [coding] in
            try AgentRow.body(of: agent, coding)
        }
        try connection.put(AgentRow(agent, body: body))
    }

    private mutating func put(_ job: Job, on connection: some SQLConnection) throws {
        let body = try jobBodies.text(of: job, id: job.id, isSame: JobRow.isSameBody) { [coding] in
            try JobRow.body(of: job, coding)
        }
        try connection.put(JobRow(job, body: body))
        if job.state.isFinished { jobBodies.remove(job.id) }
    }

    private mutating func put(_ run: Run, on connection: some SQLConnection) throws {
        try connection.execute(RunRow.table.upsert, try RunRow(run, coding).values)
        if storedPlans[run.id] != run.plan {
            let body = try planBodies.text(of: run.plan, id: run.pipeline, isSame: ==) { [coding] in
                try coding.encode(PlanBody(run.plan))
            }
            try connection.execute(PlanRow.table.upsert, [.id(run.id), .text(body)])
        }
        storedPlans[run.id] = run.state.isCompleted ? nil : run.plan
    }

    private func delete(
        _ counter: NumberCounter,
        from table: SQLTable,
        _ id: SQLValue,
        on connection: some SQLConnection
    ) throws {
        try connection.execute(counter.noteBeforeDeletion, [id])
        try connection.execute(table.delete, [id])
    }

    /// Deletes rows of an owner; their numbers are noted one by one, so that none of them is given again.
    private func deleteAll(
        _ counter: NumberCounter,
        from table: SQLTable,
        where column: String,
        is owner: SQLValue,
        on connection: some SQLConnection
    ) throws {
        var ids: [Int] = []
        try connection.query("SELECT id FROM \(table.name) WHERE \(column) = ?", [owner], table: table.name) {
            columns in
            ids.append(try columns.integer())
        }
        for id in ids { try delete(counter, from: table, .integer(id), on: connection) }
    }

    private func deleteEnvironment(_ id: EnvironmentID, on connection: some SQLConnection) throws {
        try deleteAll(.check, from: CheckRow.table, where: "environment_id", is: .id(id), on: connection)
        try connection.execute("DELETE FROM deployments WHERE environment_id = ?", [.id(id)])
        try delete(.environment, from: EnvironmentRow.table, .id(id), on: connection)
    }

    private func deleteTestRun(_ id: TestRunID, on connection: some SQLConnection) throws {
        try connection.execute(TestNameRow.delete(ofOwner: "test_run_id"), [.id(id), .id(id)])
        try connection.execute("DELETE FROM test_results WHERE test_run_id = ?", [.id(id)])
        try delete(.testRun, from: TestRunRow.table, .id(id), on: connection)
    }

    private mutating func deleteRun(_ id: RunID, on connection: some SQLConnection) throws {
        storedPlans[id] = nil
        try connection.execute(NumberCounter.request.noteBeforeDeletion, [.id(id)])
        let tables = [
            JobRow.table, RecordRow.table, LogRow.table, PlanRow.table, CheckpointRow.table, DeploymentRow.table,
        ]
        for table in tables {
            try connection.execute("DELETE FROM \(table.name) WHERE run_id = ?", [.id(id)])
        }
        try connection.execute("DELETE FROM checkouts WHERE run_id = ?", [.id(id)])
        try connection.execute("DELETE FROM image_uses WHERE run_id = ?", [.id(id)])
        try connection.execute(TestNameRow.delete(ofOwner: "run_id"), [.id(id), .id(id)])
        for name in [TestResultRow.table.name, CoverageRow.table.name] {
            try connection.execute("DELETE FROM \(name) WHERE run_id = ?", [.id(id)])
        }
        try deleteAll(.testRun, from: TestRunRow.table, where: "run_id", is: .id(id), on: connection)
        try deleteAll(.artifact, from: ArtifactRow.table, where: "run_id", is: .id(id), on: connection)
        try delete(.run, from: RunRow.table, .id(id), on: connection)
    }
}
