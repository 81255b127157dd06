import FoundationEssentials
import RoostModel

extension Sample {
    static let issue = Issue(.warning, "mind\u{0}the\u{1B}[31m gap", category: "Code", data: ["sourcepath": "a.c"])
    static let demand = Demand.equals("os", value: "linux")

    static let plan = {
        var plan = ownPlan
        plan.appendsCommitMessage = false
        return plan
    }()
    private static let ownPlan = RunPlan(
        numberFormat: PlannedText("$(Rev:.r)", place: "a.yml:1:7"),
        variables: [planVariable],
        stages: [fullStage],
        repositories: [
            PlannedRepository(alias: "self", type: "git", name: "team/app", ref: "refs/tags/v1", endpoint: "hub")
        ],
        finalYAML: "steps: []\n",
        lockBehavior: .runLatest,
        extendedTemplate: "safe.yml@templates"
    )
    /// With each field set, which no real one has.
    private static var planVariable: PlannedVariable {
        var variable = PlannedVariable(
            name: "v",
            value: PlannedText("$[ 1 ]", place: "a.yml:2:1"),
            isReadOnly: true
        )
        variable.isGroup = true
        return variable
    }
    static let smallPlan = RunPlan(stages: [])

    static let fullStage = PlannedStage(
        name: "Build",
        displayName: "Build it",
        dependsOn: ["Prepare"],
        condition: PlannedText("always()"),
        variables: [PlannedVariable(name: "s", value: PlannedText("2"))],
        jobs: [fullPlannedJob],
        lockBehavior: .sequential,
        trigger: .manual,
        isSkippable: false
    )
    static let smallStage = PlannedStage(name: "S", displayName: "s", jobs: [])

    static let fullPlannedJob = PlannedJob(
        name: "Test",
        displayName: "Test $(os)",
        dependsOn: ["Compile"],
        condition: PlannedText("succeeded()", place: "a.yml:9:3"),
        strategy: .parallel(count: 3, maxParallel: 2),
        pool: fullPlannedPool,
        timeoutInMinutes: PlannedText("30"),
        cancelTimeoutInMinutes: PlannedText("1"),
        continueOnError: PlannedText("true"),
        workspaceCleaning: .all,
        variables: [PlannedVariable(name: "j", value: PlannedText("3"))],
        steps: [fullStep],
        retryCountOnMachineFailure: 2,
        deployment: deployments[0],
        containers: containers
    )

    static let containers = PlannedContainers(
        job: PlannedText("$[ variables.image ]", place: "a.yml:4:4"),
        services: [PlannedService(name: "db", container: PlannedText("pg"))],
        definitions: [
            PlannedContainer(
                alias: "pg",
                image: "postgres:16",
                endpoint: "hub",
                options: "--memory 1g",
                environment: ["A": "b"],
                ports: ["5432"],
                volumes: ["v:/data"],
                mapsDockerSocket: false,
                isLocalImage: true,
                readOnlyMounts: ["tools"],
                place: "a.yml:5:5"
            ),
            PlannedContainer(alias: "small", image: "i"),
        ]
    )

    static let deployments: [PlannedDeployment] = [
        PlannedDeployment(
            environment: PlannedEnvironment(
                name: PlannedText("production", place: "a.yml:7:7"),
                resourceName: PlannedText("m1"),
                resourceID: PlannedText("4"),
                resourceType: "virtualMachine",
                tags: ["web"]
            ),
            strategy: .rolling(maxParallel: PlannedText("50%", place: "a.yml:8:8")),
            hooks: [
                PlannedHook(kind: .deploy, pool: PlannedPool(name: PlannedText("Linux")), steps: [fullStep]),
                PlannedHook(kind: .onFailure, steps: []),
            ]
        ),
        PlannedDeployment(strategy: .rolling(maxParallel: nil), hooks: []),
        PlannedDeployment(strategy: .canary(increments: [10, 20]), hooks: []),
        PlannedDeployment(environment: PlannedEnvironment(name: PlannedText("x")), strategy: .runOnce, hooks: []),
    ]
    static let smallPlannedJob = PlannedJob(name: "J", displayName: "j", steps: [])

    static let fullStep = PlannedStep(
        name: "CmdLine1",
        displayName: "Say it",
        task: .commandLine,
        inputs: ["script": "echo $(x)"],
        environment: ["A": "b"],
        condition: PlannedText("failed()"),
        continueOnError: PlannedText("false"),
        timeoutInMinutes: PlannedText("5"),
        retryCountOnTaskFailure: 1,
        place: "a.yml:12:3",
        target: PlannedTarget(container: "pg", isRestricted: true, settableVariables: ["x"])
    )
    static let smallStep = PlannedStep(name: "S", displayName: "s", task: .bash)

