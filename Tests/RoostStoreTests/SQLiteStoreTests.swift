import FoundationEssentials
import GRDB
import Glibc
import RoostModel
import Testing

@testable import RoostStore

@Suite("The SQLite store")
struct SQLiteStoreTests {
    private func open(_ folder: String, sealer: any SecretSealer = ScramblingSealer()) throws -> SQLiteStore {
        try SQLiteStore(path: folder + "/roost.sqlite", sealer: sealer, logger: .silent)
    }

    /// The changes that put one of everything.
    static let everything: [StoreChange] = [
        .putProject(Sample.fullProject), .putPool(Sample.fullPool), .putQueue(Sample.fullQueue),
        .putAgent(Sample.fullAgent), .putPipeline(Sample.fullPipeline), .putRun(Sample.fullRun),
        .putJob(Sample.fullJob), .putRecords([Sample.fullRecord], run: RunID(17)), .putLog(Sample.fullLog),
        .putEnvironment(Sample.fullEnvironment), .putVariableGroup(Sample.fullGroup),
        .putServiceConnection(Sample.fullConnection),
        .putCheckpoint(Sample.fullCheckpoint), .putDeployment(Sample.fullDeployment), .putCache(Sample.fullCache),
        .putToken(Sample.fullToken), .putSetting(name: "a", value: Data([1, 2])), .appendAudit(Sample.fullEvent),
    ]

    @Test("gives after a restart what it had before")
    func restart() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            try await store.submit(Self.everything).durable()
            let before = try await store.load()
            await store.close()
            let again = try open(folder)
            #expect(try await again.load() == before)
            #expect(before.activeRuns == [Sample.fullRun])
            // The first change of a run after a restart must not lose its plan.
            var run = Sample.fullRun
            run.tags = ["later"]
            try await again.submit([.putRun(run)]).durable()
            #expect(try await again.run(run.id) == run)
            await again.close()
        }
    }

    @Test("holds no secret in the clear, in any of its files")
    func secrets() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            try await store.submit(Self.everything).durable()
            let files = ["", "-wal", "-shm", ".lock"].map { bytes(of: "\(folder)/roost.sqlite\($0)") }
            #expect(files[1].count > 4_096)
            #expect(contains(files[0] + files[1], "builder-11"), "the search finds nothing at all")
            for secret in Sample.secrets {
                for (index, file) in files.enumerated() { #expect(!contains(file, secret), "\(secret) in \(index)") }
                let encoded = Data(secret.utf8).base64EncodedString()
                #expect(!files.contains { contains($0, encoded) })
            }
            await store.close()
        }
    }

    @Test("reports a sealer without a key, leaves the change out and goes on")
    func brokenSealer() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder, sealer: BrokenSealer())
            let commit = store.submit([.putPool(Sample.pool(1)), .putPipeline(Sample.fullPipeline)])
            await #expect(throws: StoreError.self) { try await commit.durable() }
            try await store.submit([.putPool(Sample.pool(2))]).durable()
            #expect(try await store.load().pools.map(\.id) == [PoolID(2)])
            await store.close()
        }
    }

    @Test("refuses a file that another store has open, and names the holder")
    func inUse() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            let error = #expect(throws: StoreError.self) { try open(folder) }
            guard case .inUse(_, let holder) = error else {
                Testing.Issue.record("got \(String(describing: error))")
                return
            }
            #expect(holder.hasPrefix("process \(getpid()) on "))
            await store.close()
            let next = try open(folder)
            await next.close()
        }
    }

    @Test("refuses a file of a newer version, and changes nothing in it")
    func newerVersion() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            try await store.submit([.putPool(Sample.pool(1))]).durable()
            await store.close()
            let path = folder + "/roost.sqlite"
            try await DatabaseQueue(path: path).write {
                try $0.execute(sql: "INSERT INTO roost_schema VALUES (4711, 0)")
            }
            #expect(throws: StoreError.newerVersion(path: path, found: 4_711, known: Migration.newest)) {
                try open(folder)
            }
            let pools = try await DatabaseQueue(path: path).read {
                try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM pools")
            }
            #expect(pools == 1)
        }
    }

    @Test("refuses a database of another program")
    func foreignDatabase() async throws {
        try await withScratchFolder { folder in
            try await DatabaseQueue(path: folder + "/roost.sqlite").write {
                try $0.execute(sql: "CREATE TABLE theirs (x)")
            }
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == "store.cannot-open")
        }
    }

    @Test("calls a file that is no database damaged")
    func noDatabase() async throws {
        try await withScratchFolder { folder in
            let text = Data("This is not a database, and it is longer than a hundred bytes. ".utf8)
            try (text + text + text).write(to: URL(fileURLWithPath: folder + "/roost.sqlite"))
            let error = #expect(throws: StoreError.self) { try open(folder) }
            #expect(error?.code == "store.corrupt")
        }
    }

    @Test("calls a file with damaged pages damaged when it reads them")
    func damagedPages() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            let events = (0..<300).map { StoreChange.appendAudit(Sample.event("event \($0)")) }
            try await store.submit(events).durable()
            await store.close()
            let path = folder + "/roost.sqlite"
            var content = bytes(of: path)
            for offset in (4_096 * 2)..<content.count { content[offset] = 0xA5 }
            try Data(content).write(to: URL(fileURLWithPath: path))
            do {
                let damaged = try open(folder)
                let error = await #expect(throws: StoreError.self) {
                    _ = try await damaged.load()
                    _ = try await damaged.auditEvents(limit: 1_000, before: nil)
                }
                #expect(error?.code == "store.corrupt")
                await damaged.close()
            } catch {
                #expect((error as? StoreError)?.code == "store.corrupt")
            }
        }
    }

    @Test(
        "says that it cannot be opened when its folder is missing, is a file, or takes no files",
        arguments: ["/missing/roost.sqlite", "/file/roost.sqlite", "/../../../../../proc/roost.sqlite"]
    )
    func cannotOpen(path: String) async throws {
        try await withScratchFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore(path: folder + path, sealer: PlainSealer(), logger: .silent)
            }
            #expect(error?.code == "store.cannot-open")
        }
    }

    @Test("lets only its own user read its files")
    func permissions() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            for name in ["", "-wal", "-shm", ".lock"] {
                var status = stat()
                #expect(stat("\(folder)/roost.sqlite\(name)", &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600, "roost.sqlite\(name)")
            }
            await store.close()
        }
    }

    @Test("syncs each commit")
    func synchronous() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            #expect(try await store.synchronousLevel() == 2)
            await store.close()
        }
    }

    @Test("lets what waits share a transaction")
    func grouping() async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            let before = store.transactionCount
            try await store.submit([.putPool(Sample.pool(1))]).durable()
            #expect(store.transactionCount - before == 1)
            let commits = (1...2_000).map { store.submit([.putPool(Sample.pool($0))]) }
            for commit in commits { try await commit.durable() }
            #expect(store.transactionCount - before < 500)
            #expect(try await store.load().pools.count == 2_000)
            await store.close()
        }
    }
}

