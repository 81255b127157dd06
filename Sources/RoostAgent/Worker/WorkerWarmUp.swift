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
        guard let message = sample(), let bytes = try? WireJSON.encode(message),
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
        var record = TimelineRecordWire(id: UUID(), type: "Task", name: "a", state: "completed", result: "succeeded")
        record.log = TaskLogReferenceWire(id: 1)
        _ = try? await client.updateRecords(address, [record])
        _ = try? await client.createLog(address, path: "logs\\a")
        try? await client.appendLog(address, log: 1, bytes: Array("a\n".utf8), offset: 0)
        let variable = VariableValueWire(value: "a", isSecret: false)
        let event = JobEventWire(name: "JobCompleted", jobId: UUID(), result: "succeeded", outputs: ["a": variable])
        try? await client.postEvent(address, event)
        // The template is started in the agent's folder.
        let root = AgentRoot(FileManager.default.currentDirectoryPath)
        if let message = sample() { await JobRehearsal.play(message, client, in: root.diagnostics) }
    }

    /// A message in which no member is missing, because each type that a job's message is the first to have costs the job's start.
    static func sample() -> PipelineAgentJobRequestWire? {
        let id = "4f1c2d3a-0000-4000-8000-000000000001"
        let time = "2026-01-01T00:00:00Z"
        let timeline = #"{"id": "\#(id)", "changeId": 1, "location": "a", "url": "a"}"#
        let reference = #"{"id": 1, "name": "a", "_links": {"a": {"href": "a"}}}"#
        let endpoint = #"{"id": "\#(id)", "name": "a"}"#
        let plan = #"""
            {"scopeIdentifier": "\#(id)", "planType": "Build", "version": 14, "planId": "\#(id)", "planGroup": "a",
             "artifactUri": "a", "artifactLocation": "a", "definition": \#(reference), "owner": \#(reference), "state": "a",
             "result": "a", "startTime": "\#(time)", "finishTime": "\#(time)", "timeline": \#(timeline)}
            """#
        let connection = #"""
            {"id": "\#(id)", "name": "SystemVssConnection", "type": "a", "url": "http://localhost/", "isShared": false,
             "isReady": true, "data": {"a": "b"},
             "authorization": {"scheme": "OAuth", "parameters": {"AccessToken": "sample-token"}}}
            """#
        let repository = #"""
            {"alias": "self", "id": "a", "type": "Git", "name": "a", "version": "a", "url": "/a", "endpoint": \#(endpoint),
             "properties": {"id": "a", "type": "Git", "name": "a", "ref": "refs/heads/a", "version": "a", "url": "/a",
             "defaultBranch": "a", "versionInfo": {"author": "a", "message": "a"}, "roostMirrorUrl": "http://localhost/"}}
            """#
        let container = #"""
            {"alias": "a", "endpoint": \#(endpoint), "properties": {"image": "a", "options": "a", "env": {"a": "b"},
             "ports": ["1"], "volumes": ["a:/a"], "mapDockerSocket": false, "localimage": true, "readOnlyMounts": ["work"]}}
            """#
        let file = #"""
            {"id": "\#(id)", "name": "a", "ticket": "sample-ticket", "createdOn": "\#(time)", "createdBy": "a", "size": 1}
            """#
        let step = #"""
            {"type": "task", "id": "\#(id)", "name": "a", "displayName": "$(a)", "enabled": true, "condition": "succeeded()",
             "continueOnError": false, "timeoutInMinutes": 0, "retryCountOnTaskFailure": 0, "inputs": {"script": "true"},
             "reference": {"id": "\#(TaskReference.commandLine.id)", "name": "CmdLine", "version": "2.0.0"},
             "environment": {"a": "$(a)"},
             "target": {"target": "a", "commands": "any", "settableVariables": {"allowed": ["a"]}}}
            """#
        let variable = #"{"value": "$(b)", "isSecret": false, "isReadOnly": false, "allowOverride": true}"#
        let secret = #"{"value": "sample-b", "isSecret": true, "isReadOnly": false, "allowOverride": true}"#
        let text = #"""
            {"messageType": "PipelineAgentJobRequest", "plan": \#(plan), "timeline": \#(timeline), "jobId": "\#(id)",
             "jobDisplayName": "a", "jobName": "a", "jobContainer": "a", "requestId": 1, "lockedUntil": "\#(time)",
             "jobSidecarContainers": {"a": "a"}, "mask": [{"type": "regex", "value": "sample\\-mask"}],
             "variables": {"a": \#(variable), "b": \#(secret), "build.buildId": \#(variable)},
             "workspace": {"clean": "outputs"}, "steps": [\#(step)],
             "resources": {"endpoints": [\#(connection)], "repositories": [\#(repository)], "containers": [\#(container)],
             "secureFiles": [\#(file)]}}
            """#
        return try? WireJSON.decode(PipelineAgentJobRequestWire.self, from: Data(text.utf8))
    }
}
