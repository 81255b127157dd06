import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Elastic pools, in the shapes of Azure DevOps and in Roost's own.
func addElasticPoolRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.agentPools)
    let manage = RouteAccess.scope(.agentPoolsManage)
    let azure = "distributedtask/elasticpools"
    table.get(azure, access: read) { call in
        try call.list(call.plane.elasticPools().filter { call.sees(.pool($0.pool)) }.map(call.azureView))
    }
    table.post(azure, access: manage) { call in try await call.createAzurePool() }
    table.get("\(azure)/{poolId}", access: read) { call in
        try call.answer(call.azureView(call.plane.elasticPool(call.poolID())))
    }
    table.patch("\(azure)/{poolId}", access: manage) { call in
        let change = try await call.decode(ElasticPoolWire.self)
        let id = try call.poolID()
        if let connection = change.serviceEndpointId, connection != (try call.plane.elasticPool(id).origin?.connection)
        {
            try await call.plane.setConnection(connection, ofElasticPool: id, by: call.caller)
        }
        let pool = try await call.plane.updateElasticPool(id, by: call.caller) { change.change(&$0) }
        return try call.answer(call.azureView(pool))
    }
    table.get("\(azure)/{poolId}/logs", access: read) { call in
        let limit = min(max(1, try call.query.number("$top") ?? 200), 10_000)
        return try call.list(await call.plane.elasticLogs(of: call.poolID(), limit: limit).map(ElasticPoolLogWire.init))
    }
    table.get("\(azure)/{poolId}/nodes", access: read) { call in
        let state = call.query["$state"]?.lowercased()
        let nodes = try call.plane.elasticInstances(of: call.poolID()).map(call.node)
        return try call.list(nodes.filter { state == nil || $0.state?.lowercased() == state })
    }
    table.patch("\(azure)/{poolId}/nodes/{elasticNodeId}", access: manage) { call in
        let wanted = try await call.decode(ElasticNodeWire.self)
        guard let kind = wanted.wish else {
            let known = "pendingReimage, pendingDelete or saved"
            throw RequestProblem.badParameter(name: "state", value: wanted.state ?? "", expected: known)
        }
        let (number, pool) = (try call.number("elasticNodeId"), try call.poolID())
        return try call.answer(call.node(await call.plane.wish(kind, ofMachine: number, in: pool, by: call.caller)))
    }
    addRoostElasticPoolRoutes(to: table)
}

private func addRoostElasticPoolRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.agentPools)
    let manage = RouteAccess.scope(.agentPoolsManage)
    let list = "roost/elasticpools"
    table.get(list, access: read) { call in
        try call.list(call.plane.elasticPools().filter { call.sees(.pool($0.pool)) }.map { try call.view($0) })
    }
    table.post(list, access: manage) { call in try await call.createElasticPool() }
    table.get("\(list)/{poolId}", access: read) { call in
        try call.answer(call.view(call.plane.elasticPool(call.poolID())))
    }
    table.patch("\(list)/{poolId}", access: manage) { call in try await call.changeElasticPool() }
    table.get("\(list)/{poolId}/status", access: read) { call in try call.answer(call.elasticStatus(call.poolID())) }
    table.post("\(list)/{poolId}/trials/{imageName}", access: manage) { call in
        let asked = try await call.decode(TrialVerdictWire.self)
        let (pool, image) = (try call.poolID(), call.text("imageName"))
        switch asked.verdict {
        case "promote", "withdraw":
            let isGood = asked.verdict == "promote"
            try await call.plane.decideTrial(of: image, in: pool, isGood: isGood, by: call.caller)
        case "readmit": try await call.plane.readmit(asked.version, of: image, in: pool, by: call.caller)
        default:
            let known = "promote, withdraw or readmit"
            throw RequestProblem.badParameter(name: "verdict", value: asked.verdict, expected: known)
        }
        return try call.answer(call.elasticStatus(pool))
    }
    table.patch("\(list)/{poolId}/machines/{number}", access: manage) { call in
        let wanted = try await call.decode(MachineWishWire.self)
        guard let kind = ElasticInstance.Wish.Kind(rawValue: wanted.wish) else {
            throw RequestProblem.badParameter(name: "wish", value: wanted.wish, expected: "reimage, delete or save")
        }
        let instance = try await call.plane.wish(
            kind,
            ofMachine: call.number("number"),
            in: call.poolID(),
            force: wanted.force ?? false,
            by: call.caller
        )
        return try call.answer(call.node(instance))
    }
    table.get("roost/providers", access: read) { call in
        var providers: [MachineProviderWire] = []
        for name in call.plane.providerNames {
            let readiness = try await call.plane.readiness(ofProvider: name)
            providers.append(MachineProviderWire(name: name, readiness, try call.plane.provider(name).traits))
        }
        return try call.list(providers)
    }
}

