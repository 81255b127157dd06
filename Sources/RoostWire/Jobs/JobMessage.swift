public import FoundationEssentials
public import RoostModel

/// What a job's message needs beside the run and the job.
public struct JobMessageContext: Sendable {
    /// Ends in a slash.
    public var serverURL: String
    public var instanceID: UUID
    public var organization: String
    public var project: Project
    public var pipeline: Pipeline
    public var pool: AgentPool
    public var agent: Agent
    /// The job's own token.
    public var token: Secret
    /// The server serves its copies of the run's repositories.
    public var servesMirrors: Bool
    /// Service connections the job may use, with their secrets.
    public var endpoints: [ServiceEndpointWire]
    /// Secure files that steps name, with the tickets to fetch them.
    public var secureFiles: [SecureFileWire]

    public init(
        serverURL: String,
        instanceID: UUID,
        organization: String,
        project: Project,
        pipeline: Pipeline,
        pool: AgentPool,
        agent: Agent,
        token: Secret,
        servesMirrors: Bool = false,
        endpoints: [ServiceEndpointWire] = [],
        secureFiles: [SecureFileWire] = []
    ) {
        self.endpoints = endpoints
        self.secureFiles = secureFiles
        self.serverURL = serverURL
        self.instanceID = instanceID
        self.organization = organization
        self.project = project
        self.pipeline = pipeline
        self.pool = pool
        self.agent = agent
        self.token = token
        self.servesMirrors = servesMirrors
        self.endpoints = endpoints
    }
}

/// Builds the message that carries a job to its agent (§6.1 of the protocol).
public enum JobMessage {
    /// The plan version: 8 and above end a job by an event of the worker.
    private static let planVersion = 14

    /// The message of a job.
    ///
    /// - Parameters:
    ///   - run: its run.
    ///   - job: the attempt that is sent.
    ///   - plannedJob: its steps.
    ///   - context: where it runs.
    /// - Returns: the message, with secrets in it: encrypt it.
    public static func make(
        run: Run,
        job: Job,
        plannedJob: PlannedJob,
        context: JobMessageContext
    )
        -> PipelineAgentJobRequestWire
    {
        let variables = variables(run, job, context)
        let containers = JobContainersWire(plannedJob, job, context.endpoints)
        return PipelineAgentJobRequestWire(
            messageType: "PipelineAgentJobRequest",
            plan: plan(run),
            timeline: TimelineReferenceWire(id: run.timelineID, changeId: 1),
            jobId: job.id.rawValue,
            jobDisplayName: job.displayName,
            jobName: job.leg ?? "__default",
            jobContainer: containers.jobContainer,
            requestId: job.request?.rawValue,
            lockedUntil: job.state.lease?.lockedUntil,
            jobSidecarContainers: containers.sidecars,
            mask: masks(variables),
            variables: variables,
            resources: JobResourcesWire(
                endpoints: [endpoint(context)] + context.endpoints,
                repositories: repositories(run, context),
                containers: containers.containers,
                secureFiles: context.secureFiles
            ),
            workspace: plannedJob.workspaceCleaning.map { WorkspaceWire(clean: $0.rawValue) },
            steps: plannedJob.steps.enumerated().map { index, step in
                self.step(step, id: stepID(job, index))
            }
        )
    }

    /// Names of the service connections a job's containers want.
    public static func connections(of planned: PlannedJob, _ job: Job) -> [String] {
        JobContainersWire(planned, job, []).containers.compactMap(\.endpoint?.name)
    }

    /// A step's record has an id that follows from its job, so that a message that is built twice is the same.
    private static func stepID(_ job: Job, _ index: Int) -> UUID {
        var bytes = job.id.rawValue.uuid
        bytes.14 ^= UInt8((index + 1) >> 8 & 0xff)
        bytes.15 ^= UInt8((index + 1) & 0xff)
        bytes.8 ^= 0x2a
        return UUID(uuid: bytes)
    }

