public import FoundationEssentials
public import Logging
public import RoostModel
public import RoostStore
import RoostWire
import Synchronization

/// The control plane: pools, agents, pipelines, runs, their queue and their leases.
///
/// It is one value (``ControlState``) behind one lock. A change is decided there, without waiting, by the pure planners of the model;
/// what it comes to is handed to the store under the same lock, so that the store sees changes in the order they were decided; the
/// caller gets its answer, and agents and watchers hear of it, once it is durable.
public final class ControlPlane: Sendable {
    let store: any Store
    let blobs: any BlobStore
    /// What artifacts and caches are made of.
    let chunks: any ChunkStore
    let contentIndex = ContentIndex()
    let artifactWork = SerialWork<RunID>()
    /// Lines the server itself writes, and the ends of logs.
    let logWork = SerialWork<RunID>()
    let settings: ControlSettings
    /// Hides the bytes of secure files.
    let sealer: any SecretSealer
    let logger: Logger
    let repositories: RepositoryService
    let plans: PlanCache
    let runEvents = EventHub<RunID, RunEvent>()
    let anyRunEvents = EventHub<Int, Run>(capacity: 256)
    let poolEvents = EventHub<PoolID, PoolEvent>()
    /// Counts and times for `/metrics`.
    public let metrics = ControlMetrics()
    private let state = Mutex(ControlState())
    private let identity = Mutex<Identity?>(nil)
    let deadlines = DeadlineTimer()
    /// Makes the private parts of keys that tokens are signed with.
    let keyMaker: SigningKeyMaker
    let refusals = RefusalLedger()
    let openedKeys = OpenedKeys()
    let signIns = PendingSignIns()
    let auditPeople = AuditPeople()
    /// When deleted secrets are purged.
    let secretDeadlines = DeadlineTimer()
    /// Changes of one secret, one after the other.
    let secretWork = SerialWork<SecretKey>()
    let triggerNews = TriggerNewsChannel()
    /// Where versions of images are kept, and how far their copies are.
    let imageRegions: ImageRegions
    let imageProgress = ImageProgress()
    /// Woken when copies are to be made.
    let imageWork = DeadlineTimer()
    /// Changes of one template of an image, one after the other.
    let imageTemplateTurns = SerialWork<String>()
    /// What makes machines of elastic pools, by kind.
    let machineProviders: [String: any MachineProvider]
    let elasticWork = ElasticWork()
    /// Woken when versions of agents are to be planned.
    let updateWork = DeadlineTimer()
    /// Woken when builds of templates have ended, and when versions of images have changed.
    let imageTemplateWork = DeadlineTimer()
    /// Woken when maintenance of pools is set up or has got on.
    let maintenanceWork = DeadlineTimer()
    /// Says when the maintenance of a pool has changed.
    let maintenanceEvents = EventHub<PoolID, Void>()
    private let startOfClock = ContinuousClock.now
    private let startOfTime = Date()

    /// What is made at the first start and then kept.
    struct Identity: Sendable {
        var instanceID: UUID
        var issuer: TokenIssuer
    }

    public init(
        store: any Store,
        blobs: any BlobStore,
        chunks: (any ChunkStore)? = nil,
        settings: ControlSettings,
        sealer: any SecretSealer,
        signingKeys: (@Sendable () throws -> Data)? = nil,
        providers: [String: any MachineProvider] = [:],
        logger: Logger = Logger(label: "roost.control")
    ) {
        machineProviders = providers
        keyMaker = SigningKeyMaker(signingKeys ?? { try SigningKey.generate() })
        self.store = store
        self.blobs = blobs
        self.chunks = chunks ?? FolderChunkStore(path: "\(settings.dataFolder)/content")
        self.settings = settings
        self.sealer = sealer
        self.logger = logger
        self.repositories = RepositoryService(dataFolder: settings.dataFolder, fetchTimeout: settings.fetchTimeout)
        self.plans = PlanCache()
        imageRegions = ImageRegions(
            folders: [ImageRegionList.local: "\(settings.dataFolder)/images"].merging(settings.imageRegions.folders) {
                $1
            }
        )
    }

    /// The organization's id; the same over restarts.
    public var instanceID: UUID { currentIdentity.instanceID }

