import FoundationEssentials
import RoostModel

/// Nouns with all fields set to something unusual (`full…`) or with what must be given only (`small…`).
enum Sample {
    /// A moment with all its bits in use.
    static func date(_ offset: Double = 0) -> Date {
        Date(timeIntervalSinceReferenceDate: 812_345_678.123_456_7 + offset)
    }

    /// The same in every run of the tests, because old stores hold them too.
    static func uuid(_ number: UInt8) -> UUID {
        UUID(uuid: (number, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0xAB, 0xCD))
    }

    static let projectID = ProjectID(uuid(1))
    static let otherProjectID = ProjectID(uuid(2))
    static let repository = PipelineRepository(url: "file:///r", name: "team/app", defaultBranch: "refs/heads/trunk")
    static let smallRepository = PipelineRepository(url: "/x", name: "x", defaultBranch: "refs/heads/main")

    static let fullProject = Project(
        id: projectID,
        name: "Größe 中文",
        description: "with \"quotes\"\nand lines",
        defaultPool: PoolID(7),
        createdAt: date()
    )
    static let smallProject = Project(id: otherProjectID, name: "p", createdAt: date(1))

    static func pool(_ id: Int, name: String = "Default") -> AgentPool {
        AgentPool(id: PoolID(id), name: name, createdAt: date(1), createdBy: "x")
    }
    static let fullPool = AgentPool(
        id: PoolID(4),
        name: "Linux",
        createdAt: date(),
        createdBy: "user:admin",
        autoProvision: false,
        autoUpdate: false,
        singleUse: true,
        openToAll: false,
        authorizedPipelines: [PipelineID(3), PipelineID(1)],
        concurrencyLimit: 12,
        patEnrollment: .refused,
        pause: Pause(reason: "new network", by: "user:ada", since: date(6), isDrain: true)
    )

    static let fullQueue = AgentQueue(id: QueueID(9), name: "Linux", pool: PoolID(4), project: projectID)
    static let smallQueue = AgentQueue(id: QueueID(1), name: "q", pool: PoolID(1), project: otherProjectID)

    static func agent(_ id: Int, pool: Int = 1) -> Agent {
        Agent(
            id: AgentID(id),
            pool: PoolID(pool),
            name: "agent-\(id)",
            version: "1.0.0",
            osDescription: "Linux",
            clientID: ClientID(UUID()),
            publicKey: AgentPublicKey(exponent: Data([1, 0, 1]), modulus: Data([7])),
            createdAt: date(1),
            createdBy: "x"
        )
    }
    static let fullAgent = Agent(
        id: AgentID(11),
        pool: PoolID(4),
        name: "builder-11",
        version: "4.255.0",
        osDescription: "Debian 12",
        enabled: false,
        systemCapabilities: ["Agent.OS": "Linux", "java": "/usr/bin/java"],
        userCapabilities: ["Team": "core"],
        clientID: ClientID(uuid(3)),
        publicKey: AgentPublicKey(exponent: Data([1, 0, 2]), modulus: Data((0..<255).map { UInt8($0) })),
        createdAt: date(),
        createdBy: "user:admin",
        singleUse: true,
        retiredAt: date(2),
        statusChangedAt: date(3),
        lastRequest: RequestID(77),
        warmUp: AgentWarmUp(state: .failed, reason: "no network", since: date(4)),
        enrolledBy: AgentEnrolment(signIn: .federated, actor: "enroller:ci", at: date(5)),
        pause: Pause(reason: "", by: "user:ada", since: date(6))
    )

    static let fullPipeline = withTriggers(
        Pipeline(
            id: PipelineID(5),
            project: projectID,
            name: "App",
            folder: "\\team",
            revision: 3,
            repository: repository,
            yamlPath: "ci/azure-pipelines.yml",
            defaultPool: PoolID(4),
            variables: [
                "plain": PipelineVariable(value: "1", settableAtQueueTime: true),
                "token": PipelineVariable(value: "pipeline-secret-text", isSecret: true),
            ],
            concurrencyLimit: 2,
            enabled: false,
            createdAt: date(),
            createdBy: "user:admin"
        )
    )

    private static func withTriggers(_ pipeline: Pipeline) -> Pipeline {
        var pipeline = pipeline
        pipeline.triggers = TriggerSettings(
            push: false,
            pullRequest: false,
            schedules: false,
            resources: false,
            pollInterval: 60,
            webhookSecret: Secret("webhook-secret-text")
        )
        return pipeline
    }

    static let smallPipeline = Pipeline(
        id: PipelineID(1),
        project: otherProjectID,
        name: "p",
        repository: smallRepository,
        yamlPath: "a.yml",
        createdAt: date(1),
        createdBy: "x"
    )

    static let fullToken = AccessToken(
        id: TokenID(uuid(4)),
        user: "admin",
        name: "laptop",
        hash: String(repeating: "ab", count: 32),
        scopes: [.agentPools, .buildExecute],
        createdAt: date(),
        expiresAt: date(1_000),
        revokedAt: date(5),
        lastUsedAt: date(4)
    )
    static let smallToken = AccessToken(
        id: TokenID(UUID()),
        user: "u",
        name: "n",
        hash: "00",
        scopes: [],
        createdAt: date(1),
        expiresAt: date(2)
    )

    static let fullLog = RunLog(
        id: LogID(3),
        run: RunID(17),
        path: "logs\\x",
        createdAt: date(),
        lineCount: 10,
        byteCount: 999,
        finished: true
    )
    static let smallLog = RunLog(id: LogID(1), run: RunID(1), path: "", createdAt: date(1))

    static func checkout(_ run: Int, _ repository: String, _ offset: Double) -> Checkout {
        Checkout(
            run: RunID(run),
            pipeline: "app",
            job: JobID(UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))),
            agent: "build-01",
            alias: "self",
            repository: repository,
            url: "https://git.example.org/\(repository).git",
            commit: String(repeating: "a", count: 40),
            source: "pool",
            reason: "the pool serves it",
            bytes: 12_345,
            times: Checkout.Times(prepare: 1, negotiate: 2, transfer: 3, resolve: 4, write: 5),
            at: date(offset)
        )
    }

    static func event(_ action: String, _ offset: Double = 0) -> AuditEvent {
        AuditEvent(actor: "system", action: action, subject: "pool:1", at: date(offset))
    }
    static let fullEvent = AuditEvent(
        actor: "user:admin",
        action: "run.cancel",
        subject: "run:17",
        detail: "because",
        at: date(9),
        requestID: "r-1"
    )
}