extension Call {
    fileprivate func azureView(_ pool: ElasticPool) -> ElasticPoolWire {
        let elastic = plane.read { $0.elastic[pool.pool] }
        let size = elastic?.instances.values.count { $0.phase.isSupply || $0.phase == .busy } ?? 0
        let attempts = elastic?.memory.failures ?? 0
        return ElasticPoolWire(pool, size: size, attempts: attempts, isHealthy: attempts == 0)
    }

    fileprivate func view(_ pool: ElasticPool, warnings: [String] = []) throws -> RoostElasticPoolWire {
        RoostElasticPoolWire(pool, name: try plane.pool(pool.pool).name, warnings: warnings)
    }

    fileprivate func node(_ instance: ElasticInstance) -> ElasticNodeWire {
        let agents = instance.agents.compactMap { try? plane.agent($0, in: instance.pool) }
        // Of a machine with several, it is what holds of all of them, and a job of any.
        let state = (
            enabled: agents.allSatisfy(\.agent.enabled), online: agents.allSatisfy(\.online),
            assigned: agents.contains { $0.assigned != nil }
        )
        return ElasticNodeWire(instance, name: plane.machineName(instance), agent: agents.isEmpty ? nil : state)
    }

    /// What a pool has, should have, and why the two differ.
    func elasticStatus(_ id: PoolID) throws -> ElasticStatusWire {
        let (pool, report) = try plane.elasticReport(of: id)
        let instances = try plane.elasticInstances(of: id)
        var status = ElasticStatusWire(
            pool,
            name: try plane.pool(id).name,
            report,
            instances.map { ($0, plane.machineName($0)) },
            images: plane.read { state in state.elastic[id].map { state.standing(of: $0) } ?? [] },
            at: Date()
        )
        status.connection = plane.elasticConnection(of: pool).map { connection in
            ElasticStatusWire.Connection(
                id: connection.id.uuidString.lowercased(),
                name: connection.name,
                project: plane.name(of: .project(connection.project)),
                problem: connection.problem
            )
        }
        return status
    }

    /// The connection of a name or an id, in the project that the draft says or that of the pool; nil when none is asked for.
    private func connection(of draft: RoostElasticPoolWire) throws -> UUID? {
        guard let name = draft.connection, !name.isEmpty else { return nil }
        let project = try (draft.connectionProject ?? draft.project).map { try plane.project($0).id }
        if project == nil, UUID(uuidString: name) == nil {
            throw ControlError.invalid(
                what: "The service connection '\(name.prefix(80))'",
                problem: "names of connections belong to a project",
                advice: "Say which: --connection-project, or --project for a pool of that project."
            )
        }
        if let task = plane.taskConnection(name, in: project) { return task.id }
        return try plane.serviceConnection(name, in: project).id.rawValue
    }

    // MARK: Making

