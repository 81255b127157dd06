public import FoundationEssentials
public import RoostModel
import Synchronization

/// A store that forgets everything with the process: for tests, and for runs without a server.
///
/// It keeps the promises of ``Store`` that do not need a disk, and can be told to behave like a disk in trouble.
public final class MemoryStore: Store {
    private enum Disk {
        case working
        /// Commits stay pending until they are released.
        case slow([Commit])
        /// The next commit fails with this.
        case failing(StoreError)
        /// A commit has failed; nothing is accepted until a recovery.
        case failed
        case closed
    }

    private struct Contents {
        var state = MemoryState()
        var disk = Disk.working
        var statements = 0
    }

    private let contents = Mutex(Contents())
    private static let path = "memory"

    /// An empty store.
    public init() {}

    // MARK: A disk in trouble

    /// The next commit fails with an error, and all after it until ``recover()``.
    public func failNextCommit(with error: StoreError) {
        contents.withLock { $0.disk = .failing(error) }
    }

    /// Commits take effect at once, and become durable only with ``releaseCommits()``.
    public func holdCommits() {
        contents.withLock { contents in
            if case .working = contents.disk { contents.disk = .slow([]) }
        }
    }

    /// Makes durable what was held, and holds no more.
    public func releaseCommits() {
        let held: [Commit] = contents.withLock { contents in
            guard case .slow(let held) = contents.disk else { return [] }
            contents.disk = .working
            return held
        }
        for commit in held { commit.finish(nil) }
    }

    // MARK: Writing

    /// One for each row written and each question asked.
    public var statementCount: Int { contents.withLock { $0.statements } }

    public func submit(_ changes: [StoreChange]) -> Commit {
        guard !changes.isEmpty else { return .nothing() }
        let commit = Commit()
        let outcome: StoreError?? = contents.withLock { contents in
            switch contents.disk {
            case .working:
                return .some(Self.write(changes, to: &contents))
            case .slow(let held):
                if let fault = Self.write(changes, to: &contents) { return .some(fault) }
                contents.disk = .slow(held + [commit])
                return .none
            case .failing(let error):
                contents.disk = .failed
                return .some(error)
            case .failed:
                return .some(.needsRecovery(path: Self.path))
            case .closed:
                return .some(.failed(path: Self.path, reason: "it is closed"))
            }
        }
        if let outcome { commit.finish(outcome) }
        return commit
    }

    private static func write(_ changes: [StoreChange], to contents: inout Contents) -> StoreError? {
        do {
            try contents.state.apply(changes)
        } catch {
            return .failed(path: path, reason: error.description)
        }
        for change in changes {
            if case .putRecords(let records, _) = change { contents.statements += records.count - 1 }
            contents.statements += 1
        }
        return nil
    }

    public func recover() async {
        contents.withLock { contents in
            switch contents.disk {
            case .failed, .failing: contents.disk = .working
            case .working, .slow, .closed: break
            }
        }
    }

    public func close() async {
        releaseCommits()
        contents.withLock { $0.disk = .closed }
    }

    // MARK: Reading

    func read<Value: Sendable>(_ body: (MemoryState) -> Value) throws(StoreError) -> Value {
        let value: Value? = contents.withLock { contents in
            if case .closed = contents.disk { return nil }
            contents.statements += 1
            return body(contents.state)
        }
        guard let value else { throw .failed(path: Self.path, reason: "it is closed") }
        return value
    }

    public func load() async throws(StoreError) -> StoredState { try read { $0.loaded } }

    public func run(_ id: RunID) async throws(StoreError) -> Run? { try read { .some($0.runs[id]) } ?? nil }

    public func run(plan: PlanID) async throws(StoreError) -> Run? {
        try read { state in state.runsByPlan[plan].flatMap { state.runs[$0] } }
    }

    public func runs(_ query: RunQuery) async throws(StoreError) -> [Run] {
        try read { state in
            let found = state.runs.values.filter { query.matches($0) }.sorted { $0.id > $1.id }
            return Array(found.prefix(query.allowedLimit))
        }
    }

