import FoundationEssentials
import RoostStore
public import RoostModel

extension ControlPlane {
    /// Ordered by name.
    public func projects() -> [Project] {
        read { $0.projects.values.sorted { $0.name.lowercased() < $1.name.lowercased() } }
    }

    /// A project by its name, ignoring case, or its id.
    public func project(_ nameOrID: String) throws(ControlError) -> Project {
        try read { state throws(ControlError) in
            guard let project = state.projectNamed(nameOrID) else { throw .projectNotFound(nameOrID) }
            return project
        }
    }

    /// Makes a project, with a queue for each pool that provisions itself.
    @discardableResult
    public func createProject(
        name: String,
        description: String,
        by caller: Caller
    ) async throws(ControlError) -> Project {
        try NameRule.check(name, of: "project")
        return try await change { state, change throws(ControlError) in
            guard state.projectNamed(name) == nil else { throw .nameTaken(kind: "project", name: name) }
            let project = Project(id: ProjectID(UUID()), name: name, description: description, createdAt: change.now)
            state.projects[project.id] = project
            change.store.append(.putProject(project))
            change.audit(caller, "project.create", "project:\(project.id)", name)
            state.giveOwner(of: .project(project.id), to: caller, &change)
            for pool in state.pools.values.sorted(by: { $0.id < $1.id }) where pool.autoProvision {
                state.addQueue(pool.name, pool.id, project.id, &change)
            }
            return project
        }
    }

    /// Changes what is given; the pool's outer nil leaves it, its inner nil takes it away.
    @discardableResult
    public func updateProject(
        _ id: ProjectID,
        name: String? = nil,
        description: String? = nil,
        defaultPool: PoolID?? = nil,
        by caller: Caller
    ) async throws(ControlError) -> Project {
        if let name { try NameRule.check(name, of: "project") }
        return try await change { state, change throws(ControlError) in
            guard var project = state.projects[id] else { throw .projectNotFound(id.description) }
            if let name, let other = state.projectNamed(name), other.id != id {
                throw .nameTaken(kind: "project", name: name)
            }
            if let pool = defaultPool ?? nil, state.pools[pool] == nil { throw .poolNotFound(pool.description) }
            project.name = name ?? project.name
            project.description = description ?? project.description
            if let defaultPool { project.defaultPool = defaultPool }
            state.projects[id] = project
            change.store.append(.putProject(project))
            change.audit(caller, "project.update", "project:\(id)", project.name)
            return project
        }
    }

    /// Removes a project that has no pipelines.
    public func deleteProject(_ id: ProjectID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let project = state.projects[id] else { throw .projectNotFound(id.description) }
            if let pipeline = state.pipelines.values.first(where: { $0.project == id }) {
                throw .inUse(what: "Project '\(project.name)'", by: "pipeline '\(pipeline.name)'")
            }
            state.projects[id] = nil
            for queue in state.queues.values where queue.project == id {
                state.queues[queue.id] = nil
                change.store.append(.deleteQueue(queue.id))
            }
            state.removeEnvironments(of: id, &change)
            state.removeServiceConnections(of: id, &change)
            change.store.append(.deleteProject(id))
            change.audit(caller, "project.delete", "project:\(id)", project.name)
            state.forgetRoles(on: .project(id), &change)
        }
    }
}

/// What names may be.
enum NameRule {
    /// Refuses names that could not be typed, shown or put into a path.
    static func check(_ name: String, of kind: String) throws(ControlError) {
        let what = "The name of a \(kind)"
        guard !name.isEmpty, name.first != " ", name.last != " " else {
            throw .invalid(what: what, problem: "it is empty or has blanks at an end", advice: nil)
        }
        guard name.count <= 128 else {
            throw .invalid(what: what, problem: "it is longer than 128 characters", advice: nil)
        }
        let forbidden = name.unicodeScalars.first { $0.value < 32 || "/\\:*?\"<>|;#$%&{}".unicodeScalars.contains($0) }
        if let forbidden {
            throw .invalid(
                what: what,
                problem: "the character '\(forbidden)' is not allowed",
                advice: "Use letters, digits, blanks, '-', '_', '.', '(' and ')'."
            )
        }
    }
}