    /// Loaded, able to write, and not about to stop.
    public var isReady: Bool {
        identity.withLock { $0 != nil } && state.withLock { !$0.needsReload && !$0.isStopping }
    }

    var currentIdentity: Identity {
        identity.withLock { identity in
            if let identity { return identity }
            let made = Identity(
                instanceID: UUID(),
                issuer: TokenIssuer(key: Data(SystemRandomBytes.make(32)), issuer: "roost")
            )
            identity = made
            return made
        }
    }

    func setIdentity(_ identity: Identity) { self.identity.withLock { $0 = identity } }

    /// Time that no step of the system's clock moves, for leases.
    var tick: Date {
        let elapsed = (ContinuousClock.now - startOfClock).components
        return startOfTime + TimeInterval(elapsed.seconds) + TimeInterval(elapsed.attoseconds) * 1e-18
    }

    // MARK: Reading and changing

    func read<Result: Sendable, Failure: Error>(
        _ body: (borrowing ControlState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(state) }
    }

    /// Decides a change, lets everything that follows from it follow, and returns once all of it is durable.
    ///
    /// The body must refuse before it changes anything.
    @discardableResult
    func change<Result: Sendable>(
        _ body: (inout ControlState, inout ControlChange) throws(ControlError) -> Result
    ) async throws(ControlError) -> Result {
        let decided = try decide(body)
        do {
            try await decided.commit.durable()
        } catch {
            storeFailed(error)
            throw .storeUnavailable(error)
        }
        for effect in decided.effects { effect(self) }
        return decided.result
    }

    /// Like ``change(_:)`` for those who need no answer: what follows is done when the rows are durable.
    func changeLater(
        _ body: (inout ControlState, inout ControlChange) throws(ControlError) -> Void
    ) throws(ControlError) {
        let decided = try decide(body)
        guard decided.hasWork else { return }
        Task {
            do throws(StoreError) {
                try await decided.commit.durable()
            } catch {
                storeFailed(error)
                return
            }
            for effect in decided.effects { effect(self) }
        }
    }

    /// Changes what only memory knows: sessions, polls, counts of lines.
    func mutateWithoutStore<Result: Sendable, Failure: Error>(
        _ body: (inout ControlState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(&state) }
    }

    private struct Decided<Result: Sendable>: Sendable {
        var result: Result
        var commit: Commit
        var effects: [@Sendable (ControlPlane) -> Void]
        var hasWork: Bool
    }

    private func decide<Result: Sendable>(
        _ body: (inout ControlState, inout ControlChange) throws(ControlError) -> Result
    ) throws(ControlError) -> Decided<Result> {
        try state.withLock { state throws(ControlError) in
            guard !state.needsReload else { throw .storeUnavailable(.needsRecovery(path: settings.dataFolder)) }
            var change = ControlChange(now: Date(), tick: tick)
            let result = try body(&state, &change)
            settle(&state, &change)
            let commit = change.store.isEmpty ? Commit.nothing() : store.submit(change.store)
            return Decided(
                result: result,
                commit: commit,
                effects: change.effects,
                hasWork: !change.store.isEmpty || !change.effects.isEmpty
            )
        }
    }

    private func storeFailed(_ error: StoreError) {
        let first = state.withLock { state in
            defer { state.needsReload = true }
            return !state.needsReload
        }
        guard first else { return }
        logger.error("the store refused a change", metadata: ["error": "\(error)"])
        deadlines.signal()
    }

    /// Replaces everything by what the store holds.
    func replaceState(_ new: ControlState) {
        state.withLock { state in
            var new = new
            // Listeners keep their sessions: these are not in the store.
            for (id, session) in state.sessions where new.agents[session.agent] != nil {
                new.sessions[id] = session
                new.sessionOfAgent[session.agent] = id
            }
            new.isStopping = state.isStopping
            state = new
        }
    }

    /// Ends every wait: long polls and streams.
    ///
    /// New work is refused from here on.
    func beginStopping() {
        let wakes = state.withLock { state in
            state.isStopping = true
            return state.sessions.values.flatMap { $0.polls.values.map(\.wake) }
        }
        for wake in wakes { wake(.stopping) }
        maintenanceEvents.finishAll()
        runEvents.finishAll()
        anyRunEvents.finishAll()
        poolEvents.finishAll()
    }
}
