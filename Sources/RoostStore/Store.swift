public import FoundationEssentials
public import RoostModel

/// Everything the control plane remembers, but for the contents of logs and artifacts (``BlobStore``).
///
/// **Order.** Changes take effect in the order of the calls of ``submit(_:)``, which may come from any thread; each call's changes
/// are one transaction: all of them or none. Reads see every change whose ``Commit`` has become durable, and may see later ones.
///
/// **Durability.** A ``Commit`` becomes durable once its changes would survive `kill -9` and a power cut; only then may an answer be
/// given. Calls that arrive while a commit is being written share the next one.
///
/// **Failure.** When a commit cannot be written, it and every one submitted after it fails until ``recover()`` is called: what is in
/// memory is then ahead of the store and must be loaded again.
public protocol Store: Sendable {
    /// Hands changes over; returns at once.
    func submit(_ changes: [StoreChange]) -> Commit

    /// Clears the state after a failed commit, so that new ones are tried again.
    func recover() async

    /// Everything the control plane needs in memory: all but finished runs, their jobs, records and logs, and audit events.
    func load() async throws(StoreError) -> StoredState

    func run(_ id: RunID) async throws(StoreError) -> Run?
    func run(plan: PlanID) async throws(StoreError) -> Run?
    /// Newest first.
    func runs(_ query: RunQuery) async throws(StoreError) -> [Run]
    /// In order of their creation.
    func jobs(of run: RunID) async throws(StoreError) -> [Job]
    func job(request: RequestID) async throws(StoreError) -> Job?
    /// Newest first: the requests an agent, or any agent of a pool, has finished.
    ///
    /// A request that ended before an agent had it counts for its pool.
    func finishedJobs(pool: PoolID, agent: AgentID?, limit: Int) async throws(StoreError) -> [Job]
    func records(of run: RunID) async throws(StoreError) -> [TimelineRecord]
    func logs(of run: RunID) async throws(StoreError) -> [RunLog]
    /// Stops of a run before the checks of its stages, oldest first.
    func checkpoints(of run: RunID) async throws(StoreError) -> [Checkpoint]
    func checkpoint(_ id: CheckpointID) async throws(StoreError) -> Checkpoint?
    /// The stop that an approval, or another check, belongs to.
    func checkpoint(withCheck id: CheckRunID) async throws(StoreError) -> Checkpoint?
    /// Stops of the newest runs first.
    func checkpoints(limit: Int) async throws(StoreError) -> [Checkpoint]
    /// Newest first.
    func deployments(to environment: EnvironmentID, limit: Int) async throws(StoreError) -> [Deployment]
    /// In order of their creation.
    func artifacts(of run: RunID) async throws(StoreError) -> [Artifact]
    func artifact(_ id: ArtifactID) async throws(StoreError) -> Artifact?
    /// Where the contents of all artifacts are.
    func artifactContents() async throws(StoreError) -> [ContentReference]
    /// Of a run, of a repository, or of all; newest first.
    func checkouts(run: RunID?, repository: String?, limit: Int) async throws(StoreError) -> [Checkout]
    /// Jobs that ran on a version of an image since a moment, newest first.
    func imageUses(of image: String, since: Date, limit: Int) async throws(StoreError) -> [ImageUse]
    /// Versions of images that jobs ran on since a moment, with the numbers of jobs.
    func usedImages(since: Date) async throws(StoreError) -> [String: Int]
    /// What happened in an elastic pool, newest first.
    func elasticLogs(of pool: PoolID, limit: Int) async throws(StoreError) -> [ElasticPoolLog]
    /// The publications of test results of a run, in the order in which they were made.
    func testRuns(of run: RunID) async throws(StoreError) -> [TestRun]
    /// One page of all publications, newest first; of the page, those of a project.
    func testRuns(project: ProjectID?, before: TestRunID?, limit: Int) async throws(StoreError) -> [TestRun]
    func testRun(_ id: TestRunID) async throws(StoreError) -> TestRun?
    /// In order of their numbers.
    func testResults(_ query: TestResultQuery) async throws(StoreError) -> [TestResult]
    func testResult(_ testRun: TestRunID, _ id: Int) async throws(StoreError) -> TestResult?
    /// The newest results of each of some tests, newest first.
    func testHistory(_ tests: [TestID], limit: Int) async throws(StoreError) -> [TestOccurrence]
    /// Tests that failed, or failed and passed at once, in the newest publications of a pipeline.
    func unstableTests(of pipeline: PipelineID, publications: Int, limit: Int) async throws(StoreError) -> [TestID]
    /// Tests of a name or title.
    func tests(named name: String, pipeline: PipelineID?, limit: Int) async throws(StoreError) -> [TestID]
    func coverage(of run: RunID) async throws(StoreError) -> CodeCoverage?
    /// The coverage of the newest run of a branch before a run.
    func lastCoverage(
        of pipeline: PipelineID,
        branch: String,
        before run: RunID
    ) async throws(StoreError)
        -> CodeCoverage?
    /// How many checkouts of a run are kept.
    func checkoutCount(of run: RunID) async throws(StoreError) -> Int
    /// Newest first.
    func auditEvents(limit: Int, before: Date?) async throws(StoreError) -> [AuditEvent]
    /// Links of the audit's chain with a higher number, oldest first.
    func auditRecords(after number: Int, limit: Int) async throws(StoreError) -> [AuditRecord]
    /// Where the audit's chain ends.
    func auditHead() async throws(StoreError) -> AuditHead

