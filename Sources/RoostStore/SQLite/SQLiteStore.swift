import Dispatch
public import FoundationEssentials
import GRDB
public import Logging
public import RoostModel
import Synchronization
import SystemPackage

/// A store in one SQLite file, for one server.
///
/// The file is in WAL mode with `synchronous=FULL`: a commit is one sync of the log. Submissions that wait while one transaction is
/// being written go into the next together. They are first tried without savepoints, which cost two statements each; only when one
/// of them fails by its own fault is the transaction rolled back and repeated with a savepoint for each.
///
/// Reads use connections of their own and wait for no write.
public final class SQLiteStore: Store {
    private let path: String
    private let pool: DatabasePool
    private let lock: StoreLock
    private let coding: BodyCoding
    private let sealer: any SecretSealer
    private let plans = DecodedPlans()
    private let queue: CommitQueue
    private let counter = StatementCounter()
    private let transactions = Atomic(0)
    private let logger: Logger
    /// Used by the one drain only; the lock is never waited for.
    private let changes: Mutex<ChangeWriter>

    /// Opens a store, making the file when there is none, and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: the file; `-wal`, `-shm` and `.lock` files stand beside it.
    ///   - sealer: encrypts secret values.
    ///   - logger: is told of migrations, failed commits and recoveries.
    /// - Throws: ``StoreError`` when another server has it, a newer one wrote it, it is damaged, or it cannot be made.
    public init(
        path: String,
        sealer: any SecretSealer,
        logger: Logger = Logger(label: "roost.store")
    ) throws(StoreError) {
        self.path = path
        self.logger = logger
        lock = try StoreLock(for: path)
        do {
            try Self.makeFile(path)
            pool = try Self.open(path, logger)
        } catch {
            throw StoreError(error, path: path)
        }
        self.sealer = sealer
        coding = BodyCoding(sealer: sealer)
        queue = CommitQueue(path: path)
        changes = Mutex(ChangeWriter(coding: coding))
    }