    static let strategies: [JobStrategy] = [
        .single,
        .matrix(
            legs: [MatrixLeg(name: "a", variables: [PlannedVariable(name: "x", value: PlannedText("1"))])],
            maxParallel: 4
        ),
        .matrix(legs: [], maxParallel: 0),
        .computedMatrix(PlannedText("$[ x ]", place: "a.yml:3:3"), maxParallel: 1),
        .parallel(count: 5, maxParallel: 0),
        .parallel(
            count: .computed(PlannedText("$[ variables.n ]", place: "a.yml:4:4")),
            maxParallel: .computed(PlannedText("$(most)", place: "a.yml:5:4"))
        ),
        .computedMatrix(PlannedText("$[ x ]"), maxParallel: .computed(PlannedText("$[ y ]"))),
    ]

    static func run(
        _ id: Int,
        pipeline: Int = 1,
        project: ProjectID = otherProjectID,
        state: RunState = .queued,
        number: String = "1",
        branch: String = "refs/heads/main",
        requestedBy: String = "x",
        planID: PlanID = PlanID(UUID())
    ) -> Run {
        Run(
            id: RunID(id),
            pipeline: PipelineID(pipeline),
            pipelineName: "p",
            project: project,
            planID: planID,
            timelineID: UUID(),
            number: number,
            state: state,
            sourceBranch: branch,
            sourceVersion: "0",
            repository: smallRepository,
            requestedBy: requestedBy,
            plan: smallPlan,
            queuedAt: date(1)
        )
    }
    static let fullRun = withSources(
        Run(
            id: RunID(17),
            pipeline: PipelineID(5),
            pipelineName: "App",
            project: projectID,
            planID: PlanID(uuid(5)),
            timelineID: uuid(6),
            number: "20261124.1",
            state: .canceling,
            reason: .pullRequest,
            priority: .high,
            sourceBranch: "refs/heads/feature/ä",
            sourceVersion: "0123456789abcdef0123456789abcdef01234567",
            sourceVersionMessage: "Fix \"it\"",
            sourceVersionAuthor: "Ada",
            repository: repository,
            requestedBy: "user:ada",
            variables: [
                "plain": PipelineVariable(value: "1"),
                "token": PipelineVariable(value: "run-secret-text", isSecret: true, settableAtQueueTime: true),
            ],
            parameters: ["size": "L"],
            plan: plan,
            queuedAt: date(),
            startedAt: date(2),
            finishedAt: date(3),
            canceledBy: "user:eve",
            canceledAt: date(4),
            rerunOf: RunID(16),
            issues: [issue],
            tags: ["nightly"],
            poolOverride: PoolID(4),
            variableGroups: [
                "shared": [
                    "plain": PipelineVariable(value: "1"),
                    "key": PipelineVariable(value: "group-secret-text", isSecret: true),
                ]
            ]
        )
    )

    private static func withSources(_ run: Run) -> Run {
        var run = run
        run.sources = RunSources(
            repositories: [
                RunRepository(alias: "a", type: "git", name: "p/a", url: "/a", ref: "refs/heads/main", version: "1")
            ],
            pipelines: [
                RunPipelineResource(
                    alias: "lib",
                    projectName: "p",
                    projectID: "1",
                    pipelineName: "lib",
                    pipelineID: 2,
                    runName: "3",
                    runID: 4,
                    sourceBranch: "refs/heads/main",
                    sourceCommit: "5",
                    requestedFor: "ada"
                )
            ],
            files: ["a.yml", "b.yml@a"],
            stagesToSkip: ["S"]
        )
        run.cause = RunCause(
            requestedFor: "ada",
            pullRequest: RunPullRequest(
                number: 7,
                id: "70",
                sourceBranch: "refs/heads/topic",
                targetBranch: "refs/heads/main",
                sourceCommit: "6",
                sourceRepositoryURL: "/fork",
                isFork: true
            ),
            schedule: RunSchedule(displayName: "Nightly", cron: "0 3 * * *", revision: 2),
            resource: TriggeringResource(alias: "lib", category: .pipeline)
        )
        run.stageRequests = [StageRequest(stage: "Deploy", kind: .start, by: "ada", at: run.queuedAt)]
        return run
    }