    public func jobs(of run: RunID) async throws(StoreError) -> [Job] { try read { $0.jobs(of: run) } }

    public func job(request: RequestID) async throws(StoreError) -> Job? {
        try read { state in state.jobsByRequest[request].flatMap { state.jobs[$0]?.job } }
    }

    public func finishedJobs(pool: PoolID, agent: AgentID?, limit: Int) async throws(StoreError) -> [Job] {
        try read { $0.finishedJobs(pool: pool, agent: agent, limit: limit) }
    }

    public func records(of run: RunID) async throws(StoreError) -> [TimelineRecord] {
        try read { $0.records(of: run) }
    }

    public func logs(of run: RunID) async throws(StoreError) -> [RunLog] { try read { $0.logs(of: run) } }

    public func checkpoints(of run: RunID) async throws(StoreError) -> [Checkpoint] {
        try read { state in
            state.checkpoints.values.filter { $0.run == run }.sorted { $0.createdAt < $1.createdAt }
        }
    }

    public func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint? {
        try read { .some($0.checkpoints[id]) } ?? nil
    }

    public func checkpoint(withCheck id: CheckRunID) async throws(StoreError) -> Checkpoint? {
        try read { state in .some(state.checkpoints.values.first { $0.checks.contains { $0.id == id } }) } ?? nil
    }

    public func checkpoints(limit: Int) async throws(StoreError) -> [Checkpoint] {
        try read { state in
            let sorted = state.checkpoints.values.sorted { ($0.run, $0.id) > ($1.run, $1.id) }
            return Array(sorted.prefix(max(limit, 0)))
        }
    }

    public func deployments(to environment: EnvironmentID, limit: Int) async throws(StoreError) -> [Deployment] {
        try read { $0.deployments(to: environment, limit: limit) }
    }

    public func artifacts(of run: RunID) async throws(StoreError) -> [Artifact] {
        try read { state in state.artifacts.values.filter { $0.run == run }.sorted { $0.id < $1.id } }
    }

    public func artifact(_ id: ArtifactID) async throws(StoreError) -> Artifact? {
        try read { .some($0.artifacts[id]) } ?? nil
    }

    public func artifactContents() async throws(StoreError) -> [ContentReference] {
        try read { $0.artifacts.values.sorted { $0.id < $1.id }.compactMap(\.content) }
    }

    public func checkouts(
        run: RunID?,
        repository: String?,
        limit: Int
    ) async throws(StoreError) -> [Checkout] {
        try read { state in
            let found = state.checkouts.reversed().filter { checkout in
                run.map { $0 == checkout.run } ?? true && repository.map { $0 == checkout.repository } ?? true
            }
            return Array(found.prefix(max(limit, 0)))
        }
    }

    public func elasticLogs(of pool: PoolID, limit: Int) async throws(StoreError) -> [ElasticPoolLog] {
        try read { Array((($0.elasticLogs[pool]) ?? []).reversed().prefix(max(limit, 0))) }
    }

    public func imageUses(of image: String, since: Date, limit: Int) async throws(StoreError) -> [ImageUse] {
        try read { state in
            Array(state.imageUses.reversed().filter { $0.image == image && $0.at >= since }.prefix(max(limit, 0)))
        }
    }

    public func usedImages(since: Date) async throws(StoreError) -> [String: Int] {
        try read { state in
            state.imageUses.filter { $0.at >= since }.reduce(into: [:]) { $0[$1.image, default: 0] += 1 }
        }
    }

    public func checkoutCount(of run: RunID) async throws(StoreError) -> Int {
        try read { state in state.checkouts.count { $0.run == run } }
    }

    public func auditEvents(limit: Int, before: Date?) async throws(StoreError) -> [AuditEvent] {
        try read { $0.auditEvents(limit: limit, before: before) }
    }

    public func auditRecords(after number: Int, limit: Int) async throws(StoreError) -> [AuditRecord] {
        try read { $0.auditRecords(after: number, limit: limit) }
    }

    public func auditHead() async throws(StoreError) -> AuditHead { try read { $0.auditHead } }
}