    private static func plan(_ run: Run) -> OrchestrationPlanWire {
        OrchestrationPlanWire(
            scopeIdentifier: run.project.rawValue,
            planType: "Build",
            version: planVersion,
            planId: run.planID.rawValue,
            planGroup: "Build:\(run.project):\(run.pipeline)",
            artifactUri: "vstfs:///Build/Build/\(run.id)",
            definition: ReferenceWire(id: run.pipeline.rawValue, name: run.pipelineName),
            owner: ReferenceWire(id: run.id.rawValue, name: run.number)
        )
    }

    private static func endpoint(_ context: JobMessageContext) -> ServiceEndpointWire {
        ServiceEndpointWire(
            id: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            name: "SystemVssConnection",
            url: context.serverURL,
            authorization: EndpointAuthorizationWire(
                scheme: "OAuth",
                parameters: ["AccessToken": context.token.exposed]
            ),
            data: ["ServerId": context.instanceID.uuidString.lowercased(), "ServerName": context.organization],
            isShared: false,
            isReady: true
        )
    }

    private static func repositories(_ run: Run, _ context: JobMessageContext) -> [RepositoryResourceWire] {
        var all = [repository(run)] + run.sources.repositories.map(repository)
        guard context.servesMirrors else { return all }
        for index in all.indices {
            guard let alias = all[index].alias else { continue }
            all[index].properties?.roostMirrorUrl =
                "\(context.serverURL)_apis/roost/runs/\(run.id)/repositories/\(MirrorPlace.encode([alias]))/"
        }
        return all
    }

    private static func repository(_ run: Run) -> RepositoryResourceWire {
        RepositoryResourceWire(
            alias: "self",
            id: run.repository.url,
            type: "Git",
            name: run.repository.name,
            version: run.sourceVersion,
            url: run.repository.url,
            properties: RepositoryPropertiesWire(
                id: run.repository.url,
                type: "Git",
                name: run.repository.name,
                ref: run.sourceBranch,
                version: run.sourceVersion,
                url: run.repository.url,
                defaultBranch: run.repository.defaultBranch,
                versionInfo: VersionInfoWire(author: run.sourceVersionAuthor, message: run.sourceVersionMessage)
            )
        )
    }

    /// Another repository, at the commit that was found when the run was queued.
    private static func repository(_ repository: RunRepository) -> RepositoryResourceWire {
        RepositoryResourceWire(
            alias: repository.alias,
            id: repository.url,
            type: "Git",
            name: repository.name,
            version: repository.version,
            url: repository.url,
            properties: RepositoryPropertiesWire(
                id: repository.url,
                type: "Git",
                name: repository.name,
                ref: repository.ref.hasPrefix("refs/") ? repository.ref : nil,
                version: repository.version,
                url: repository.url
            )
        )
    }

    private static func step(_ step: PlannedStep, id: UUID) -> JobStepWire {
        JobStepWire(
            type: "task",
            id: id,
            name: step.name,
            displayName: step.displayName,
            enabled: true,
            condition: step.condition?.text,
            continueOnError: step.continueOnError.map { $0.text.lowercased() == "true" } ?? false,
            timeoutInMinutes: step.timeoutInMinutes.flatMap { Int($0.text) } ?? 0,
            retryCountOnTaskFailure: step.retryCountOnTaskFailure,
            reference: TaskReferenceWire(step.task),
            inputs: step.inputs,
            environment: step.environment,
            target: step.target.map { target in
                StepTargetWire(
                    target: target.container,
                    commands: target.isRestricted ? "restricted" : nil,
                    settableVariables: target.settableVariables.map { .init(allowed: $0) }
                )
            }
        )
    }

    /// Every secret value, escaped as a regular expression.
    private static func masks(_ variables: [String: VariableValueWire]) -> [MaskHintWire] {
        variables.values.filter { $0.isSecret == true && !($0.value ?? "").isEmpty }.compactMap(\.value).sorted()
            .map { MaskHintWire(type: "regex", value: escaped($0)) }
    }

    private static let special = Array("\\^$.|?*+()[]{}/".utf8)

