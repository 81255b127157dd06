import FoundationEssentials
import RoostModel

/// Reads nouns back, inside one transaction, so that what it gives belongs together.
struct StateReader<Connection: SQLConnection> {
    let connection: Connection
    let coding: BodyCoding
    let plans: DecodedPlans

    /// Everything the control plane needs in memory.
    func state() throws -> StoredState {
        var state = StoredState()
        state.projects = try connection.nouns(ProjectRow.self, coding, "ORDER BY id")
        state.pools = try connection.nouns(PoolRow.self, coding, "ORDER BY id")
        state.queues = try connection.nouns(QueueRow.self, coding, "ORDER BY id")
        state.agents = try connection.nouns(AgentRow.self, coding, "ORDER BY id")
        state.pipelines = try connection.nouns(PipelineRow.self, coding, "ORDER BY id")
        state.activeRuns = try runs("WHERE runs.result IS NULL ORDER BY runs.id")
        state.activeJobs = try connection.nouns(JobRow.self, coding, active("jobs", orderedBy: "seq"))
        for (run, record) in try records(active("timeline_records", orderedBy: "seq")) {
            state.activeRecords[run, default: []].append(record)
        }
        for log in try connection.nouns(LogRow.self, coding, active("run_logs", orderedBy: "id")) {
            state.activeLogs[log.run, default: []].append(log)
        }
        state.environments = try connection.nouns(EnvironmentRow.self, coding, "ORDER BY id")
        state.checks = try connection.nouns(CheckRow.self, coding, "ORDER BY id")
        state.variableGroups = try connection.nouns(VariableGroupRow.self, coding, "ORDER BY id")
        state.serviceConnections = try connection.nouns(ServiceConnectionRow.self, coding, "ORDER BY id")
        state.checkpoints = try connection.nouns(CheckpointRow.self, coding, active("checkpoints", orderedBy: "id"))
        state.activeDeployments = try connection.nouns(
            DeploymentRow.self,
            coding,
            active("deployments", orderedBy: "id")
        )
        state.caches = try connection.nouns(CacheRow.self, coding, "ORDER BY id")
        state.tokens = try connection.nouns(TokenRow.self, coding, "ORDER BY id")
        state.settings = try settings()
        try readHighestNumbers(into: &state)
        return state
    }

    /// The part of a query that keeps to runs that are not completed.
    private func active(_ table: String, orderedBy column: String) -> String {
        "JOIN runs ON runs.id = \(table).run_id WHERE runs.result IS NULL ORDER BY \(table).run_id, \(table).\(column)"
    }

    func settings() throws -> [String: Data] {
        var settings: [String: Data] = [:]
        let table = SettingRow.table
        try connection.query(table.select(), [], table: table.name) { columns in
            let name = try columns.text()
            guard let value = Data(base64Encoded: try columns.text()) else {
                throw columns.failure("'\(name)' is not base64")
            }
            settings[name] = value
        }
        return settings
    }

    private func readHighestNumbers(into state: inout StoredState) throws {
        var highest: [NumberCounter: Int] = [:]
        try connection.query(NumberCounter.highestNumbers, [], table: "counters") { columns in
            let counter = try columns.word(NumberCounter.self)
            highest[counter] = max(highest[counter] ?? 0, try columns.integer())
        }
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
    }

    /// Runs with their plans; `rest` is what follows the join of the two tables.
    func runs(_ rest: String, _ values: [SQLValue] = []) throws -> [Run] {
        let sql = """
            SELECT \(RunRow.table.columns), run_plans.body FROM runs \
            JOIN run_plans ON run_plans.run_id = runs.id \(rest)
            """
        var runs: [Run] = []
        try connection.query(sql, values, table: RunRow.table.name) { columns in
            let row = try RunRow(reading: &columns)
            let plan = try plans.plan(try columns.text()) { text in
                let body: PlanBody = try coding.decode(text, table: PlanRow.table.name, row: row.id)
                return body.noun
            }
            runs.append(try row.noun(plan: plan, coding))
        }
        return runs
    }

    func jobs(_ rest: String, _ values: [SQLValue]) throws -> [Job] {
        try connection.nouns(JobRow.self, coding, rest, values)
    }

