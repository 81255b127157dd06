import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Ordered by name.
    public func environments(in project: ProjectID) -> [DeploymentEnvironment] {
        read { state in
            state.environments.environments.values.filter { $0.project == project }
                .sorted { $0.name.lowercased() < $1.name.lowercased() }
        }
    }

    /// An environment of a project, by its number or its name.
    public func environment(
        _ nameOrID: String,
        in project: ProjectID
    ) throws(ControlError) -> DeploymentEnvironment {
        try read { state throws(ControlError) in
            if let known = state.environments.environment(nameOrID, in: project) { return known }
            let id = Int(nameOrID).map { EnvironmentID($0) }
            guard let id, let known = state.environments.environments[id], known.project == project else {
                throw .environmentNotFound(nameOrID)
            }
            return known
        }
    }

    /// An environment of any project.
    public func environment(_ id: EnvironmentID) throws(ControlError) -> DeploymentEnvironment {
        try read { state throws(ControlError) in
            guard let known = state.environments.environments[id] else { throw .environmentNotFound(id.description) }
            return known
        }
    }

    /// The pool an agent is in; nil when it is gone.
    public func poolOfAgent(_ id: AgentID) -> PoolID? { read { $0.agents[id]?.pool } }

    @discardableResult
    public func createEnvironment(
        name: String,
        description: String = "",
        concurrencyLimit: Int? = nil,
        project: ProjectID,
        by caller: Caller
    ) async throws(ControlError) -> DeploymentEnvironment {
        try NameRule.check(name, of: "environment")
        try Self.checkLimit(concurrencyLimit)
        return try await change { state, change throws(ControlError) in
            guard state.projects[project] != nil else { throw .projectNotFound(project.description) }
            guard state.environments.environment(name, in: project) == nil else {
                throw .nameTaken(kind: "environment", name: name)
            }
            state.counters.environment += 1
            let environment = DeploymentEnvironment(
                id: EnvironmentID(state.counters.environment),
                project: project,
                name: name,
                description: description,
                concurrencyLimit: concurrencyLimit,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            state.environments.environments[environment.id] = environment
            change.store.append(.putEnvironment(environment))
            change.audit(caller, "environment.create", "environment:\(environment.id)", name)
            state.giveOwner(of: .environment(environment.id), to: caller, &change)
            return environment
        }
    }

    /// Changes what is given; the limit's outer nil leaves it, its inner nil takes it away.
    @discardableResult
    public func updateEnvironment(
        _ id: EnvironmentID,
        name: String? = nil,
        description: String? = nil,
        concurrencyLimit: Int?? = nil,
        by caller: Caller
    ) async throws(ControlError) -> DeploymentEnvironment {
        if let name { try NameRule.check(name, of: "environment") }
        try Self.checkLimit(concurrencyLimit ?? nil)
        return try await change { state, change throws(ControlError) in
            guard var environment = state.environments.environments[id] else {
                throw .environmentNotFound(id.description)
            }
            if let name, let other = state.environments.environment(name, in: environment.project), other.id != id {
                throw .nameTaken(kind: "environment", name: name)
            }
            environment.name = name ?? environment.name
            environment.description = description ?? environment.description
            if let concurrencyLimit { environment.concurrencyLimit = concurrencyLimit }
            state.put(environment, by: caller, &change)
            change.audit(caller, "environment.update", "environment:\(id)", environment.name)
            return environment
        }
    }

    /// Removes an environment that no stage waits for or works on, with its checks and its history.
    public func deleteEnvironment(_ id: EnvironmentID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let environment = state.environments.environments[id] else {
                throw .environmentNotFound(id.description)
            }
            if let user = state.environments.openCheckpoints.first(where: { $0.environments.contains(id) }) {
                throw .inUse(
                    what: "The environment '\(environment.name)'",
                    by: "stage '\(user.stage)' of run \(user.run)"
                )
            }
            state.environments.environments[id] = nil
            state.environments.checks = state.environments.checks.filter { $0.value.environment != id }
            change.store.append(.deleteEnvironment(id))
            change.audit(caller, "environment.delete", "environment:\(id)", environment.name)
            state.forgetRoles(on: .environment(id), &change)
        }
    }

    /// Makes an agent a machine of an environment, or gives it other tags.
    @discardableResult
    public func addMachine(
        _ agent: AgentID,
        to id: EnvironmentID,
        tags: [String],
        by caller: Caller
    ) async throws(ControlError) -> DeploymentEnvironment {
        try await change { state, change throws(ControlError) in
            guard var environment = state.environments.environments[id] else {
                throw .environmentNotFound(id.description)
            }
            guard let agent = state.agents[agent] else { throw .agentNotFound(agent.description) }
            environment.machines.removeAll { $0.agent != agent.id && state.agents[$0.agent] == nil }
            if let other = environment.machines.first(where: {
                $0.agent != agent.id && $0.name.lowercased() == agent.name.lowercased()
            }) {
                throw .nameTaken(kind: "machine in this environment", name: other.name)
            }
            if let place = environment.machines.firstIndex(where: { $0.agent == agent.id }) {
                environment.machines[place].tags = tags
            } else {
                let number = (environment.machines.map(\.id).max() ?? 0) + 1
                environment.machines.append(
                    EnvironmentMachine(id: number, agent: agent.id, name: agent.name, tags: tags)
                )
            }
            state.put(environment, by: caller, &change)
            change.audit(caller, "environment.add-machine", "environment:\(id)", agent.name)
            return environment
        }
    }

    /// Takes a machine away by its number or its name.
    @discardableResult
    public func removeMachine(
        _ nameOrID: String,
        from id: EnvironmentID,
        by caller: Caller
    ) async throws(ControlError) -> DeploymentEnvironment {
        try await change { state, change throws(ControlError) in
            guard var environment = state.environments.environments[id] else {
                throw .environmentNotFound(id.description)
            }
            let place = environment.machines.firstIndex {
                $0.name.lowercased() == nameOrID.lowercased() || String($0.id) == nameOrID
            }
            guard let place else {
                throw .invalid(
                    what: "The machine '\(nameOrID)'",
                    problem: "the environment '\(environment.name)' has none of that name",
                    advice: "See its machines with 'roost environment show \(environment.name)'."
                )
            }
            let machine = environment.machines.remove(at: place)
            state.put(environment, by: caller, &change)
            change.audit(caller, "environment.remove-machine", "environment:\(id)", machine.name)
            return environment
        }
    }

    /// Newest first.
    public func deployments(to id: EnvironmentID, limit: Int) async throws(ControlError) -> [Deployment] {
        do { return try await store.deployments(to: id, limit: limit) } catch { throw .storeUnavailable(error) }
    }

    private static func checkLimit(_ limit: Int?) throws(ControlError) {
        guard let limit, limit < 1 else { return }
        throw .invalid(
            what: "The limit of an environment",
            problem: "it is \(limit)",
            advice: "Give 1 or more deployments at once."
        )
    }
}

extension ControlState {
    /// With a project go its environments, their checks, and its variable groups.
    mutating func removeEnvironments(of project: ProjectID, _ change: inout ControlChange) {
        for environment in environments.environments.values where environment.project == project {
            environments.environments[environment.id] = nil
            environments.checks = environments.checks.filter { $0.value.environment != environment.id }
            change.store.append(.deleteEnvironment(environment.id))
        }
        for group in environments.groups.values where group.project == project {
            environments.groups[group.id] = nil
            change.store.append(.deleteVariableGroup(group.id))
        }
    }

    fileprivate mutating func put(
        _ environment: DeploymentEnvironment,
        by caller: Caller,
        _ change: inout ControlChange
    ) {
        var environment = environment
        environment.modifiedAt = change.now
        environment.modifiedBy = caller.auditName
        environments.environments[environment.id] = environment
        change.store.append(.putEnvironment(environment))
        change.checksAreDirty = true
    }
}
