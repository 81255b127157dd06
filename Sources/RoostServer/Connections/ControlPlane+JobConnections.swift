import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostWire

/// Connections in runs: looked at when a run is queued, and again when a job gets them.
extension ControlPlane {
    /// Lets a job that is about to be sent have the connections and secure files it names, and keeps that it had the connections.
    ///
    /// - Throws: ``ConnectionRefusal`` naming the connection, ``ControlError`` when that cannot be kept.
    func takeConnections(of job: Job, _ run: Run) async throws {
        let uses = try read { state throws(ConnectionRefusal) in
            // A run of a fork was warned that it gets none.
            guard let planned = state.plannedJob(of: job), !state.withholdsSecrets(of: run) else {
                return [ResourceUse]()
            }
            let names = state.connectionNames(of: planned, job) + JobMessage.connections(of: planned, job)
            var known: Set<ResourceUse> = []
            let uses = names.compactMap { state.connectionUse($0, run.project) }.filter { known.insert($0).inserted }
            let files = state.secureFiles(of: job, in: run.project).map {
                ResourceUse(resource: ProtectedResource(.secureFile, $0.id.uuidString), name: $0.name)
            }
            for use in uses + files { try state.admit(use, run) }
            return uses
        }
        guard !uses.isEmpty else { return }
        let caller = Caller(.job(job.id, run: run.id, plan: run.planID, project: run.project))
        try await change { state, change in
            for use in uses {
                guard let id = UUID(uuidString: use.resource.id) else { continue }
                let noted = ConnectionUse(
                    run: run.id.rawValue,
                    runNumber: run.number,
                    pipeline: run.pipeline.rawValue,
                    pipelineName: run.pipelineName,
                    job: job.id.rawValue,
                    jobName: job.displayName,
                    at: change.now
                )
                state.note(noted, of: id, &change)
                let detail = "\(use.name) for the job '\(job.displayName)' of run \(run.number) of \(run.pipelineName)"
                change.audit(caller, "service-connection.use", "service-connection:\(use.resource.id)", detail)
            }
        }
    }

    /// The connections that the steps of a job name, with their secrets.
    func taskEndpoints(of job: Job, _ planned: PlannedJob, in project: ProjectID) throws -> [ServiceEndpointWire] {
        let names = Set(read { $0.connectionNames(of: planned, job) })
        guard !names.isEmpty else { return [] }
        let named = taskConnections(in: project).filter { connection in
            names.contains(connection.name.lowercased()) || names.contains(connection.id.uuidString.lowercased())
        }
        return try named.map { connection in
            ServiceEndpointWire(
                id: connection.id,
                name: connection.name,
                type: connection.type,
                url: connection.url,
                authorization: EndpointAuthorizationWire(
                    scheme: connection.scheme,
                    parameters: try parameters(of: connection).merging(ownParameters(of: connection)) { $1 }
                ),
                data: connection.taskData,
                isShared: false,
                isReady: true
            )
        }
    }

    /// What this server itself says of a federated connection.
    func ownParameters(of connection: TaskConnection) -> [String: String] {
        guard connection.kind == .federation else { return [:] }
        return [CloudParameter.issuer: tokenIssuerURL, CloudParameter.subject: subject(of: connection)]
    }

    /// The connection that a job may ask an id token for.
    ///
    /// - Throws: ``ControlError`` when there is none, ``ConnectionRefusal`` when the job may not have it.
    func taskConnection(_ name: String, for job: Job, of run: Run) throws -> TaskConnection {
        guard let known = taskConnection(name, in: run.project) else {
            throw ControlError.serviceConnectionNotFound(name)
        }
        try read { state throws(ConnectionRefusal) in
            let named = state.plannedJob(of: job).map { state.connectionNames(of: $0, job) } ?? []
            guard named.contains(known.name.lowercased()) || named.contains(known.id.uuidString.lowercased()) else {
                throw .notNamed(known.name)
            }
            try state.admit(ResourceUse(resource: known.resource, name: known.name), run)
        }
        return known
    }

    // MARK: Plans

