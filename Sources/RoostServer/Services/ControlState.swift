import FoundationEssentials
import RoostModel
import RoostStore

/// All that the control plane knows, as one value that is changed under one lock.
///
/// Every change goes through ``ControlPlane/change(_:)``, which hands what changed to the store in the order of the changes.
struct ControlState: Sendable {
    var projects: [ProjectID: Project] = [:]
    var pools: [PoolID: AgentPool] = [:]
    var queues: [QueueID: AgentQueue] = [:]
    var pipelines: [PipelineID: Pipeline] = [:]
    var agents: [AgentID: Agent] = [:]
    var agentsByClient: [ClientID: AgentID] = [:]
    var agentsByName: [AgentName: AgentID] = [:]
    /// What the matcher works on, by pool.
    var poolQueues: [PoolID: PoolQueue] = [:]
    var sessions: [SessionID: Session] = [:]
    var sessionOfAgent: [AgentID: SessionID] = [:]
    /// The job an agent holds.
    var assigned: [AgentID: JobID] = [:]
    var runs: [RunID: ActiveRun] = [:]
    /// Runs that wait for others of their pipeline.
    var queuedRuns: Set<RunID> = []
    /// Completed runs that stay for readers, oldest first.
    var completedRuns: [RunID] = []
    var runOfPlan: [PlanID: RunID] = [:]
    var runOfJob: [JobID: RunID] = [:]
    var jobOfRequest: [RequestID: JobID] = [:]
    var tokens: [TokenID: AccessToken] = [:]
    var tokensByHash: [String: TokenID] = [:]
    var settings: [String: Data] = [:]
    var counters = Counters()
    /// Environments, their checks and what waits for them; variable groups.
    var environments = EnvironmentState()
    var caches = CacheState()
    var triggers = TriggerState()
    var serviceConnections: [ServiceConnectionID: ServiceConnection] = [:]
    /// Tasks that are installed beside those that are built in.
    var tasks = TaskLibrary()
    var secureFiles: [UUID: SecureFile] = [:]
    /// Versions of agents.
    var updates = UpdateState()
    /// Pools whose machines are made as jobs come.
    var elastic: [PoolID: ElasticState] = [:]
    var enrollmentTokens: [UUID: EnrollmentToken] = [:]
    var enrollmentTokensByHash: [String: UUID] = [:]
    var trustRules: [UUID: TrustRule] = [:]
    var enrollmentPolicy = EnrollmentPolicy()
    /// Pools whose agents look after their disks when they are told to.
    var maintenance: [PoolID: MaintenanceState] = [:]
    var taskConnections: [UUID: TaskConnection] = [:]
    /// The latest uses of connections, newest first.
    var connectionUses: [UUID: [ConnectionUse]] = [:]
    /// Things that not every pipeline may use.
    var permissions: [ProtectedResource: PipelinePermission] = [:]
    /// Who may do what.
    var roles = RoleBook()
    /// Machines that have identities.
    var machines: [UUID: Machine] = [:]
    /// The directory: service principals and the identities of machines.
    var identities: [UUID: DirectoryIdentity] = [:]
    var identitiesByClient: [UUID: UUID] = [:]
    /// What tokens are signed with, by id.
    var signingKeys: [String: SigningKey] = [:]
    /// Sign-ins of people, by browsers and programs.
    var signInGrants: [UUID: SignInGrant] = [:]
    /// People who may not come in, by name in small letters.
    var disabledUsers: [String: DisabledUser] = [:]
    var vaults: [VaultID: Vault] = [:]
    /// Galleries of images.
    var images = ImageLibrary()
    /// Templates of images, by their names in small letters.
    var imageTemplates: [String: ManagedImageTemplate] = [:]
    /// Vaults that are about to be deleted take no secret.
    var closingVaults: Set<VaultID> = []
    /// Jobs with a lease, for the one timer.
    var leased: Set<JobID> = []
    /// When jobs without an agent are looked at again.
    var serverDeadlines: [JobID: Date] = [:]
    /// Set when the store could not write: memory is ahead of it and must be loaded again.
    var needsReload = false
    var isStopping = false

    /// An agent's name within its pool, ignoring case.
    struct AgentName: Hashable, Sendable {
        var pool: PoolID
        var name: String

        init(_ pool: PoolID, _ name: String) {
            self.pool = pool
            self.name = name.lowercased()
        }
    }

    struct Counters: Sendable {
        var pool = 0
        var queue = 0
        var agent = 0
        var pipeline = 0
        var run = 0
        var request = 0
        var environment = 0
        var check = 0
        var variableGroup = 0
        var artifact = 0
        var cache = 0
        var testRun = 0
        /// Messages rise over restarts, because an agent remembers the last it saw.
        var message = 0
    }

    // MARK: Look-ups

    func job(_ id: JobID) -> Job? { runOfJob[id].flatMap { runs[$0]?.jobs[id] } }

    func poolNamed(_ name: String) -> AgentPool? {
        let wanted = name.lowercased()
        return pools.values.first { $0.name.lowercased() == wanted }
    }

    func projectNamed(_ name: String) -> Project? {
        if let id = ProjectID(text: name), let project = projects[id] { return project }
        let wanted = name.lowercased()
        return projects.values.first { $0.name.lowercased() == wanted }
    }

    func agentView(_ agent: Agent) -> AgentView {
        let session = sessionOfAgent[agent.id].flatMap { sessions[$0] }
        return AgentView(
            agent: agent,
            online: session != nil,
            assigned: assigned[agent.id].flatMap { job($0) },
            lastCompleted: agent.lastRequest.flatMap { jobOfRequest[$0] }.flatMap { job($0) },
            sessionOwner: session?.owner
        )
    }
}

/// What one change comes to: rows for the store, and what is done once they are durable.
struct ControlChange: Sendable {
    var store: [StoreChange] = []
    /// Runs whose progress must be planned.
    var dirtyRuns: Set<RunID> = []
    /// Pools in which jobs may be matched.
    var dirtyPools: Set<PoolID> = []
    /// Elastic pools whose machines must be planned.
    var dirtyElastic: Set<PoolID> = []
    /// Jobs whose pool is no more.
    var orphanedJobs: [Job] = []
    /// Runs, jobs and agents whose rows changed; written once however often they changed.
    var changedRuns: Set<RunID> = []
    var changedJobs: Set<JobID> = []
    var changedAgents: Set<AgentID> = []
    /// Jobs without an agent that may go on.
    var dirtyServerJobs: Set<JobID> = []
    /// Runs whose records changed.
    var touchedRecords: Set<RunID> = []
    /// Something that checks of environments depend on has changed.
    var checksAreDirty = false
    /// Galleries have changed, and with them what machines could be made.
    var imagesAreDirty = false
    /// Done after the rows are durable.
    var effects: [@Sendable (ControlPlane) -> Void] = []
    let now: Date
    /// Monotonic, for leases.
    let tick: Date

    init(now: Date, tick: Date) {
        self.now = now
        self.tick = tick
    }

    mutating func audit(_ caller: Caller, _ action: String, _ subject: String, _ detail: String = "") {
        store.append(
            .appendAudit(
                AuditEvent(
                    actor: caller.auditName,
                    action: action,
                    subject: subject,
                    detail: detail,
                    at: now,
                    requestID: caller.requestID
                )
            )
        )
    }
}