    /// The newest jobs that a pool, or one agent of it, has finished.
    func finishedJobs(pool: PoolID, agent: AgentID?, limit: Int) throws -> [Job] {
        let ofAgent = agent == nil ? "" : "AND agent_id = ? "
        let values: [SQLValue] = [.id(pool)] + (agent.map { [.id($0)] } ?? []) + [.integer(max(limit, 0))]
        return try jobs(
            "WHERE pool_id = ? \(ofAgent)AND result IS NOT NULL AND request_id IS NOT NULL "
                + "ORDER BY finished_at DESC NULLS LAST, request_id DESC LIMIT ?",
            values
        )
    }

    func records(_ rest: String, _ values: [SQLValue] = []) throws -> [(RunID, TimelineRecord)] {
        var records: [(RunID, TimelineRecord)] = []
        let table = RecordRow.table
        try connection.query(table.select(rest), values, table: table.name) { columns in
            let row = try RecordRow(reading: &columns)
            records.append((RunID(row.run), try row.noun(coding)))
        }
        return records
    }

    func logs(of run: RunID) throws -> [RunLog] {
        try connection.nouns(LogRow.self, coding, "WHERE run_id = ? ORDER BY id", [.id(run)])
    }

    func checkpoints(_ rest: String, _ values: [SQLValue]) throws -> [Checkpoint] {
        try connection.nouns(CheckpointRow.self, coding, rest, values)
    }

    func deployments(to environment: EnvironmentID, limit: Int) throws -> [Deployment] {
        try connection.nouns(
            DeploymentRow.self,
            coding,
            "WHERE environment_id = ? ORDER BY queued_at DESC, run_id DESC LIMIT ?",
            [.id(environment), .integer(max(limit, 0))]
        )
    }

    func artifacts(_ rest: String, _ values: [SQLValue] = []) throws -> [Artifact] {
        try connection.nouns(ArtifactRow.self, coding, rest, values)
    }

    func checkouts(run: RunID?, repository: String?, limit: Int) throws -> [Checkout] {
        var checkouts: [Checkout] = []
        let (sql, values) = CheckoutRow.select(run: run, repository: repository, limit: limit)
        try connection.query(sql, values, table: "checkouts") { columns in
            checkouts.append(try CheckoutRow(reading: &columns).noun(coding))
        }
        return checkouts
    }

    func imageUses(of image: String, since: Date, limit: Int) throws -> [ImageUse] {
        var uses: [ImageUse] = []
        let values: [SQLValue] = [.text(image), .date(since), .integer(max(limit, 0))]
        try connection.query(ImageUseRow.select, values, table: "image_uses") { columns in
            if let use = try ImageUseRow.noun(reading: &columns) { uses.append(use) }
        }
        return uses
    }

    func usedImages(since: Date) throws -> [String: Int] {
        var images: [String: Int] = [:]
        try connection.query(ImageUseRow.images, [.date(since)], table: "image_uses") { columns in
            let image = try columns.text()
            images[image] = try columns.integer()
        }
        return images
    }

    func elasticLogs(of pool: PoolID, limit: Int) throws -> [ElasticPoolLog] {
        var lines: [ElasticPoolLog] = []
        let values: [SQLValue] = [.id(pool), .integer(max(limit, 0))]
        try connection.query(ElasticLogRow.select, values, table: "elastic_logs") { columns in
            if let line = try ElasticLogRow.noun(reading: &columns, of: pool) { lines.append(line) }
        }
        return lines
    }

    func checkoutCount(of run: RunID) throws -> Int {
        var count = 0
        try connection.query(CheckoutRow.count, [.id(run)], table: "checkouts") { count = try $0.integer() }
        return count
    }

    /// Oldest first.
    func auditRecords(after number: Int, limit: Int) throws -> [AuditRecord] {
        var records: [AuditRecord] = []
        let values: [SQLValue] = [.integer(number), .integer(max(limit, 0))]
        try connection.query(AuditRow.selectChain, values, table: "audit_events") { columns in
            let event = try AuditRow(reading: &columns).noun(coding)
            let number = try columns.integer()
            records.append(
                AuditRecord(number: number, event, previous: try columns.text(), hash: try columns.text())
            )
        }
        return records
    }

    func auditHead() throws -> AuditHead { try AuditChaining.head(on: connection) }

    func auditEvents(limit: Int, before: Date?) throws -> [AuditEvent] {
        var events: [AuditEvent] = []
        let sql = before == nil ? AuditRow.selectNewest : AuditRow.selectBefore
        let values: [SQLValue] = (before.map { [.date($0)] } ?? []) + [.integer(max(limit, 0))]
        try connection.query(sql, values, table: "audit_events") { columns in
            events.append(try AuditRow(reading: &columns).noun(coding))
        }
        return events
    }
}
