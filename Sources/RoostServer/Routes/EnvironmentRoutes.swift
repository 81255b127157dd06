import FoundationEssentials
import RoostModel
import RoostWire

/// Environments, their machines and their history.
func addEnvironmentRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.build, .project)
    let manage = RouteAccess.scope(.projectManage)
    for base in ["distributedtask/environments", "pipelines/environments"] {
        let item = "\(base)/{environmentId}"
        table.get(base, .service(.required), access: read) { call in
            let pattern = call.query["name"].map(NamePattern.init)
            let all = call.plane.environments(in: try call.requiredProject().id)
            let top = max(0, try call.query.number("$top") ?? 10_000)
            return try call.list(all.filter { pattern?.matches($0.name) ?? true }.prefix(top).map(call.view))
        }
        table.post(base, .service(.required), access: manage) { call in
            let draft = try await call.decode(EnvironmentWire.self)
            let environment = try await call.plane.createEnvironment(
                name: draft.name ?? "",
                description: draft.description ?? "",
                concurrencyLimit: draft.concurrencyLimit.flatMap { $0 == 0 ? nil : $0 },
                project: call.requiredProject().id,
                by: call.caller
            )
            return try call.answer(call.view(environment))
        }
        table.get(item, .service(.required), access: read) { call in
            try call.answer(call.view(call.environment()))
        }
        table.patch(item, .service(.required), access: manage) { call in
            let change = try await call.decode(EnvironmentWire.self)
            let environment = try await call.plane.updateEnvironment(
                call.environment().id,
                name: change.name,
                description: change.description,
                // 0 takes the limit away, for an absent member means no change.
                concurrencyLimit: change.concurrencyLimit.map { $0 == 0 ? nil : $0 },
                by: call.caller
            )
            return try call.answer(call.view(environment))
        }
        table.delete(item, .service(.required), access: manage) { call in
            try await call.plane.deleteEnvironment(call.environment().id, by: call.caller)
            return call.nothing
        }
        table.get("\(item)/environmentdeploymentrecords", .service(.required), access: read) { call in
            let top = min(1000, max(1, try call.query.number("top") ?? call.query.number("$top") ?? 100))
            let history = try await call.plane.deployments(to: call.environment().id, limit: top)
            return try call.list(history.map(call.view))
        }
    }
    let machines = "roost/environments/{environmentId}/machines"
    table.post(machines, .service(.required), access: manage) { call in
        let draft = try await call.decode(EnvironmentResourceWire.self)
        guard let agent = draft.agentId else {
            throw RequestProblem.malformed(place: "agentId", problem: "the number of an agent was expected")
        }
        let environment = try await call.plane.addMachine(
            AgentID(agent),
            to: call.environment().id,
            tags: (draft.tags ?? []).filter { !$0.isEmpty },
            by: call.caller
        )
        return try call.answer(call.view(environment))
    }
    table.delete("\(machines)/{machineId}", .service(.required), access: manage) { call in
        let environment = try await call.plane.removeMachine(
            call.text("machineId"),
            from: call.environment().id,
            by: call.caller
        )
        return try call.answer(call.view(environment))
    }
}

extension Call {
    /// The environment that the path names, by its number or its name.
    func environment() throws -> DeploymentEnvironment {
        try plane.environment(text("environmentId"), in: requiredProject().id)
    }

    func view(_ environment: DeploymentEnvironment) -> EnvironmentWire {
        EnvironmentWire(
            id: environment.id.rawValue,
            name: environment.name,
            description: environment.description,
            project: projectReference(environment.project),
            resources: environment.machines.map { machine in
                EnvironmentResourceWire(
                    id: machine.id,
                    name: machine.name,
                    type: "virtualMachine",
                    tags: machine.tags,
                    agentId: machine.agent.rawValue
                )
            },
            createdBy: identity(environment.createdBy),
            createdOn: environment.createdAt,
            lastModifiedBy: identity(environment.modifiedBy),
            lastModifiedOn: environment.modifiedAt,
            concurrencyLimit: environment.concurrencyLimit
        )
    }

    func view(_ deployment: Deployment) -> EnvironmentDeploymentWire {
        EnvironmentDeploymentWire(
            id: deployment.number,
            environmentId: deployment.environment.rawValue,
            definition: ReferenceWire(id: deployment.pipeline.rawValue, name: deployment.pipelineName),
            owner: ReferenceWire(id: deployment.run.rawValue, name: deployment.runNumber),
            planType: "Build",
            stageName: deployment.stage,
            jobName: deployment.job,
            requestIdentifier: deployment.id.description,
            queueTime: deployment.queuedAt,
            startTime: deployment.queuedAt,
            finishTime: deployment.finishedAt,
            result: deployment.result?.rawValue,
            requestedBy: deployment.requestedBy
        )
    }
}

extension Deployment {
    /// Clients expect a number; the first 52 bits of the id are one that every reader of JSON keeps.
    fileprivate var number: Int {
        let bytes = id.rawValue.uuid
        let parts = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5]
        return parts.reduce(Int(bytes.6 & 0x0f)) { $0 << 8 | Int($1) }
    }
}
