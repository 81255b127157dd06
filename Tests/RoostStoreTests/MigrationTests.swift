import FoundationEssentials
import GRDB
import RoostModel
import Testing

@testable import RoostStore

@Suite("Migrations")
struct MigrationTests {
    /// Makes a file of a dump, as `sqlite3 roost.sqlite < dump` does.
    private func restore(_ dump: String, to path: String) async throws {
        let database = try DatabaseQueue(path: path)
        try await database.writeWithoutTransaction { try $0.execute(sql: dump) }
        try database.close()
    }

    /// The statements that made the tables and indexes.
    private func schema(of path: String) async throws -> Set<String> {
        let database = try DatabaseQueue(path: path)
        let texts = try await database.read {
            try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        }
        try database.close()
        return Set(texts)
    }

    @Test("a store of schema 1 opens with all it held, its secrets too")
    func version1() async throws {
        try await withScratchFolder { folder in
            let path = folder + "/roost.sqlite"
            try await restore(StoreDump.version1, to: path)
            let store = try SQLiteStore(path: path, sealer: ScramblingSealer(), logger: .silent)
            let state = try await store.load()
            // A field the model gained later has its default in an old store: set it so here, on a copy of the sample.
            #expect(state.projects == [Sample.fullProject])
            #expect(state.pools == [poolOfVersion1])
            #expect(state.queues == [Sample.fullQueue])
            #expect(state.agents == [agentOfVersion1])
            #expect(state.pipelines == [pipelineOfVersion1])
            #expect(state.activeRuns == [runOfVersion1])
            #expect(state.activeJobs == [jobOfVersion1])
            #expect(state.activeRecords == [RunID(17): [Sample.fullRecord]])
            #expect(state.activeLogs == [RunID(17): [Sample.fullLog]])
            #expect(state.tokens == [Sample.fullToken])
            #expect(state.settings == ["a": Data([1, 2])])
            #expect(try await store.auditEvents(limit: 9, before: nil) == [Sample.fullEvent])
            #expect(try await store.auditRecords(after: 0, limit: 9) == [AuditRecord(Sample.fullEvent, after: .empty)])
            #expect(try await store.auditHead() == AuditRecord(Sample.fullEvent, after: .empty).head)
            #expect(state.lastPoolID == 30)
            #expect(state.lastRequestID == 40)
            try await store.submit(SQLiteStoreTests.everything + [.deleteRun(RunID(17))]).durable()
            await store.close()
        }
    }

    private var poolOfVersion1: AgentPool {
        var pool = Sample.fullPool
        pool.patEnrollment = .allowed
        pool.pause = nil
        return pool
    }

    private var agentOfVersion1: Agent {
        var agent = Sample.fullAgent
        agent.warmUp = nil
        agent.enrolledBy = nil
        agent.pause = nil
        return agent
    }

    private var pipelineOfVersion1: Pipeline {
        var pipeline = Sample.fullPipeline
        pipeline.triggers = TriggerSettings()
        return pipeline
    }

    private var runOfVersion1: Run {
        var run = Sample.fullRun
        run.variableGroups = [:]
        run.sources = RunSources()
        run.cause = RunCause()
        run.stageRequests = []
        run.plan.lockBehavior = nil
        run.plan.appendsCommitMessage = nil
        run.plan.extendedTemplate = nil
        for place in run.plan.variables.indices { run.plan.variables[place].isGroup = false }
        for place in run.plan.stages.indices {
            run.plan.stages[place].lockBehavior = nil
            run.plan.stages[place].trigger = nil
            run.plan.stages[place].isSkippable = nil
            for job in run.plan.stages[place].jobs.indices {
                run.plan.stages[place].jobs[job].deployment = nil
                run.plan.stages[place].jobs[job].containers = nil
                for step in run.plan.stages[place].jobs[job].steps.indices {
                    run.plan.stages[place].jobs[job].steps[step].target = nil
                }
                run.plan.stages[place].jobs[job].pool?.isServer = nil
            }
        }
        return run
    }

    private var jobOfVersion1: Job {
        var job = Sample.fullJob
        job.hook = nil
        job.server = nil
        return job
    }

    @Test("a store that walked through all versions is like a new one")
    func walkedSchema() async throws {
        try await withScratchFolder { folder in
            try await restore(StoreDump.version1, to: folder + "/old")
            for name in ["old", "new"] {
                let store = try SQLiteStore(path: "\(folder)/\(name)", sealer: PlainSealer(), logger: .silent)
                await store.close()
            }
            #expect(try await schema(of: folder + "/old") == schema(of: folder + "/new"))
        }
    }

    @Test("a released migration is not changed: the first still makes what the saved store of its version has")
    func frozenText() async throws {
        try await withScratchFolder { folder in
            try await restore(StoreDump.version1, to: folder + "/saved")
            try await restore(Migration.historyTable + ";" + Migration.all[0].sql, to: folder + "/made")
            #expect(try await schema(of: folder + "/saved") == schema(of: folder + "/made"))
        }
    }

    @Test("migrations are numbered from 1 without gaps")
    func numbers() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.newest))
    }

    @Test("a migration that fails leaves the store as it was")
    func failedMigration() async throws {
        try await withScratchFolder { folder in
            let path = folder + "/roost.sqlite"
            // A table of the first migration is in the way of one that comes after others.
            try await restore(Migration.historyTable + "; CREATE TABLE runs (x INTEGER)", to: path)
            let before = try await schema(of: path)
            #expect(throws: StoreError.self) {
                try SQLiteStore(path: path, sealer: PlainSealer(), logger: .silent)
            }
            #expect(try await schema(of: path) == before)
        }
    }
}