@Suite("The cost of an operation in statements")
struct StatementCountTests {
    private func cost(_ store: SQLiteStore, _ changes: [StoreChange]) async throws -> Int {
        let before = store.statementCount
        try await store.submit(changes).durable()
        return store.statementCount - before
    }

    @Test("is one for an assignment, and what is written down here for the others")
    func counts() async throws {
        try await withScratchFolder { folder in
            let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
            var run = Sample.fullRun
            var job = Sample.fullJob
            job.state = .queued
            let records = (0..<3).map { Sample.record("\($0)") }
            #expect(try await cost(store, [.putRun(run)]) == 2, "a new run: itself and its plan")
            run.state = .running
            #expect(try await cost(store, [.putRun(run)]) == 1, "a run that goes on")
            #expect(try await cost(store, [.putJob(job)]) == 1, "a new job")
            job.state = .assigned(Sample.lease)
            #expect(try await cost(store, [.putJob(job)]) == 1, "an assignment")
            #expect(
                try await cost(store, [.putJob(job), .putAgent(Sample.fullAgent)]) == 2,
                "an assignment that retires its agent"
            )
            #expect(try await cost(store, [.putRecords(records, run: run.id)]) == 3, "a record each")
            #expect(try await cost(store, [.putLog(Sample.fullLog)]) == 1)
            #expect(try await cost(store, [.appendAudit(Sample.fullEvent)]) == 3, "the head is read once")
            #expect(try await cost(store, [.appendAudit(Sample.fullEvent)]) == 2, "a record and the head")
            #expect(try await cost(store, [.deletePool(PoolID(1))]) == 2, "the number is noted first")
            #expect(try await cost(store, [.deleteRun(run.id)]) == 16)
            let before = store.statementCount
            _ = try await store.runs(RunQuery())
            #expect(store.statementCount - before == 1)
            _ = try await store.load()
            #expect(store.statementCount - before == 20)
            await store.close()
        }
    }
}
