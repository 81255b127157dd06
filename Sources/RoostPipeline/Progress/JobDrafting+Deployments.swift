import RoostLanguage
import RoostModel

/// One job of a deployment: a hook, on a machine or for a share of the traffic when the strategy says so.
struct HookCopy {
    var run: HookRun
    /// The name of its outputs, as `dependencies.J.outputs['NAME.S.V']` gives it.
    var leg: String
    /// The machine's or the hook's pool; nil is the deployment's own.
    var pool: PlannedPool?
    /// `Environment.*` and `Strategy.*`.
    var variables: [String: String]
    /// Whether it is the one job of its deployment that people think of.
    var isOnly: Bool

    func title(_ name: String) -> String {
        guard !isOnly else { return name }
        let parts = [run.hook.rawValue, run.increment.map { "\($0)%" }, run.resource].compactMap { $0 }
        return "\(name) \(parts.joined(separator: " "))"
    }
}

extension JobDrafting {
    /// The jobs of a deployment in the order in which they run; only those that may begin at once are ready.
    func deploymentDrafts(_ planner: borrowing RunPlanner) throws(ProgressFault) -> [JobDraft] {
        guard let deployment = job.deployment else { return try drafts() }
        let target = try target(deployment, planner)
        let copies = try copies(deployment, target)
        guard !copies.isEmpty else { return try drafts() }
        try checkCount(Set(copies.compactMap(\.run.resource)).count)
        var drafts: [JobDraft] = []
        for (place, copy) in copies.enumerated() {
            let leg = MatrixLeg(name: copy.leg, variables: [])
            var draft = try draft(leg, position: place + 1, copies: copies.count, hook: copy)
            draft.readiness = .afterHooks
            drafts.append(draft)
        }
        let limit = try MachineLimit(deployment.strategy, scope)
        let turn = DeploymentTurn(limit, drafts.map { .init(hook: $0.hook, result: nil, isWaiting: true) })
        for place in turn.next.released { drafts[place].readiness = .ready }
        return drafts
    }

    // MARK: Where to

    /// An environment and the machines of it that are meant.
    private struct Target {
        var use: EnvironmentUse?
        var facts: EnvironmentFacts?
        var machines: [EnvironmentFacts.Resource] = []
    }

    private func target(
        _ deployment: PlannedDeployment,
        _ planner: borrowing RunPlanner
    ) throws(ProgressFault) -> Target {
        guard let planned = deployment.environment else {
            if case .rolling = deployment.strategy { throw noMachines(nil, place: "") }
            return Target()
        }
        let use = try planner.environmentUse(planned, scope.withLiterals(of: job))
        let facts = planner.snapshot.environments.first { PlanName($0.name) == PlanName(use.name) }
        var target = Target(use: use, facts: facts)
        // Without a server there are no environments; the names alone are known.
        guard planner.snapshot.gates != nil else { return target }
        target.machines = try machines(use, facts, deployment)
        return target
    }

    private func machines(
        _ use: EnvironmentUse,
        _ facts: EnvironmentFacts?,
        _ deployment: PlannedDeployment
    ) throws(ProgressFault) -> [EnvironmentFacts.Resource] {
        let all = facts?.resources ?? []
        if let wanted = use.resource {
            guard let machine = all.first(where: { PlanName($0.name) == PlanName(wanted) }) else {
                throw noResource(wanted, use, among: all.map(\.name))
            }
            return [machine]
        }
        guard case .rolling = deployment.strategy else { return [] }
        let tagged = all.filter { machine in
            use.tags.allSatisfy { tag in machine.tags.contains { PlanName($0) == PlanName(tag) } }
        }
        guard !tagged.isEmpty else { throw noMachines(use, place: use.place) }
        return tagged
    }

    private func noResource(_ wanted: String, _ use: EnvironmentUse, among known: [String]) -> ProgressFault {
        let near = nearName(wanted, among: known).map { "Did you mean '\($0)'?" }
        return ProgressFault(
            "environment.no-resource",
            "Job \(job.name): the resource '\(wanted)' does not exist in the environment '\(use.name)'.",
            place: use.place,
            advice: near
                ?? "Add an agent with 'roost environment add-machine \(use.name) AGENT', or name only the environment."
        )
    }