    /// Makes an empty file that only this user may read, if there is none; SQLite gives its other files the same rights.
    private static func makeFile(_ path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path),
            .readWrite,
            options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        try file.close()
    }

    private static func open(_ path: String, _ logger: Logger) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "roost.store"
        // Another program may look into the file, or copy it, for a moment.
        configuration.busyMode = .timeout(5)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB's default would lose the last commits in a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // What was deleted is overwritten: a purged secret, or one sealed with a key that is given up.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // After a burst the log's file shrinks again.
            try database.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
            try SchemaHistory(database: database, path: path, logger: logger).bringUpToDate()
        }
        return pool
    }

    /// Without those that begin and end transactions, of which there are ``transactionCount``.
    public var statementCount: Int { counter.count }

    /// Number of transactions written since the start; each cost one sync.
    public var transactionCount: Int { transactions.load(ordering: .relaxed) }

    // MARK: Writing

    public func submit(_ changes: [StoreChange]) -> Commit {
        guard !changes.isEmpty else { return .nothing() }
        let commit = Commit()
        if queue.append(CommitQueue.Submission(changes: changes, commit: commit)) {
            pool.asyncWriteWithoutTransaction { database in self.drain(database) }
        }
        return commit
    }

    private func drain(_ database: Database) {
        let connection = SQLiteConnection(database: database, counter: counter)
        while let batch = queue.next() { write(batch, connection) }
    }

    private func write(_ batch: [CommitQueue.Submission], _ connection: SQLiteConnection) {
        do {
            try transaction(connection) {
                for submission in batch { try apply(submission.changes, connection) }
            }
            for submission in batch { submission.commit.finish(nil) }
        } catch let failure as CommitFailure {
            refuse(batch, failure.underlying)
        } catch  where StoreError.isOwnFault(error) {
            writeOneByOne(batch, connection)
        } catch {
            refuse(batch, error)
        }
    }

    /// Repeats a batch in which a submission failed by its own fault, so that only that one is left out.
    private func writeOneByOne(_ batch: [CommitQueue.Submission], _ connection: SQLiteConnection) {
        var faults: [StoreError?] = []
        do {
            try transaction(connection) {
                for submission in batch { faults.append(try ownFault(of: submission, connection)) }
            }
            for (submission, fault) in zip(batch, faults) { submission.commit.finish(fault) }
        } catch {
            refuse(batch, (error as? CommitFailure)?.underlying ?? error)
        }
    }

    private func ownFault(
        of submission: CommitQueue.Submission,
        _ connection: SQLiteConnection
    ) throws -> StoreError? {
        try connection.database.execute(sql: "SAVEPOINT submission")
        do {
            try apply(submission.changes, connection)
            try connection.database.execute(sql: "RELEASE SAVEPOINT submission")
            return nil
        } catch  where StoreError.isOwnFault(error) {
            changes.withLock { $0.forget() }
            try connection.database.execute(sql: "ROLLBACK TO SAVEPOINT submission")
            try connection.database.execute(sql: "RELEASE SAVEPOINT submission")
            let fault = StoreError(error, path: path)
            logger.error("a change was left out", metadata: ["error": "\(fault)"])
            return fault
        }
    }

    private func apply(_ submitted: [StoreChange], _ connection: SQLiteConnection) throws {
        for change in submitted { try changes.withLock { try $0.apply(change, on: connection) } }
    }

    /// Runs a body in a transaction and commits it; a failure leaves no trace of it.
    private func transaction(_ connection: SQLiteConnection, _ body: () throws -> Void) throws {
        let database = connection.database
        do {
            try database.beginTransaction(.immediate)
            try body()
            do { try database.commit() } catch { throw CommitFailure(underlying: error) }
            transactions.wrappingAdd(1, ordering: .relaxed)
        } catch {
            changes.withLock { $0.forget() }
            // When SQLite has rolled back by itself there is nothing left to undo.
            try? database.rollback()
            throw error
        }
    }

    /// The file could not be written: this batch and all that follow fail until a recovery.
    private func refuse(_ batch: [CommitQueue.Submission], _ error: any Error) {
        let failure = StoreError(error, path: path)
        logger.error("the store could not be written", metadata: ["error": "\(failure)"])
        queue.refuse(because: failure)
        for submission in batch { submission.commit.finish(failure) }
    }

    public func recover() async {
        logger.notice("the store is tried again", metadata: ["path": "\(path)"])
        queue.recover()
    }

    public func close() async {
        await queue.close()
        // It blocks until nobody reads; who reads needs a thread of the tasks to end that, which may be this one.
        let failure = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [pool] in
                do {
                    try pool.close()
                    continuation.resume(returning: (any Error)?.none)
                } catch { continuation.resume(returning: error) }
            }
        }
        if let failure { logger.warning("the store did not close cleanly", metadata: ["error": "\(failure)"]) }
        lock.release()
    }

    // MARK: Reading

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (StateReader<SQLiteConnection>) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.read { [counter, coding, plans] database in
                let connection = SQLiteConnection(database: database, counter: counter)
                return try body(StateReader(connection: connection, coding: coding, plans: plans))
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Runs one transaction that no submission is part of.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (StateReader<SQLiteConnection>, any SecretSealer) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.write { [counter, coding, plans, sealer] database in
                let connection = SQLiteConnection(database: database, counter: counter)
                return try body(StateReader(connection: connection, coding: coding, plans: plans), sealer)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Moves all of the log into the file, so that no old page is left in it.
    func emptyLog() async throws(StoreError) {
        do { _ = try await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } } catch {
            throw StoreError(error, path: path)
        }
    }

    public func load() async throws(StoreError) -> StoredState {
        try await read { try $0.state() }
    }

    public func run(_ id: RunID) async throws(StoreError) -> Run? {
        try await read { try $0.runs("WHERE runs.id = ?", [.id(id)]).first }
    }

    public func run(plan: PlanID) async throws(StoreError) -> Run? {
        try await read { try $0.runs("WHERE runs.plan_id = ?", [.id(plan)]).first }
    }

    public func runs(_ query: RunQuery) async throws(StoreError) -> [Run] {
        guard !query.matchesNothing else { return [] }
        return try await read { reader in
            let (sql, values) = query.conditions
            return try reader.runs(sql, values)
        }
    }

    public func jobs(of run: RunID) async throws(StoreError) -> [Job] {
        try await read { try $0.jobs("WHERE run_id = ? ORDER BY seq", [.id(run)]) }
    }

    public func job(request: RequestID) async throws(StoreError) -> Job? {
        try await read { try $0.jobs("WHERE request_id = ?", [.id(request)]).first }
    }

    public func finishedJobs(pool: PoolID, agent: AgentID?, limit: Int) async throws(StoreError) -> [Job] {
        try await read { try $0.finishedJobs(pool: pool, agent: agent, limit: limit) }
    }

    public func records(of run: RunID) async throws(StoreError) -> [TimelineRecord] {
        try await read { try $0.records("WHERE run_id = ? ORDER BY seq", [.id(run)]).map(\.1) }
    }

    public func logs(of run: RunID) async throws(StoreError) -> [RunLog] {
        try await read { try $0.logs(of: run) }
    }

    public func checkpoints(of run: RunID) async throws(StoreError) -> [Checkpoint] {
        let found = try await read { try $0.checkpoints("WHERE run_id = ?", [.id(run)]) }
        return found.sorted { $0.createdAt < $1.createdAt }
    }

    public func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try await read { try $0.checkpoints("WHERE id = ?", [.id(id)]).first }
    }

    public func checkpoint(withCheck id: CheckRunID) async throws(StoreError) -> Checkpoint? {
        // The texts of checks are searched: somebody looks for one that ended long ago, which is rare.
        let pattern = SQLValue.text("%\(id.rawValue.uuidString)%")
        let found = try await read { try $0.checkpoints("WHERE body LIKE ?", [pattern]) }
        return found.first { $0.checks.contains { $0.id == id } }
    }

    public func checkpoints(limit: Int) async throws(StoreError) -> [Checkpoint] {
        try await read { try $0.checkpoints("ORDER BY run_id DESC, id DESC LIMIT ?", [.integer(max(limit, 0))]) }
    }

    public func deployments(to environment: EnvironmentID, limit: Int) async throws(StoreError) -> [Deployment] {
        try await read { try $0.deployments(to: environment, limit: limit) }
    }

    public func artifacts(of run: RunID) async throws(StoreError) -> [Artifact] {
        try await read { try $0.artifacts("WHERE run_id = ? ORDER BY id", [.id(run)]) }
    }

    public func artifact(_ id: ArtifactID) async throws(StoreError) -> Artifact? {
        try await read { try $0.artifacts("WHERE id = ?", [.id(id)]).first }
    }

    public func artifactContents() async throws(StoreError) -> [ContentReference] {
        try await read { try $0.artifacts("ORDER BY id").compactMap(\.content) }
    }

    public func checkouts(
        run: RunID?,
        repository: String?,
        limit: Int
    ) async throws(StoreError) -> [Checkout] {
        try await read { try $0.checkouts(run: run, repository: repository, limit: limit) }
    }

    public func elasticLogs(of pool: PoolID, limit: Int) async throws(StoreError) -> [ElasticPoolLog] {
        try await read { try $0.elasticLogs(of: pool, limit: limit) }
    }

    public func imageUses(of image: String, since: Date, limit: Int) async throws(StoreError) -> [ImageUse] {
        try await read { try $0.imageUses(of: image, since: since, limit: limit) }
    }

    public func usedImages(since: Date) async throws(StoreError) -> [String: Int] {
        try await read { try $0.usedImages(since: since) }
    }

    public func checkoutCount(of run: RunID) async throws(StoreError) -> Int {
        try await read { try $0.checkoutCount(of: run) }
    }

    public func auditEvents(limit: Int, before: Date?) async throws(StoreError) -> [AuditEvent] {
        try await read { try $0.auditEvents(limit: limit, before: before) }
    }

    public func auditRecords(after number: Int, limit: Int) async throws(StoreError) -> [AuditRecord] {
        try await read { try $0.auditRecords(after: number, limit: limit) }
    }

    public func auditHead() async throws(StoreError) -> AuditHead { try await read { try $0.auditHead() } }
}

/// A transaction that was complete and could not be committed: never the fault of one submission.
private struct CommitFailure: Error {
    var underlying: any Error
}

extension SQLiteStore {
    /// The writer's `PRAGMA synchronous`, for a test that it is `FULL`.
    func synchronousLevel() async throws -> Int? {
        try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }
}
