import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostStore
import RoostWire

extension ControlPlane {
    /// Connections for tasks, by name; nil is those of all projects.
    func taskConnections(in project: ProjectID?) -> [TaskConnection] {
        read { state in
            state.taskConnections.values.filter { project == nil || $0.project == project?.rawValue }
                .sorted { ($0.name.lowercased(), $0.id.uuidString) < ($1.name.lowercased(), $1.id.uuidString) }
        }
    }

    /// One by its id or its name; nil when there is none.
    func taskConnection(_ nameOrID: String, in project: ProjectID?) -> TaskConnection? {
        let all = taskConnections(in: project)
        let wanted = nameOrID.lowercased()
        return all.first { $0.id.uuidString.lowercased() == wanted } ?? all.first { $0.name.lowercased() == wanted }
    }

    func createTaskConnection(
        _ draft: TaskConnectionDraft,
        in project: ProjectID,
        by caller: Caller
    ) async throws -> TaskConnection {
        let empty = TaskConnection(
            id: UUID(),
            project: project.rawValue,
            name: "",
            type: "",
            url: "",
            description: "",
            scheme: "None",
            data: [:],
            sealed: Data(),
            parameterNames: [],
            createdAt: Date(),
            createdBy: caller.auditName
        )
        return try await keep(applying(draft, to: empty, [:]), "service-connection.create", by: caller)
    }

    func updateTaskConnection(
        _ known: TaskConnection,
        _ draft: TaskConnectionDraft,
        by caller: Caller
    ) async throws -> TaskConnection {
        try await keep(applying(draft, to: known, parameters(of: known)), "service-connection.update", by: caller)
    }

    func deleteTaskConnection(_ connection: TaskConnection, by caller: Caller) async throws {
        try await change { state, change in
            state.taskConnections[connection.id] = nil
            change.store.append(.deleteSetting(name: connection.settingName))
            let subject = "service-connection:\(connection.id.uuidString.lowercased())"
            change.audit(caller, "service-connection.delete", subject, connection.name)
            state.forgetRoles(on: .serviceConnection(connection.id.uuidString), &change)
        }
    }

    private func applying(
        _ draft: TaskConnectionDraft,
        to known: TaskConnection,
        _ parameters: [String: String]
    ) throws -> TaskConnection {
        var connection = known
        connection.name = draft.name ?? known.name
        connection.type = (draft.type ?? known.type).lowercased()
        connection.url = draft.url ?? known.url
        connection.description = draft.description ?? known.description
        connection.scheme = draft.scheme ?? known.scheme
        connection.data = draft.data ?? known.data
        let given = draft.parameters.filter { $0.value != TaskConnectionDraft.hidden }
        let all = parameters.merging(given) { $1 }.filter { !$0.value.isEmpty }
        connection.parameterNames = all.keys.sorted()
        connection.sealed = try sealer.seal(
            String(decoding: JSONEncoder().encode(all), as: UTF8.self),
            for: connection.place
        )
        try check(connection)
        return connection
    }

    private func check(_ connection: TaskConnection) throws(ControlError) {
        try NameRule.check(connection.name, of: "service connection")
        guard URL(string: connection.url)?.scheme != nil else {
            throw .invalid(
                what: "The service connection '\(connection.name)'",
                problem: "its address '\(connection.url)' is no URL",
                advice: "Write it as https://host/path."
            )
        }
        let project = ProjectID(connection.project)
        let isTaken =
            taskConnections(in: project).contains {
                $0.id != connection.id && equalIgnoringCase($0.name, connection.name)
            } || serviceConnections(in: project).contains { equalIgnoringCase($0.name, connection.name) }
        if isTaken { throw .nameTaken(kind: "service connection", name: connection.name) }
    }

    private func keep(_ connection: TaskConnection, _ action: String, by caller: Caller) async throws -> TaskConnection
    {
        let value = try JSONEncoder().encode(connection)
        return try await change { state, change in
            let isNew = state.taskConnections.updateValue(connection, forKey: connection.id) == nil
            change.store.append(.putSetting(name: connection.settingName, value: value))
            let subject = "service-connection:\(connection.id.uuidString.lowercased())"
            change.audit(caller, action, subject, connection.name)
            if isNew { state.giveOwner(of: .serviceConnection(connection.id.uuidString), to: caller, &change) }
            return connection
        }
    }

    func parameters(of connection: TaskConnection) throws -> [String: String] {
        let text = try sealer.open(connection.sealed, for: connection.place)
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    // MARK: Jobs

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
                    parameters: try parameters(of: connection)
                ),
                data: connection.data,
                isShared: false,
                isReady: true
            )
        }
    }

    /// Refuses a plan whose steps name connections that are not there; names with macros are known only when the job begins.
    func checkConnections(of plan: RunPlan, in project: Project) throws(ControlError) {
        let ids = taskConnections(in: project.id).map { $0.id.uuidString }
        let own = taskConnections(in: project.id).map(\.name) + serviceConnections(in: project.id).map(\.name)
        var problems: [Diagnostic] = []
        for step in plan.stages.flatMap(\.jobs).flatMap(\.steps) {
            for name in read({ $0.connectionInputs(of: step) }) where !name.contains("$(") {
                guard !(own + ids).contains(where: { equalIgnoringCase($0, name) }) else { continue }
                problems.append(Self.missingConnection(name, step, among: own))
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
    }

    private static func missingConnection(_ name: String, _ step: PlannedStep, among known: [String]) -> Diagnostic {
        .error(
            "service-connection.not-found",
            "\(step.place.isEmpty ? "" : "\(step.place): ")The service connection '\(name)' could not be found.",
            advice: nearName(name, among: known).map { "Did you mean '\($0)'?" }
                ?? "Make it with 'roost service-connection create-for-tasks \(name)'."
        )
    }
}

extension ControlState {
    /// Names and ids of connections that the steps of a job name, in lower case, with the job's variables in them.
    fileprivate func connectionNames(of planned: PlannedJob, _ job: Job) -> [String] {
        let variables = Dictionary(job.variables.map { ($0.key.lowercased(), $0.value.value) }) { first, _ in first }
        return planned.steps.flatMap(connectionInputs).map { name in
            expandMacros(name) { variables[$0.lowercased()] }.lowercased()
        }
    }

    /// What an installed task is given for inputs that take connections.
    fileprivate func connectionInputs(of step: PlannedStep) -> [String] {
        guard let task = tasks.task(id: step.task.id, version: step.task.version) else { return [] }
        return task.manifest.inputs.filter(\.isConnection).flatMap { input -> [String] in
            let names = [input.name] + input.aliases
            let given = step.inputs.first { pair in names.contains { equalIgnoringCase($0, pair.key) } }?.value
            return (given ?? input.defaultValue).split(separator: ",").map { $0.filter { $0 != " " } }
        }
    }
}
