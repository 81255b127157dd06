import Foundation
import RoostLanguage
import RoostModel
import RoostStore

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
            state.forgetUses(of: connection.id, &change)
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
        connection.url = draft.url.flatMap { $0.isEmpty ? nil : $0 } ?? known.url
        connection.description = draft.description ?? known.description
        connection.scheme = draft.scheme ?? known.scheme
        connection.data = draft.data ?? known.data
        connection.verification = nil
        let all = Self.parameters(draft, parameters)
        connection.parameterNames = all.keys.sorted()
        if connection.isCloud { try Self.complete(&connection, all) }
        try Self.checkMove(of: known, to: connection, draft, parameters)
        connection.sealed = try sealer.seal(
            String(decoding: JSONEncoder().encode(all), as: UTF8.self),
            for: connection.place
        )
        try check(connection)
        return connection
    }

    /// What is given in the place of what is known under the same name in any letter case; hidden values stay, empty ones go.
    private static func parameters(_ draft: TaskConnectionDraft, _ known: [String: String]) -> [String: String] {
        var all = known
        for (name, value) in draft.parameters
        where value != TaskConnectionDraft.hidden && !CloudParameter.own.contains(name.lowercased()) {
            all = all.filter { !equalIgnoringCase($0.key, name) }
            all[name] = value.isEmpty ? nil : value
        }
        return all
    }

    /// What is kept secret is not sent to where somebody else chose: with another address it must be given again.
    private static func checkMove(
        of known: TaskConnection,
        to connection: TaskConnection,
        _ draft: TaskConnectionDraft,
        _ parameters: [String: String]
    ) throws(ControlError) {
        guard known.url != connection.url || known.authority != connection.authority else { return }
        let kept = parameters.keys.filter { name in
            !CloudParameter.open.contains(name.lowercased())
                && draft.parameters.allSatisfy {
                    !equalIgnoringCase($0.key, name) || $0.value == TaskConnectionDraft.hidden
                }
        }
        guard !kept.isEmpty else { return }
        let names = kept.sorted().map { "'\($0)'" }.joined(separator: ", ")
        throw .invalid(
            what: "The service connection '\(known.name)'",
            problem: "its address changes, and \(names) would be sent to the new one",
            advice: "Give \(names) again with it, or make another connection."
        )
    }

    /// Gives a connection to a cloud what follows from its cloud, and refuses one that could not sign in there.
    private static func complete(
        _ connection: inout TaskConnection,
        _ parameters: [String: String]
    ) throws(ControlError) {
        if let cloud = connection.cloud {
            connection.data = connection.data.filter { !equalIgnoringCase($0.key, Cloud.Field.environment) }
            connection.data[Cloud.Field.environment] = cloud.name
        }
        if connection.url.isEmpty {
            connection.url = connection.taskData[ignoringCase: Cloud.Field.resourceManager] ?? ""
        }
        let check = CloudConnectionCheck(connection: connection, parameters: parameters, now: Date())
        connection.certificateEnds = check.certificateEnds
        let problems = check.problems
        guard !problems.isEmpty else { return }
        throw .invalid(
            what: "The service connection '\(connection.name)'",
            problem: problems.joined(separator: "; "),
            advice: "See 'roost service-connection create-azure --help'."
        )
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
            if isNew { state.put(PipelinePermission(), of: connection.resource, &change) }
            if isNew { state.giveOwner(of: .serviceConnection(connection.id.uuidString), to: caller, &change) }
            return connection
        }
    }

    func parameters(of connection: TaskConnection) throws -> [String: String] {
        let text = try sealer.open(connection.sealed, for: connection.place)
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    // MARK: Trying

    /// Signs in as a job would, and looks at the subscription when it has one; what came of it stays with the connection.
    ///
    /// - Returns: the connection with what came of it.
    /// - Throws: ``ConnectionFailure`` where nobody but a job can try it.
    func verify(_ known: TaskConnection, by caller: Caller) async throws -> TaskConnection {
        let failure: ConnectionFailure?
        do throws(ConnectionFailure) {
            try await ConnectionTrial(plane: self, connection: known, parameters: opened(known)).run()
            failure = nil
        } catch {
            guard error.code != "service-connection.not-verifiable" else { throw error }
            failure = error
        }
        let problem = failure.map { [$0.summary, $0.advice].compactMap(\.self).joined(separator: " ") }
        var connection = known
        connection.verification = ConnectionVerification(at: Date(), by: caller.auditName, problem: problem)
        let value = try JSONEncoder().encode(connection)
        let tried = connection
        return try await change { state, change throws(ControlError) in
            // What was tried is no longer what is there.
            guard state.taskConnections[known.id] == known else { throw .serviceConnectionNotFound(known.name) }
            let connection = tried
            state.taskConnections[known.id] = connection
            change.store.append(.putSetting(name: connection.settingName, value: value))
            let subject = "service-connection:\(known.id.uuidString.lowercased())"
            change.audit(
                caller,
                "service-connection.verify",
                subject,
                failure == nil ? "it lets us in" : "it does not let us in"
            )
            return connection
        }
    }

    private func opened(_ connection: TaskConnection) throws(ConnectionFailure) -> [String: String] {
        do { return try parameters(of: connection) } catch {
            throw ConnectionFailure(
                connection: connection.name,
                kind: connection.kind,
                reason: .failed("its parameters cannot be opened with the server's key")
            )
        }
    }
}