    /// One version of a secret, or the newest; also of a deleted one.
    func secretVersion(_ key: SecretKey, _ version: String?) async throws(StoreError) -> SecretVersion?
    /// The newest version of each secret of a vault, by name in lower case; those that are deleted, or those that are not.
    func secrets(
        of vault: VaultID,
        deleted: Bool,
        after name: String,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion]
    /// Versions of a secret in the order in which they were made.
    func secretVersions(
        _ key: SecretKey,
        after version: String?,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion]
    /// The value of a version; nil when it is gone.
    func secretValue(_ version: SecretVersion) async throws(StoreError) -> Secret?
    /// Versions of deleted secrets, those that are purged first before the others.
    func secretsToPurge(limit: Int) async throws(StoreError) -> [SecretVersion]

    /// Number of statements executed since the start, for tests that pin the cost of an operation.
    var statementCount: Int { get }

    /// Waits for what was submitted and closes.
    func close() async
}

/// One change of the store; `put` inserts or replaces by the noun's id.
public enum StoreChange: Sendable, Hashable {
    case putProject(Project)
    case deleteProject(ProjectID)
    case putPool(AgentPool)
    case deletePool(PoolID)
    case putQueue(AgentQueue)
    case deleteQueue(QueueID)
    case putAgent(Agent)
    case deleteAgent(AgentID)
    case putPipeline(Pipeline)
    case deletePipeline(PipelineID)
    case putRun(Run)
    /// With its jobs, records, logs, artifacts, checkouts, test results and coverage.
    case deleteRun(RunID)
    case putJob(Job)
    case putRecords([TimelineRecord], run: RunID)
    case putLog(RunLog)
    case putEnvironment(DeploymentEnvironment)
    /// With its checks and its history.
    case deleteEnvironment(EnvironmentID)
    case putCheck(Check)
    case deleteCheck(CheckID)
    case putCheckpoint(Checkpoint)
    case putDeployment(Deployment)
    case putVariableGroup(VariableGroup)
    case deleteVariableGroup(VariableGroupID)
    case putServiceConnection(ServiceConnection)
    case deleteServiceConnection(ServiceConnectionID)
    case putArtifact(Artifact)
    case deleteArtifact(ArtifactID)
    case putTestRun(TestRun)
    /// With its results.
    case deleteTestRun(TestRunID)
    case putTestResults([TestResult])
    case putCoverage(CodeCoverage)
    case putCache(CacheEntry)
    case deleteCache(CacheID)
    case putToken(AccessToken)
    case deleteToken(TokenID)
    /// A value by name: counters, the instance id, sealed keys.
    case putSetting(name: String, value: Data)
    case deleteSetting(name: String)
    /// A new version, which is the newest from then on; a version that is there fails.
    case addSecret(SecretVersion, value: Secret)
    /// All of a version but its value and its deletion.
    case putSecretFacts(SecretVersion)
    /// Deletes all versions of a secret so that they can be recovered; nil recovers them.
    case markSecret(SecretKey, SecretDeletion?)
    /// For good.
    case deleteSecret(SecretKey)
    /// As the next link of the audit's chain.
    case appendAudit(AuditEvent)
    case appendCheckout(Checkout)
    case appendImageUse(ImageUse)
    /// The store numbers it.
    case appendElasticLog(ElasticPoolLog)
    case deleteElasticLogs(PoolID)
}

/// What ``Store/load()`` gives.
public struct StoredState: Sendable, Hashable {
    public var projects: [Project] = []
    public var pools: [AgentPool] = []
    public var queues: [AgentQueue] = []
    public var agents: [Agent] = []
    public var pipelines: [Pipeline] = []
    /// Runs that are not completed.
    public var activeRuns: [Run] = []
    /// The jobs of those runs.
    public var activeJobs: [Job] = []
    /// The records of those runs.
    public var activeRecords: [RunID: [TimelineRecord]] = [:]
    public var activeLogs: [RunID: [RunLog]] = [:]
    public var environments: [DeploymentEnvironment] = []
    public var checks: [Check] = []
    public var variableGroups: [VariableGroup] = []
    public var serviceConnections: [ServiceConnection] = []
    /// Stops of active runs before the checks of their stages.
    public var checkpoints: [Checkpoint] = []
    /// Deployments of active runs.
    public var activeDeployments: [Deployment] = []
    public var caches: [CacheEntry] = []
    public var tokens: [AccessToken] = []
    public var settings: [String: Data] = [:]
    // Highest numbers in use, so that none is given twice; 0 when there is none. Deleted ones count.
    public var lastPoolID = 0
    public var lastQueueID = 0
    public var lastAgentID = 0
    public var lastPipelineID = 0
    public var lastRunID = 0
    public var lastRequestID = 0
    public var lastEnvironmentID = 0
    public var lastCheckID = 0
    public var lastVariableGroupID = 0
    public var lastArtifactID = 0
    public var lastCacheID = 0
    public var lastTestRunID = 0

    public init() {}
}

/// Which runs to list.
public struct RunQuery: Sendable, Hashable {
    public var project: ProjectID?
    public var pipelines: Set<PipelineID>?
    public var ids: [RunID]?
    /// Nil is both.
    public var completed: Bool?
    public var results: Set<TaskResult>?
    public var branch: String?
    public var requestedBy: String?
    public var number: String?
    /// Only runs with a smaller id, for paging.
    public var before: RunID?
    /// At most this many; 1 … 1,000.
    public var limit: Int

    public init(
        project: ProjectID? = nil,
        pipelines: Set<PipelineID>? = nil,
        ids: [RunID]? = nil,
        completed: Bool? = nil,
        results: Set<TaskResult>? = nil,
        branch: String? = nil,
        requestedBy: String? = nil,
        number: String? = nil,
        before: RunID? = nil,
        limit: Int = 100
    ) {
        self.project = project
        self.pipelines = pipelines
        self.ids = ids
        self.completed = completed
        self.results = results
        self.branch = branch
        self.requestedBy = requestedBy
        self.number = number
        self.before = before
        self.limit = limit
    }
}