    static let lease = Lease(
        agent: AgentID(11),
        agentName: "builder-11",
        assignedAt: date(2),
        lockedUntil: date(600),
        messageID: 31,
        messageAcknowledged: true
    )
    static let jobStates: [JobState] = [
        .waiting, .queued, .assigned(lease), .running(lease), .canceling(lease, deadline: date(60)),
        .finished(.succeededWithIssues),
    ]

    static func job(
        _ run: Int,
        id: JobID = JobID(UUID()),
        request: Int? = nil,
        pool: Int? = nil,
        state: JobState = .waiting,
        finishedAt: Date? = nil
    ) -> Job {
        Job(
            id: id,
            run: RunID(run),
            pipeline: PipelineID(1),
            project: otherProjectID,
            request: request.map { RequestID($0) },
            stage: "S",
            name: "J",
            displayName: "j",
            pool: pool.map { PoolID($0) },
            state: state,
            finishedAt: finishedAt
        )
    }
    static let fullJob = Job(
        id: JobID(uuid(7)),
        run: RunID(17),
        pipeline: PipelineID(5),
        project: projectID,
        request: RequestID(40),
        stage: "Build",
        name: "Test",
        leg: "linux",
        position: 2,
        copies: 3,
        attempt: 4,
        displayName: "Test linux",
        pool: PoolID(4),
        demands: [demand, .exists("java")],
        priority: .aboveNormal,
        state: .canceling(lease, deadline: date(60)),
        queuedAt: date(1),
        startedAt: date(2),
        finishedAt: date(3),
        timeoutInMinutes: 0,
        cancelTimeoutInMinutes: 1,
        continueOnError: true,
        variables: [
            "plain": OutputVariable(value: "1"), "key": OutputVariable(value: "job-secret-text", isSecret: true),
        ],
        outputs: ["step.out": OutputVariable(value: "output-secret-text", isSecret: true)],
        agentName: "builder-11",
        machineFailure: true,
        hook: HookRun(.routeTraffic, increment: 20, resource: "m1"),
        server: fullServerWork
    )

    static func record(_ name: String, id: RecordID = RecordID(UUID())) -> TimelineRecord {
        TimelineRecord(id: id, kind: .task, name: name)
    }
    static let fullRecord = TimelineRecord(
        id: RecordID(uuid(8)),
        parent: RecordID(uuid(9)),
        kind: .job,
        name: "Test",
        refName: "CmdLine1",
        identifier: "Build.Test.linux",
        order: 2,
        attempt: 3,
        state: .completed,
        result: .abandoned,
        resultCode: "137",
        startedAt: date(1),
        finishedAt: date(2),
        percentComplete: 50,
        currentOperation: "linking",
        workerName: "builder-11",
        log: LogID(3),
        errorCount: 1,
        warningCount: 2,
        issues: [issue],
        task: .bash,
        variables: ["o": OutputVariable(value: "record-secret-text", isSecret: true)],
        changeID: 8,
        lastModified: date(3)
    )

    /// Every secret text of the full samples.
    static let secrets = [
        "pipeline-secret-text", "run-secret-text", "job-secret-text", "output-secret-text", "record-secret-text",
    ]

    static let fullPlannedPool = {
        var pool = PlannedPool(
            name: PlannedText("Linux"),
            vmImage: PlannedText("ubuntu"),
            demands: [PlannedText("java")]
        )
        pool.isServer = true
        return pool
    }()

    /// Every kind of step and of state, with all fields set.
    static let fullServerWork = ServerWork(
        steps: [
            ServerStep(
                name: "ask",
                displayName: "Ask",
                task: TaskReference(id: "i", name: "ManualValidation", version: "1"),
                action: .validation(
                    ManualValidation(
                        instructions: "look",
                        notifyUsers: ["boss"],
                        approvers: ["ann"],
                        allowsRequester: false,
                        resumesOnTimeout: true
                    )
                ),
                condition: PlannedText("always()", place: "a:1:2"),
                continueOnError: true,
                timeoutInMinutes: 7,
                state: .running(since: Date(timeIntervalSince1970: 5)),
                answer: ValidationAnswer(
                    by: "ann",
                    at: Date(timeIntervalSince1970: 6),
                    isResumed: true,
                    comment: "fine"
                )
            ),
            ServerStep(
                name: "wait",
                displayName: "Wait",
                task: TaskReference(id: "", name: "Delay", version: "1"),
                action: .delay(minutes: 1.5),
                state: .finished(.succeeded)
            ),
            ServerStep(
                name: "wrong",
                displayName: "Wrong",
                task: TaskReference(id: "", name: "Delay", version: "1"),
                action: .invalid("no number")
            ),
        ]
    )
}
