import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

/// Does once, while nobody waits, what the first job would otherwise wait for.
///
/// The first decoding of a type looks up its conformances and the first start of a process loads what it needs, each several milliseconds.
enum WorkerWarmUp {
    /// All of it, in a worker that waits for its job.
    static func run(_ configuration: WorkerConfiguration) async {
        prepareTypes()
        RoostClient.startThreads()
        for folder in [configuration.folders.work, configuration.folders.temp, configuration.folders.pages] {
            _ = FileTree.make(folder, mode: 0o700)
        }
        guard let program = ExecutableSearch.find("true", path: nil) else { return }
        let launch = ProcessLaunch(executable: program, arguments: [], environment: [:], workingDirectory: "/")
        _ = try? await StepProcess.run(launch, control: StopControl(), output: CapturedOutput())
    }

    /// The part that needs no second thread, and so can be done by a ``WorkerTemplate``.
    static func prepareTypes() {
        let message = sample()
        guard let bytes = try? WireJSON.encode(message),
            let decoded = try? WireJSON.decode(PipelineAgentJobRequestWire.self, from: bytes),
            let order = try? JobOrder(decoded)
        else { return }
        let masker = SecretMasker()
        for (name, value) in JobSecrets.list(order) { masker.add(value, name: name) }
        _ = masker.mask("warm")
        let records = JobRecords(job: UUID(), workerName: "", masker: masker)
        _ = try? WireJSON.encode([records.pending(UUID(), name: "a", refName: "a", order: 1, task: .commandLine)])
        _ = JobVariables(order.variables).environment()
        _ = order.steps.compactMap { try? TaskHandlers().handler(for: $0.task).beforeJob }
    }

    /// What a job tells its server, told to nobody.
    @Sendable static func rehearse(_ client: RoostClient) async {
        let address = PlanAddress(scope: UUID(), plan: UUID(), timeline: UUID())
        let record = TimelineRecordWire(id: UUID(), type: "Task", name: "a", state: "completed", result: "succeeded")
        _ = try? await client.updateRecords(address, [record])
        _ = try? await client.createLog(address, path: "logs\\a")
        try? await client.appendLog(address, log: 1, bytes: Array("a\n".utf8), offset: 0)
        let variable = VariableValueWire(value: "a", isSecret: false)
        let event = JobEventWire(name: "JobCompleted", jobId: UUID(), result: "succeeded", outputs: ["a": variable])
        try? await client.postEvent(address, event)
    }

    /// A message with something of everything.
    private static func sample() -> PipelineAgentJobRequestWire {
        let connection = ServiceEndpointWire(
            id: UUID(),
            name: "SystemVssConnection",
            url: "http://localhost/",
            authorization: EndpointAuthorizationWire(scheme: "OAuth", parameters: ["AccessToken": "sample-token"]),
            data: ["a": "b"]
        )
        let repository = RepositoryResourceWire(
            alias: "self",
            properties: RepositoryPropertiesWire(id: "a", type: "Git", name: "a", ref: "refs/heads/a", url: "/a")
        )
        let step = JobStepWire(
            id: UUID(),
            name: "a",
            displayName: "$(a)",
            enabled: true,
            continueOnError: false,
            timeoutInMinutes: 0,
            reference: TaskReferenceWire(id: TaskReference.commandLine.id, name: "CmdLine", version: "2.0.0"),
            inputs: ["script": "true"],
            environment: ["a": "$(a)"],
            target: StepTargetWire(target: "a", settableVariables: .init(allowed: ["a"]))
        )
        let container = ContainerResourceWire(
            alias: "a",
            properties: ContainerPropertiesWire(image: "a", env: ["a": "b"])
        )
        return PipelineAgentJobRequestWire(
            plan: OrchestrationPlanWire(scopeIdentifier: UUID(), planType: "Build", version: 14, planId: UUID()),
            timeline: TimelineReferenceWire(id: UUID()),
            jobId: UUID(),
            jobName: "a",
            requestId: 1,
            lockedUntil: Date(timeIntervalSince1970: 0),
            jobSidecarContainers: ["a": "a"],
            mask: [MaskHintWire(type: "regex", value: "sample\\-mask")],
            variables: [
                "a": VariableValueWire(value: "$(b)"), "b": VariableValueWire(value: "sample-b", isSecret: true),
            ],
            resources: JobResourcesWire(
                endpoints: [connection],
                repositories: [repository],
                containers: [container],
                secureFiles: [SecureFileWire(id: UUID(), name: "a", ticket: "sample-ticket")]
            ),
            steps: [step]
        )
    }
}