    /// Refuses a plan whose steps name connections that are not there or that their tasks cannot use; names with macros are known only when the job begins.
    func checkConnections(of plan: RunPlan, in project: Project) throws(ControlError) {
        let tasks = taskConnections(in: project.id)
        let names = tasks.map(\.name) + serviceConnections(in: project.id).map(\.name)
        let others = serviceConnections(in: project.id).map(\.id.description)
        var problems: [Diagnostic] = []
        let jobs = plan.stages.flatMap(\.jobs)
        for step in jobs.flatMap({ $0.steps + ($0.deployment?.hooks ?? []).flatMap(\.steps) }) {
            for (input, name) in read({ $0.connectionsByInput(of: step) }) where !name.contains("$(") {
                let found = tasks.first {
                    equalIgnoringCase($0.name, name) || equalIgnoringCase($0.id.uuidString, name)
                }
                if let found {
                    let allowsAny = plan.allowsAnyConnectionKind
                    problems +=
                        ConnectionFit(connection: found, input: input, step: step).problem(allowsAny).map { [$0] } ?? []
                } else if !(names + others).contains(where: { equalIgnoringCase($0, name) }) {
                    problems.append(Self.missingConnection(name, step, among: names))
                }
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
    }

    private static func missingConnection(_ name: String, _ step: PlannedStep, among known: [String]) -> Diagnostic {
        .error(
            "service-connection.not-found",
            "\(step.place.isEmpty ? "" : "\(step.place): ")The service connection '\(name)' could not be found.",
            advice: nearName(name, among: known).map { "Did you mean '\($0)'?" }
                ?? "Make it with 'roost service-connection create-azure \(name)' or 'roost service-connection create-for-tasks \(name)'."
        )
    }
}

extension RunPlan {
    /// The variable by which a pipeline lets tasks begin with connections of a kind they do not name.
    static let anyConnectionKind = "Roost.Connections.AnyKind"

    fileprivate var allowsAnyConnectionKind: Bool {
        variables.contains {
            equalIgnoringCase($0.name, Self.anyConnectionKind) && equalIgnoringCase($0.value.text, "true")
        }
    }
}

extension ControlState {
    /// - Throws: ``ConnectionRefusal`` when a run may not use a connection.
    fileprivate func admit(_ use: ResourceUse, _ run: Run) throws(ConnectionRefusal) {
        guard isPermitted(run.pipeline, use.resource) else {
            throw .notPermitted(NotPermitted(use, pipeline: run.pipelineName))
        }
    }

    /// Names and ids of connections that the steps of a job name, in lower case, with the job's variables in them.
    func connectionNames(of planned: PlannedJob, _ job: Job) -> [String] {
        let variables = Dictionary(job.variables.map { ($0.key.lowercased(), $0.value.value) }) { first, _ in first }
        return planned.steps.flatMap(connectionInputs).map { name in
            expandMacros(name) { variables[$0.lowercased()] }.lowercased()
        }
    }

    /// What an installed task is given for inputs that take connections.
    func connectionInputs(of step: PlannedStep) -> [String] { connectionsByInput(of: step).map(\.name) }

    fileprivate func connectionsByInput(of step: PlannedStep) -> [(input: ConnectionInput, name: String)] {
        guard let task = tasks.task(id: step.task.id, version: step.task.version) else {
            return builtInConnections(of: step)
        }
        return task.manifest.inputs.filter(\.isConnection).flatMap { input in
            let given = step.input([input.name] + input.aliases) ?? input.defaultValue
            let known = ConnectionInput(name: input.name, type: input.type)
            return given.split(separator: ",").map { (known, $0.filter { $0 != " " }) }
        }
    }

    /// The same of tasks that are built into agents.
    private func builtInConnections(of step: PlannedStep) -> [(input: ConnectionInput, name: String)] {
        guard let type = TaskCatalog.task(step.task.name)?.connections else { return [] }
        let inputs = TaskManual.current.task("\(step.task.name)@\(step.task.version)")?.inputs ?? []
        return inputs.filter { $0.kind == .connection }.compactMap { input in
            step.input([input.name] + input.aliases).map { name in
                (ConnectionInput(name: input.name, type: "connectedService:\(type)"), name.filter { $0 != " " })
            }
        }
    }
}

extension PlannedStep {
    /// What is given for an input by any of its names; nil when nothing is.
    fileprivate func input(_ names: [String]) -> String? {
        inputs.first { pair in names.contains { equalIgnoringCase($0, pair.key) } }?.value
    }
}
