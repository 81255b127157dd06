import Hummingbird
import RoostModel

extension DashboardRoutes {
    /// Refuses what the person's roles do not allow; what a page is about stands in its path.
    ///
    /// Pages without one list only what the person may see.
    ///
    /// - Parameters:
    ///   - principal: who asks.
    ///   - parameters: the path's.
    ///   - permission: on the thing; `manage` for agents' pools follows from `use`.
    /// - Throws: ``ControlError/roleMissing(holder:permission:on:name:)``.
    func checkRoles(_ principal: Principal?, _ parameters: Parameters, _ permission: Permission) async throws {
        guard let holder = principal?.roleHolder, !plane.holdsEverywhere(permission, holder),
            let thing = await secured(parameters)
        else { return }
        let needed: Permission = thing.kind == .pool && permission == .use ? .manage : permission
        try plane.check(needed, on: plane.chain(of: thing), for: holder)
    }

    private func secured(_ parameters: Parameters) async -> Secured? {
        func number(_ name: String) -> Int? { parameters.get(name).flatMap { Int($0) } }
        if let run = number("run") {
            guard let place = try? await plane.place(ofRun: RunID(run)) else { return nil }
            return plane.read { $0.pipelines[place.pipeline] != nil }
                ? .pipeline(place.pipeline) : .project(place.project)
        }
        if let pipeline = number("pipeline") { return .pipeline(PipelineID(pipeline)) }
        if let pool = number("pool") { return .pool(PoolID(pool)) }
        if let connection = parameters.get("connection") { return .serviceConnection(connection) }
        return number("environment").map { .environment(EnvironmentID($0)) }
    }

    /// Whether somebody manages a thing.
    func manages(_ thing: Secured, _ request: DashboardRequest) -> Bool {
        guard let holder = request.principal?.roleHolder else { return false }
        return plane.permissions(of: holder, on: plane.chain(of: thing)).contains(.manage)
    }

    /// Whether lists show somebody a thing.
    func sees(_ thing: Secured, _ request: DashboardRequest) -> Bool {
        guard let holder = request.principal?.roleHolder else { return false }
        return plane.permissions(of: holder, on: plane.chain(of: thing)).contains(.view)
    }
}