    private func noMachines(_ use: EnvironmentUse?, place: String) -> ProgressFault {
        guard let use else {
            return ProgressFault(
                "deployment.no-environment",
                "Job \(job.name): a rolling deployment needs an environment with machines, and it names none.",
                advice: "Write 'environment:' with a name and 'resourceType: virtualMachine'."
            )
        }
        let tags = use.tags.isEmpty ? "" : " with the tags \(use.tags.joined(separator: ", "))"
        return ProgressFault(
            "environment.no-machines",
            "Job \(job.name): the environment '\(use.name)' has no machines\(tags); a rolling deployment needs at least one.",
            place: place,
            advice: "Add agents with 'roost environment add-machine \(use.name) AGENT --tags TAG'."
        )
    }

    // MARK: Copies

    private func copies(_ deployment: PlannedDeployment, _ target: Target) throws(ProgressFault) -> [HookCopy] {
        let before = deployment.hooks.filter { $0.kind == .preDeploy }
        let body = deployment.hooks.filter { !$0.kind.isEnd && $0.kind != .preDeploy }
        let ends = deployment.hooks.filter { $0.kind.isEnd }
        var copies: [HookCopy] = []
        switch deployment.strategy {
        case .runOnce:
            let machine = target.machines.first
            for hook in before + body + ends { copies.append(copy(hook, deployment, target, machine: machine)) }
        case .rolling:
            // In a local run, which has no machines, the hooks run once.
            let machines = target.machines.isEmpty ? [nil] : target.machines.map(Optional.some)
            for machine in machines {
                for hook in before + body + ends { copies.append(copy(hook, deployment, target, machine: machine)) }
            }
        case .canary(let increments):
            let machine = target.machines.first
            for hook in before { copies.append(copy(hook, deployment, target, machine: machine)) }
            for share in increments.filter({ $0 < 100 }) + [100] {
                for hook in body { copies.append(copy(hook, deployment, target, share: share, machine: machine)) }
            }
            for hook in ends { copies.append(copy(hook, deployment, target, machine: machine)) }
        }
        return copies
    }

    private func copy(
        _ hook: PlannedHook,
        _ deployment: PlannedDeployment,
        _ target: Target,
        share: Int? = nil,
        machine: EnvironmentFacts.Resource?
    ) -> HookCopy {
        let run = HookRun(hook.kind, increment: share, resource: machine?.name)
        let pool = machine.map { machine in
            PlannedPool(
                name: PlannedText(machine.pool),
                demands: [PlannedText("Agent.Name -equals \(machine.agent)")]
            )
        }
        return HookCopy(
            run: run,
            leg: leg(run, deployment.strategy),
            pool: pool ?? hook.pool,
            variables: variables(run, deployment, target, machine),
            isOnly: hook.kind == .deploy && share == nil && machine == nil
        )
    }

    /// `J` of `runOnce`, `Deploy_R` with a resource, `deploy_10` of a canary, `deploy_R` of a rolling deployment; other hooks by their names.
    private func leg(_ run: HookRun, _ strategy: DeploymentStrategy) -> String {
        let name = run.hook.rawValue
        if let share = run.increment { return "\(name)_\(share)" }
        guard let resource = run.resource else {
            return strategy == .runOnce && run.hook == .deploy ? job.name : name
        }
        let isDeploy = strategy == .runOnce && run.hook == .deploy
        return "\(isDeploy ? "Deploy" : name)_\(resource)"
    }

    private func variables(
        _ run: HookRun,
        _ deployment: PlannedDeployment,
        _ target: Target,
        _ machine: EnvironmentFacts.Resource?
    ) -> [String: String] {
        var variables = ["Strategy.Name": deployment.strategy.name]
        variables["Strategy.CycleName"] =
            run.hook == .preDeploy ? "PreIteration" : (run.hook.isEnd ? "PostIteration" : "Iteration")
        if case .canary = deployment.strategy {
            variables["Strategy.Action"] =
                run.hook == .onFailure ? "reject" : (run.increment ?? 0) == 100 ? "promote" : "deploy"
            if let share = run.increment { variables["Strategy.Increment"] = String(share) }
        }
        variables["Environment.Name"] = target.use?.name
        variables["Environment.Id"] = target.facts?.id.description
        variables["Environment.ResourceName"] = machine?.name ?? target.use?.resource
        variables["Environment.ResourceId"] = machine.map { String($0.id) }
        return variables
    }
}
