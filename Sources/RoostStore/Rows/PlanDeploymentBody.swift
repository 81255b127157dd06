import RoostModel

/// The stored shape of what makes a planned job a deployment.
struct PlanDeploymentBody: Codable {
    struct Environment: Codable {
        var name: PlanBody.Text
        var resourceName: PlanBody.Text?
        var resourceID: PlanBody.Text?
        var resourceType: String?
        var tags: [String]?
    }

    struct Hook: Codable {
        var kind: PlannedHook.Kind
        var pool: PlanBody.Pool?
        var steps: [PlanStepBody]
    }

    var environment: Environment?
    /// Present in a rolling deployment; empty when it has no limit.
    var machines: PlanBody.Text?
    /// Present in a canary deployment.
    var increments: [Int]?
    var hooks: [Hook]

    init(_ deployment: PlannedDeployment) {
        environment = deployment.environment.map { Environment($0) }
        switch deployment.strategy {
        case .runOnce: break
        case .rolling(let limit): machines = PlanBody.Text(limit ?? PlannedText(""))
        case .canary(let shares): increments = shares
        }
        hooks = deployment.hooks.map { hook in
            Hook(kind: hook.kind, pool: hook.pool.map { PlanBody.Pool($0) }, steps: hook.steps.map { PlanStepBody($0) })
        }
    }

    var noun: PlannedDeployment {
        PlannedDeployment(
            environment: environment?.noun,
            strategy: strategy,
            hooks: hooks.map { PlannedHook(kind: $0.kind, pool: $0.pool?.noun, steps: $0.steps.map(\.noun)) }
        )
    }

    private var strategy: DeploymentStrategy {
        if let machines { return .rolling(maxParallel: machines.text.isEmpty ? nil : machines.noun) }
        return increments.map { .canary(increments: $0) } ?? .runOnce
    }
}

extension PlanDeploymentBody.Environment {
    init(_ environment: PlannedEnvironment) {
        name = PlanBody.Text(environment.name)
        resourceName = environment.resourceName.map { PlanBody.Text($0) }
        resourceID = environment.resourceID.map { PlanBody.Text($0) }
        resourceType = environment.resourceType
        tags = environment.tags.isEmpty ? nil : environment.tags
    }

    var noun: PlannedEnvironment {
        PlannedEnvironment(
            name: name.noun,
            resourceName: resourceName?.noun,
            resourceID: resourceID?.noun,
            resourceType: resourceType,
            tags: tags ?? []
        )
    }
}
