import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// Projects.
func addProjectRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.project, .build, .agentPools)
    let manage = RouteAccess.scope(.projectManage)

    table.get("projects", access: read) { call in
        let all = call.plane.projects().filter { call.sees(.project($0.id)) }
        let skip = max(0, try call.query.number("$skip") ?? call.query.number("continuationToken") ?? 0)
        let top = max(1, try call.query.number("$top") ?? 1000)
        let page = all.dropFirst(skip).prefix(top)
        var response = try call.list(page.map(call.view))
        if skip + page.count < all.count { response.headers[.continuationToken] = String(skip + page.count) }
        return response
    }
    table.post("projects", access: manage) { call in
        let draft = try await call.decode(TeamProjectWire.self)
        let project = try await call.plane.createProject(
            name: draft.name ?? "",
            description: draft.description ?? "",
            by: call.caller
        )
        guard let pool = draft.defaultPool.map({ PoolID($0) }) else { return try call.answer(call.finished(project)) }
        return try call.answer(
            call.finished(await call.plane.updateProject(project.id, defaultPool: pool, by: call.caller))
        )
    }
    table.get("projects/{projectId}", access: read.or(.job(.any))) { call in
        let project = try call.plane.project(call.text("projectId"))
        if case .job(_, _, _, let own) = call.principal, own != project.id {
            throw ControlError.forbidden(what: "see project '\(project.name)'", needs: "the token of a person")
        }
        return try call.answer(call.view(project))
    }
    table.patch("projects/{projectId}", access: manage) { call in
        let change = try await call.decode(TeamProjectWire.self)
        let project = try await call.plane.updateProject(
            call.plane.project(call.text("projectId")).id,
            name: change.name,
            description: change.description,
            // 0 takes the pool away, for an absent member means no change.
            defaultPool: change.defaultPool.map { $0 == 0 ? nil : PoolID($0) },
            by: call.caller
        )
        return try call.answer(call.finished(project))
    }
    table.delete("projects/{projectId}", access: manage) { call in
        let project = try call.plane.project(call.text("projectId"))
        try await call.plane.deleteProject(project.id, by: call.caller)
        return try call.answer(call.finished(project))
    }
    // Clients ask for the operation that made or changed a project: it has ended, for the answer came after the change.
    table.get("operations/{operationId}", access: .anyone) { call in
        try call.answer(OperationView(id: call.uuid("operationId"), status: "succeeded"))
    }
}

/// An operation that has ended; its id is that of the project it was about.
private struct OperationView: Encodable {
    var id: UUID
    var status: String
}

/// A project with the outcome of the operation that changed it.
private struct ChangedProject: Encodable {
    var project: TeamProjectWire
    var status = "succeeded"

    private enum CodingKeys: String, CodingKey { case status }

    func encode(to encoder: any Encoder) throws {
        try project.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status, forKey: .status)
    }
}

extension Call {
    fileprivate func finished(_ project: Project) -> some Encodable { ChangedProject(project: view(project)) }
}
