import FoundationEssentials
import RoostModel

extension Sample {
    static let fullEnvironment = DeploymentEnvironment(
        id: EnvironmentID(6),
        project: projectID,
        name: "Production",
        description: "The real one",
        machines: [
            EnvironmentMachine(id: 1, agent: AgentID(11), name: "builder-11", tags: ["web"]),
            EnvironmentMachine(id: 2, agent: AgentID(12), name: "builder-12"),
        ],
        concurrencyLimit: 3,
        createdAt: date(1),
        createdBy: "user:ada",
        modifiedAt: date(2),
        modifiedBy: "user:eve"
    )

    static func environment(_ id: Int) -> DeploymentEnvironment {
        DeploymentEnvironment(
            id: EnvironmentID(id),
            project: otherProjectID,
            name: "e",
            createdAt: date(),
            createdBy: "x"
        )
    }

    static let kinds: [CheckKind] = [
        .approval(
            ApprovalPolicy(
                approvers: ["Ann", "Bob"],
                minimumCount: 1,
                isInOrder: true,
                instructions: "Look at the dashboard",
                requesterMayApprove: false
            )
        ),
        .approval(ApprovalPolicy(approvers: ["Ann"])),
        .exclusiveLock,
        .branchControl(BranchControl(allowedBranches: ["refs/heads/main"])),
        .businessHours(
            BusinessHours(days: [.monday, .friday], opensAt: 540, closesAt: 1020, minutesAheadOfUTC: 480)
        ),
        .requiredTemplate([
            RequiredTemplate(repository: "r", ref: "refs/heads/x", path: "p"), RequiredTemplate(path: "q"),
        ]),
    ]

    static let checks: [Check] = kinds.enumerated().map { place, kind in
        Check(
            id: CheckID(place + 1),
            environment: EnvironmentID(6),
            kind: kind,
            timeoutInMinutes: 60,
            createdAt: date(3),
            createdBy: "user:ada",
            modifiedAt: date(4),
            modifiedBy: "user:eve",
            version: 2
        )
    }
    static let smallCheck = Check(
        id: CheckID(9),
        environment: EnvironmentID(1),
        kind: .exclusiveLock,
        createdAt: date(),
        createdBy: "x"
    )

    static let fullGroup = VariableGroup(
        id: VariableGroupID(7),
        project: projectID,
        name: "shared",
        description: "For all",
        variables: [
            "plain": PipelineVariable(value: "1"),
            "key": PipelineVariable(value: "group-secret-text", isSecret: true),
        ],
        vault: GroupVault(kind: .hashiCorp, vault: "team/app", mount: "kv", connection: uuid(77)),
        createdAt: date(1),
        createdBy: "user:ada",
        modifiedAt: date(2),
        modifiedBy: "user:eve"
    )
    static let fullConnection = ServiceConnection(
        id: ServiceConnectionID(UUID(uuidString: "5C0B5A7E-0000-4000-8000-000000000001") ?? UUID()),
        project: projectID,
        name: "builds",
        description: "From outside",
        webhook: IncomingWebhook(name: "released", secret: Secret("connection-secret-text"), header: "X-Sign"),
        registry: RegistryAccount(
            address: "https://registry.example.org",
            username: "ci",
            password: Secret("registry-secret-text")
        ),
        createdAt: date(1),
        createdBy: "user:ada"
    )
    static let smallGroup = VariableGroup(
        id: VariableGroupID(1),
        project: otherProjectID,
        name: "g",
        createdAt: date(),
        createdBy: "x"
    )

    static let fullDeployment = Deployment(
        id: RecordID(uuid(31)),
        environment: EnvironmentID(6),
        run: RunID(17),
        pipeline: PipelineID(5),
        pipelineName: "App",
        runNumber: "20261124.1",
        stage: "Deploy",
        job: "Web",
        requestedBy: "ada",
        queuedAt: date(5),
        finishedAt: date(6),
        result: .succeededWithIssues
    )
    static let smallDeployment = Deployment(
        id: RecordID(uuid(32)),
        environment: EnvironmentID(1),
        run: RunID(1),
        pipeline: PipelineID(1),
        pipelineName: "p",
        runNumber: "1",
        stage: "s",
        job: "j",
        requestedBy: "x",
        queuedAt: date()
    )

    static let fullCheckpoint = Checkpoint(
        id: CheckpointID(uuid(33)),
        run: RunID(17),
        pipeline: PipelineID(5),
        stage: "Deploy",
        requestedBy: "ada",
        branch: "refs/heads/main",
        lockBehavior: .sequential,
        environments: [EnvironmentID(6), EnvironmentID(1)],
        createdAt: date(5),
        checks: zip(kinds, outcomes).enumerated().map { place, pair in
            CheckRun(
                id: CheckRunID(uuid(UInt8(40 + place))),
                check: CheckID(place + 1),
                environment: EnvironmentID(6),
                environmentName: "Production",
                kind: pair.0,
                timeoutInMinutes: 60,
                beganAt: date(5),
                decisions: place == 0
                    ? [
                        ApprovalDecision(by: "Ann", at: date(6), isApproved: true),
                        ApprovalDecision(by: "Bob", at: date(7), isApproved: false, comment: "no"),
                    ] : [],
                outcome: pair.1
            )
        },
        state: .queued(since: date(8))
    )
    private static let outcomes: [CheckOutcome?] = [
        .failed(at: date(7)), nil, .passed(at: date(8)), .timedOut(at: date(9)), .dropped(at: date(10)), nil,
    ]
    static let smallCheckpoint = Checkpoint(
        id: CheckpointID(uuid(34)),
        run: RunID(1),
        pipeline: PipelineID(1),
        stage: "s",
        requestedBy: "x",
        branch: "b",
        lockBehavior: .runLatest,
        environments: [],
        createdAt: date(),
        checks: [
            CheckRun(
                id: CheckRunID(uuid(35)),
                check: CheckID(9),
                environment: EnvironmentID(1),
                environmentName: "e",
                kind: .exclusiveLock,
                timeoutInMinutes: 1,
                beganAt: date()
            )
        ]
    )

    static let checkpointStates: [CheckpointState] = [
        .checking, .queued(since: date(1)), .passed(at: date(2)), .released(at: date(3)),
        .refused(.rejected(by: "Bob", environment: "Production", comment: "no"), at: date(4)),
        .refused(.timedOut(check: "Approval", environment: "Production", minutes: 60), at: date(4)),
        .refused(
            .branchNotAllowed(branch: "refs/heads/x", environment: "e", allowed: ["refs/heads/main"]),
            at: date(4)
        ),
        .refused(.templateMissing(environment: "e", required: ["a.yml"]), at: date(4)),
        .refused(.superseded(by: RunID(18), environment: "e"), at: date(4)),
    ]
}