    private static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 8)
        for byte in text.utf8 {
            if special.contains(byte) { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }

    // MARK: Variables

    private static func variables(_ run: Run, _ job: Job, _ context: JobMessageContext) -> [String: VariableValueWire] {
        var values: [String: VariableValueWire] = [:]
        for (name, variable) in job.variables { values[name] = VariableValueWire(variable) }
        var system = system(run, job, context).merging(build(run, context)) { first, _ in first }
        // What began the run says more than what holds for every run.
        let cause = run.causeVariables
        if !cause.isEmpty {
            let names = Set(cause.keys.map { $0.lowercased() })
            system = system.filter { !names.contains($0.key.lowercased()) }.merging(cause) { _, new in new }
        }
        // What a file defines under another spelling must not stand beside the system's.
        let spellings = Dictionary(grouping: values.keys) { $0.lowercased() }
        for (name, value) in system {
            if !spellings.isEmpty { for known in spellings[name.lowercased()] ?? [] { values[known] = nil } }
            values[name] = VariableValueWire(value: value, isReadOnly: true)
        }
        values["system.accessToken"] = VariableValueWire(value: context.token.exposed, isSecret: true)
        return values
    }

    private static func system(_ run: Run, _ job: Job, _ context: JobMessageContext) -> [String: String] {
        let identifier = "\(job.stage == "__default" ? "" : "\(job.stage).")\(job.name).\(job.leg ?? "__default")"
        let stage = run.plan.stages.first { $0.name == job.stage }
        let phase = stage?.jobs.first { $0.name == job.name }
        return [
            "system": "build",
            "system.hosttype": "build",
            "system.servertype": "OnPremises",
            "system.culture": "en-US",
            "system.collectionId": context.instanceID.uuidString.lowercased(),
            "system.collectionUri": context.serverURL,
            "system.teamFoundationCollectionUri": context.serverURL,
            "system.taskDefinitionsUri": context.serverURL,
            "system.teamProject": context.project.name,
            "system.teamProjectId": context.project.id.description,
            "system.definitionId": run.pipeline.description,
            "system.definitionName": run.pipelineName,
            "system.planId": run.planID.description,
            "system.timelineId": run.timelineID.uuidString.lowercased(),
            "system.jobId": job.id.description,
            "system.jobName": job.leg ?? "__default",
            "system.jobDisplayName": job.displayName,
            "system.jobIdentifier": identifier,
            "system.jobAttempt": String(job.attempt),
            "system.jobPositionInPhase": String(job.position),
            "system.totalJobsInPhase": String(job.copies),
            "system.jobParallelismTag": "Private",
            "system.stageName": job.stage,
            "system.stageDisplayName": stage?.displayName ?? job.stage,
            "system.stageAttempt": "1",
            "system.phaseName": job.name,
            "system.phaseDisplayName": phase?.displayName ?? job.name,
            "system.phaseAttempt": "1",
            "system.pipelineStartTime": WireDate.text(run.startedAt ?? run.queuedAt),
            "system.oidcRequestUri":
                "\(context.serverURL)\(context.project.id)/_apis/distributedtask/hubs/build/plans/\(run.planID)/jobs/\(job.id)/oidctoken",
            "system.isScheduled": run.reason == .schedule ? "True" : "False",
            "system.enableAccessToken": "SecretVariable",
            "system.pullRequest.isFork": "False",
        ]
    }

    private static func build(_ run: Run, _ context: JobMessageContext) -> [String: String] {
        [
            "build.buildId": run.id.description,
            "build.buildNumber": run.number,
            "build.buildUri": "vstfs:///Build/Build/\(run.id)",
            "build.containerId": run.id.description,
            "build.definitionName": run.pipelineName,
            "build.definitionVersion": String(context.pipeline.revision),
            "build.definitionId": run.pipeline.description,
            "build.queuedBy": run.requestedBy,
            "build.requestedFor": run.requestedBy,
            "build.reason": run.reason.variableValue,
            "build.sourceBranch": run.sourceBranch,
            "build.sourceBranchName": String(run.sourceBranch.split(separator: "/").last ?? ""),
            "build.sourceVersion": run.sourceVersion,
            "build.sourceVersionAuthor": run.sourceVersionAuthor,
            "build.sourceVersionMessage": run.sourceVersionMessage,
            "build.repository.id": run.repository.url,
            "build.repository.name": run.repository.name,
            "build.repository.uri": run.repository.url,
            "build.repository.provider": "Git",
            "build.syncSources": "True",
        ]
    }
}
