import FoundationEssentials
import RoostModel

extension Call {
    /// Refuses who may not, by roles, do what the route needs.
    ///
    /// Agents, jobs and enrolments have no roles: what they reach is decided by ``RouteAccess`` alone.
    func checkRoles() async throws {
        guard let need = route.need, let holder = principal?.roleHolder else { return }
        guard !plane.holdsEverywhere(need.permission, holder) else { return }
        try plane.check(need.permission, on: await chain(of: need.target), for: holder)
    }

    /// The same for a thing that only the handler knows.
    func require(_ permission: Permission, on secured: Secured) throws(ControlError) {
        guard let holder = principal?.roleHolder else { return }
        try plane.check(permission, on: plane.chain(of: secured), for: holder)
    }

    /// Whether lists may show it to who asks.
    func sees(_ secured: Secured) -> Bool {
        guard let holder = principal?.roleHolder else { return true }
        return plane.permissions(of: holder, on: plane.chain(of: secured)).contains(.view)
    }

    /// The thing and what it is in; for something unknown what it would be in, so that the handler can say that it is not there.
    private func chain(of target: RouteNeed.Target) async throws -> [Secured] {
        guard let found = try await secured(target) else { return try plane.chain(of: ownProject()) }
        return plane.chain(of: found)
    }

    /// A project that is named before the path, or the organization.
    private func ownProject() throws -> Secured {
        // One of the organization's name needs no second mention, see ``requiredProject()``.
        if let project = try project() ?? (form == .one ? try? requiredProject() : nil) { return .project(project.id) }
        return .organization
    }

    private func secured(_ target: RouteNeed.Target) async throws -> Secured? {
        switch target {
        case .organization: return .organization
        case .pools: return .pools
        case .pool: return Int(raw("poolId")).map { .pool(PoolID($0)) } ?? .pools
        case .provider: return .provider(text("providerName"))
        case .project:
            let named = raw("projectId")
            guard !named.isEmpty else { return try ownProject() }
            return (try? plane.project(text("projectId"))).map { .project($0.id) }
        case .pipeline(let parameter): return Int(raw(parameter)).map { .pipeline(PipelineID($0)) }
        case .run: return try await pipeline(ofRun: Int(raw("buildId")).map { RunID($0) })
        case .plan:
            guard let plan = PlanID(text: raw("planId")) else { return nil }
            return try await pipeline(ofRun: try? plane.runID(plan: plan))
        case .request:
            guard let request = Int(raw("requestId")) else { return nil }
            return try await pipeline(ofRun: try? await plane.run(ofRequest: RequestID(request)))
        case .environment, .serviceConnection, .variableGroup, .secureFile: return try libraryItem(target)
        }
    }

    private func pipeline(ofRun id: RunID?) async throws -> Secured? {
        guard let id, let place = try? await plane.place(ofRun: id) else { return nil }
        return plane.read { $0.pipelines[place.pipeline] != nil } ? .pipeline(place.pipeline) : .project(place.project)
    }

    /// Those are named by id or by name, in a project or in all.
    private func libraryItem(_ target: RouteNeed.Target) throws -> Secured? {
        let project = try project()?.id ?? (form == .one ? try? requiredProject().id : nil)
        switch target {
        case .environment:
            let found = project.flatMap { try? plane.environment(text("environmentId"), in: $0) }
            return found.map { .environment($0.id) }
        case .serviceConnection:
            let name = text("endpointId")
            if let task = plane.taskConnection(name, in: project) { return .serviceConnection(task.id.uuidString) }
            return (try? plane.serviceConnection(name, in: project)).map { .serviceConnection($0.id.description) }
        case .variableGroup:
            return (try? plane.variableGroup(text("groupId"), in: project)).map { .variableGroup($0.id) }
        default:
            return .secureFile(text("secureFileId"))
        }
    }
}
