import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Ordered by name; nil is those of all projects.
    public func serviceConnections(in project: ProjectID?) -> [ServiceConnection] {
        read { state in
            state.serviceConnections.values.filter { project == nil || $0.project == project }
                .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        }
    }

    /// A service connection by its id, or by its name.
    public func serviceConnection(
        _ nameOrID: String,
        in project: ProjectID?
    ) throws(ControlError) -> ServiceConnection {
        let id = ServiceConnectionID(text: nameOrID)
        let found = serviceConnections(in: project).first { connection in
            connection.id == id || connection.name.lowercased() == nameOrID.lowercased()
        }
        guard let found else { throw .serviceConnectionNotFound(nameOrID) }
        return found
    }

    /// The one to whose address messages of a name come.
    public func serviceConnection(webhook name: String) -> ServiceConnection? {
        read { $0.serviceConnections.values.first { $0.webhook?.name.lowercased() == name.lowercased() } }
    }

    @discardableResult
    public func createServiceConnection(
        name: String,
        description: String = "",
        webhook: IncomingWebhook? = nil,
        registry: RegistryAccount? = nil,
        project: ProjectID,
        by caller: Caller
    ) async throws(ControlError) -> ServiceConnection {
        try await change { state, change throws(ControlError) in
            guard state.projects[project] != nil else { throw .projectNotFound(project.description) }
            let connection = ServiceConnection(
                id: ServiceConnectionID(UUID()),
                project: project,
                name: name,
                description: description,
                webhook: webhook,
                registry: registry,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            try state.check(connection)
            state.put(connection, &change)
            // Messages that come in open nothing; what a job gets is for pipelines that somebody permits.
            if connection.registry != nil { state.put(PipelinePermission(), of: connection.resource, &change) }
            change.audit(caller, "service-connection.create", "service-connection:\(connection.id)", name)
            state.giveOwner(of: .serviceConnection(connection.id.description), to: caller, &change)
            return connection
        }
    }

    @discardableResult
    public func updateServiceConnection(
        _ id: ServiceConnectionID,
        by caller: Caller,
        _ update: @Sendable (inout ServiceConnection) -> Void
    ) async throws(ControlError) -> ServiceConnection {
        try await change { state, change throws(ControlError) in
            guard let known = state.serviceConnections[id] else { throw .serviceConnectionNotFound(id.description) }
            var connection = known
            update(&connection)
            connection.id = known.id
            connection.project = known.project
            try state.check(connection)
            state.put(connection, &change)
            change.audit(caller, "service-connection.update", "service-connection:\(id)", connection.name)
            return connection
        }
    }

    public func deleteServiceConnection(_ id: ServiceConnectionID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let known = state.serviceConnections.removeValue(forKey: id) else {
                throw .serviceConnectionNotFound(id.description)
            }
            change.store.append(.deleteServiceConnection(id))
            change.audit(caller, "service-connection.delete", "service-connection:\(id)", known.name)
            state.forgetUses(of: id.rawValue, &change)
            state.forgetRoles(on: .serviceConnection(id.description), &change)
        }
    }
}

extension ControlState {
    fileprivate mutating func put(_ connection: ServiceConnection, _ change: inout ControlChange) {
        serviceConnections[connection.id] = connection
        change.store.append(.putServiceConnection(connection))
    }

    /// Refuses names that are taken or could not be a part of an address, and secrets that protect nothing.
    fileprivate func check(_ connection: ServiceConnection) throws(ControlError) {
        try NameRule.check(connection.name, of: "service connection")
        let webhook = connection.webhook
        if let webhook { try Self.check(webhook) }
        if let registry = connection.registry { try Self.check(registry) }
        for other in serviceConnections.values where other.id != connection.id {
            if other.project == connection.project, other.name.lowercased() == connection.name.lowercased() {
                throw .nameTaken(kind: "service connection", name: connection.name)
            }
            if let webhook, other.webhook?.name.lowercased() == webhook.name.lowercased() {
                throw .nameTaken(kind: "webhook", name: webhook.name)
            }
        }
    }

    private static func check(_ registry: RegistryAccount) throws(ControlError) {
        guard registry.address.isEmpty || registry.username.isEmpty || registry.password.exposed.isEmpty else { return }
        throw .invalid(
            what: "The account at a registry",
            problem: "it needs an address, a user name and a password",
            advice: nil
        )
    }

    private static func check(_ webhook: IncomingWebhook) throws(ControlError) {
        try NameRule.check(webhook.name, of: "webhook")
        if webhook.name.contains(" ") {
            throw .invalid(
                what: "The name of a webhook",
                problem: "it has a blank, and is a part of an address",
                advice: "Use letters, digits, '-', '_' and '.'."
            )
        }
        guard let secret = webhook.secret else { return }
        if secret.exposed.utf8.count < 16 {
            throw .invalid(
                what: "The secret of webhook '\(webhook.name)'",
                problem: "it has fewer than 16 characters",
                advice: "Let it be made: 'roost service-connection create NAME --new-secret'."
            )
        }
        let isHeader =
            !webhook.header.isEmpty
            && webhook.header.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D
            }
        if !isHeader {
            throw .invalid(
                what: "The header of webhook '\(webhook.name)'",
                problem: "'\(webhook.header)' is no name of a header",
                advice: "GitHub's is '\(IncomingWebhook.usualHeader)'."
            )
        }
    }

    /// With their project.
    mutating func removeServiceConnections(of project: ProjectID, _ change: inout ControlChange) {
        for connection in serviceConnections.values where connection.project == project {
            serviceConnections[connection.id] = nil
            change.store.append(.deleteServiceConnection(connection.id))
            forgetUses(of: connection.id.rawValue, &change)
        }
        for connection in taskConnections.values where connection.project == project.rawValue {
            taskConnections[connection.id] = nil
            change.store.append(.deleteSetting(name: connection.settingName))
            forgetUses(of: connection.id, &change)
        }
    }
}