    fileprivate func createAzurePool() async throws -> Response {
        let draft = try await decode(ElasticPoolWire.self)
        guard let name = query["poolName"], !name.isEmpty else {
            throw RequestProblem.badParameter(name: "poolName", value: "", expected: "the name of the new pool")
        }
        let project = try query["projectId"].map { try plane.project($0).id }
        let isWindows = draft.osType?.lowercased() == "windows"
        let origin = ElasticPoolOrigin(
            connection: draft.serviceEndpointId,
            connectionProject: draft.serviceEndpointScope.map { ProjectID($0) },
            resource: draft.azureId,
            system: isWindows ? .windows : .linux,
            orchestration: draft.orchestrationType?.lowercased() == "flexible" ? .flexible : .uniform
        )
        var settings = ElasticPoolSettings(max: 1, recycle: .reuse)
        draft.change(&settings)
        let pool = try await plane.createElasticPool(
            name: name,
            provider: try provider(of: draft),
            settings: settings,
            project: project,
            autoProvision: query.flag("autoProvisionProjectPools"),
            openToAll: query.flag("authorizeAllPipelines"),
            origin: origin,
            by: caller
        )
        let queue = project.flatMap { project in plane.queues(in: project).first { $0.pool == pool.pool } }
        return try answer(
            ElasticPoolCreationWire(
                agentPool: view(try plane.pool(pool.pool)),
                agentQueue: queue.map { view($0) },
                elasticPool: azureView(pool)
            )
        )
    }

    /// The engine that `azureId` names: `/providers/roost/KIND/sets/NAME` is one of this server.
    private func provider(of draft: ElasticPoolWire) throws -> String {
        if let parts = draft.azureId.flatMap({ MachineSet.parts(of: $0) }) { return parts.provider.lowercased() }
        throw ControlError.elastic(.providerUnknown(draft.azureId ?? "", known: plane.providerNames))
    }

    fileprivate func createElasticPool() async throws -> Response {
        let draft = try await decode(RoostElasticPoolWire.self)
        let project = try draft.project.map { try plane.project($0).id }
        var settings = ElasticPoolSettings(max: 1)
        let flaws = draft.settings?.change(&settings) ?? []
        guard flaws.isEmpty else { throw ControlError.elastic(.settings(InvalidElasticPool(flaws: flaws))) }
        let provider = (draft.provider ?? "").lowercased()
        let connection = try connection(of: draft)
        let pool = try await plane.createElasticPool(
            name: draft.name ?? "",
            provider: provider,
            settings: settings,
            project: project,
            autoProvision: draft.autoProvision ?? (project == nil),
            openToAll: draft.openToAll ?? true,
            origin: connection.map { ElasticPoolOrigin(connection: $0) },
            by: caller
        )
        let warnings = try await plane.readiness(ofProvider: provider).limits + imageWarnings(pool.pool)
        return try answer(view(pool, warnings: warnings))
    }

    fileprivate func changeElasticPool() async throws -> Response {
        let (draft, id) = (try await decode(RoostElasticPoolWire.self), try poolID())
        var pool = try plane.elasticPool(id)
        if let change = draft.settings {
            var trial = pool.settings
            let flaws = change.change(&trial)
            guard flaws.isEmpty else { throw ControlError.elastic(.settings(InvalidElasticPool(flaws: flaws))) }
            pool = try await plane.updateElasticPool(id, by: caller) { _ = change.change(&$0) }
        }
        if let name = draft.connection {
            let connection = name.isEmpty ? nil : try connection(of: draft)
            pool = try await plane.setConnection(connection, ofElasticPool: id, by: caller)
        }
        if let word = draft.state {
            guard let state = ElasticPool.State(rawValue: word.lowercased()), state != .deleting else {
                throw RequestProblem.badParameter(name: "state", value: word, expected: "active, paused or draining")
            }
            pool = try await plane.setState(state, ofElasticPool: id, by: caller)
        }
        return try answer(view(pool, warnings: draft.settings == nil ? [] : imageWarnings(id)))
    }

    /// Images that no machine can be made of yet, which is no error: a pipeline may be about to publish them.
    private func imageWarnings(_ id: PoolID) -> [String] {
        let images = plane.read { state in state.elastic[id].map { state.standing(of: $0) } ?? [] }
        return images.filter { $0.wanted == nil }.compactMap { image in
            image.problem.map { ScalingObstacle.noVersion(image: image.name, $0).sentence }
        }
    }
}
