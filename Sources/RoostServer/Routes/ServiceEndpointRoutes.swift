import FoundationEssentials
import RoostModel
import RoostWire

/// Service connections, which the API calls service endpoints: with or without a project before the path.
func addServiceEndpointRoutes(to table: RouteTable) {
    let base = "serviceendpoint/endpoints"
    let item = "\(base)/{endpointId}"
    table.get(base, .service(.optional), access: .scope(.build)) { call in
        let names = call.query.list("endpointNames").map { Set($0.map { $0.lowercased() }) }
        let ids = call.query.list("endpointIds").map { Set($0.map { $0.lowercased() }) }
        let type = call.query["type"]?.lowercased()
        let found = call.plane.serviceConnections(in: try call.project()?.id).filter { connection in
            names?.contains(connection.name.lowercased()) ?? true
                && ids?.contains(connection.id.description.lowercased()) ?? true
                && (type == nil || type == connection.type)
        }
        return try call.list(found.map { call.view($0) } + call.taskConnectionViews())
    }
    table.post(base, .service(.optional), access: .scope(.buildExecute)) { call in
        let draft = try await call.decode(ServiceConnectionWire.self)
        try call.require(.create, on: .project(call.project(of: draft).id))
        if draft.isForTasks {
            let project = try call.project(of: draft).id
            return try call.answer(
                call.view(await call.plane.createTaskConnection(draft.taskDraft, in: project, by: call.caller))
            )
        }
        let use = draft.serviceEndpointProjectReferences?.first
        let made = try await call.plane.createServiceConnection(
            name: draft.name ?? use?.name ?? "",
            description: draft.description ?? use?.description ?? "",
            webhook: draft.isRegistry ? nil : call.webhook(of: draft, nil),
            registry: draft.isRegistry ? call.registry(of: draft, nil) : nil,
            project: call.project(of: draft).id,
            by: call.caller
        )
        return try call.answer(call.view(made, showsSecret: draft.makeSecret == true))
    }
    table.get(item, .service(.optional), access: .scope(.build)) { call in
        if let known = try call.taskConnection() { return try call.answer(call.view(known)) }
        return try call.answer(call.view(call.serviceConnection()))
    }
    table.put(item, .service(.optional), access: .scope(.buildExecute)) { call in
        if let known = try call.taskConnection() {
            let draft = try await call.decode(ServiceConnectionWire.self).taskDraft
            return try call.answer(
                call.view(await call.plane.updateTaskConnection(known, draft, by: call.caller))
            )
        }
        let known = try call.serviceConnection()
        let draft = try await call.decode(ServiceConnectionWire.self)
        let isRegistry = known.registry != nil
        let webhook = isRegistry ? nil : try call.webhook(of: draft, known.webhook)
        let registry = isRegistry ? try call.registry(of: draft, known.registry) : nil
        let changed = try await call.plane.updateServiceConnection(known.id, by: call.caller) { connection in
            connection.name = draft.name ?? connection.name
            connection.description = draft.description ?? connection.description
            connection.webhook = webhook
            connection.registry = registry
        }
        return try call.answer(call.view(changed, showsSecret: draft.makeSecret == true))
    }
    table.post("serviceendpoint/endpointproxy", .service(.required), access: .scope(.buildExecute)) { call in
        let request = try await call.decode(EndpointRequestWire.self)
        return try call.answer(await call.result(of: request))
    }
    table.get("serviceendpoint/{endpointId}/executionhistory", .service(.required), access: .scope(.build)) { call in
        let top = try call.query.number("top") ?? ConnectionUse.limit
        let id = try call.taskConnection()?.id ?? call.serviceConnection().id.rawValue
        return try call.list(call.plane.uses(of: id).prefix(max(0, top)).map { $0.wire(id) })
    }
    table.delete(item, .service(.optional), access: .scope(.buildExecute)) { call in
        if let known = try call.taskConnection() {
            try await call.plane.deleteTaskConnection(known, by: call.caller)
            return call.nothing
        }
        try await call.plane.deleteServiceConnection(call.serviceConnection().id, by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// Does what a client asks with the connection that the query names.
    fileprivate func result(of request: EndpointRequestWire) async throws -> EndpointRequestResultWire {
        let source = request.dataSourceDetails?.dataSourceName ?? ""
        guard source.lowercased() == "testconnection" else {
            throw RequestProblem.malformed(
                place: "dataSourceDetails.dataSourceName",
                problem: "only 'TestConnection' is known, and it is '\(source)'"
            )
        }
        guard let name = query["endpointId"] else {
            throw RequestProblem.malformed(place: "endpointId", problem: "the id of a service connection was expected")
        }
        let project = try requiredProject().id
        guard let known = plane.taskConnection(name, in: project) else {
            let other = try plane.serviceConnection(name, in: project)
            throw ConnectionFailure(
                connection: other.name,
                kind: other.registry == nil ? .none : .secret,
                reason: .notVerifiable(type: other.type)
            )
        }
        try require(.manage, on: .serviceConnection(known.id.uuidString))
        let tried = try await plane.verify(known, by: caller)
        let problem = tried.verification?.problem
        return EndpointRequestResultWire(
            errorMessage: problem ?? "",
            result: [],
            statusCode: problem == nil ? "ok" : "badRequest"
        )
    }

    fileprivate static let webhookType = "incomingwebhook"

    /// The connection that the path names, by its id or its name.
    fileprivate func serviceConnection() throws -> ServiceConnection {
        try plane.serviceConnection(text("endpointId"), in: project()?.id)
    }

    /// The project a new connection is for: before the path, or in the body.
    fileprivate func project(of draft: ServiceConnectionWire) throws -> Project {
        if let project = try project() { return project }
        let reference = draft.serviceEndpointProjectReferences?.first?.projectReference
        guard let name = reference?.id.map({ "\($0)" }) ?? reference?.name else { return try requiredProject() }
        return try plane.project(name)
    }

    /// What a client says of the webhook; a secret that is not given stays what it is, an empty one ends it.
    fileprivate func webhook(of draft: ServiceConnectionWire, _ known: IncomingWebhook?) throws -> IncomingWebhook {
        if let type = draft.type, type.lowercased() != Self.webhookType {
            throw RequestProblem.malformed(
                place: "type",
                problem:
                    "only connections of the types '\(Self.webhookType)' and '\(ServiceConnection.registryType)' are known, and it is '\(type)'"
            )
        }
        let parameters = draft.authorization?.parameters ?? [:]
        func given(_ key: String) -> String? { parameters.first { $0.key.lowercased() == key }?.value }
        guard let name = given("webhookname") ?? known?.name else {
            throw RequestProblem.malformed(
                place: "authorization.parameters.webhookname",
                problem: "the name of the webhook was expected"
            )
        }
        let made = draft.makeSecret == true ? Secret(PersonalToken.make().exposed) : nil
        let secret = made ?? given("secret").map { $0.isEmpty ? nil : Secret($0) } ?? known?.secret
        let header = given("header").flatMap { $0.isEmpty ? nil : $0 } ?? known?.header
        return IncomingWebhook(name: name, secret: secret, header: header ?? IncomingWebhook.usualHeader)
    }

    /// What a client says of an account at a registry; what is not given stays.
    fileprivate func registry(of draft: ServiceConnectionWire, _ known: RegistryAccount?) throws -> RegistryAccount {
        if let type = draft.type, type.lowercased() != ServiceConnection.registryType {
            throw RequestProblem.malformed(place: "type", problem: "the connection is of another type already")
        }
        let parameters = draft.authorization?.parameters ?? [:]
        func given(_ key: String) -> String? { parameters.first { $0.key.lowercased() == key }?.value }
        return RegistryAccount(
            address: given("registry") ?? draft.url ?? known?.address ?? "",
            username: given("username") ?? known?.username ?? "",
            password: given("password").map { Secret($0) } ?? known?.password ?? Secret("")
        )
    }

    fileprivate func view(_ connection: ServiceConnection, showsSecret: Bool = false) -> ServiceConnectionWire {
        if let registry = connection.registry { return view(connection, registry) }
        let webhook = connection.webhook ?? IncomingWebhook(name: connection.name)
        let name = PercentCoding.encode(webhook.name)
        var parameters = ["webhookname": webhook.name, "header": webhook.header]
        if showsSecret { parameters["secret"] = webhook.secret?.exposed }
        return ServiceConnectionWire(
            id: connection.id.rawValue,
            name: connection.name,
            type: Self.webhookType,
            url: "\(services.address)_apis/public/distributedtask/webhooks/\(name)",
            description: connection.description,
            authorization: EndpointAuthorizationWire(scheme: "None", parameters: parameters),
            data: ["hasSecret": webhook.secret == nil ? "false" : "true"],
            isShared: false,
            isReady: true,
            owner: "library",
            createdBy: identity(connection.createdBy),
            serviceEndpointProjectReferences: uses(of: connection)
        )
    }

    /// Without the password.
    private func view(_ connection: ServiceConnection, _ registry: RegistryAccount) -> ServiceConnectionWire {
        ServiceConnectionWire(
            id: connection.id.rawValue,
            name: connection.name,
            type: ServiceConnection.registryType,
            url: registry.address,
            description: connection.description,
            authorization: EndpointAuthorizationWire(
                scheme: "UsernamePassword",
                parameters: ["registry": registry.address, "username": registry.username]
            ),
            data: ["registrytype": "Others"],
            isShared: false,
            isReady: true,
            owner: "library",
            createdBy: identity(connection.createdBy),
            serviceEndpointProjectReferences: uses(of: connection)
        )
    }

    private func uses(of connection: ServiceConnection) -> [ServiceConnectionWire.ProjectUse] {
        [
            .init(
                name: connection.name,
                description: connection.description,
                projectReference: projectReference(connection.project)
            )
        ]
    }
}

extension ServiceConnection {
    static let registryType = "dockerregistry"

    fileprivate var type: String { registry == nil ? Call.webhookType : Self.registryType }
}

extension ServiceConnectionWire {
    fileprivate var isRegistry: Bool { type?.lowercased() == ServiceConnection.registryType }
}
