import FoundationEssentials
import RoostModel
import RoostWire

/// Which pipelines may use a thing of a project.
func addPipelinePermissionRoutes(to table: RouteTable) {
    let base = "pipelines/pipelinepermissions"
    let item = "\(base)/{resourceType}/{resourceId}"
    table.get(item, .service(.required), access: .scope(.build, .project)) { call in
        let (use, project) = try call.permittedResource(call.text("resourceType"), call.text("resourceId"))
        return try call.answer(call.view(call.plane.permission(of: use, in: project)))
    }
    table.patch(item, .service(.required), access: .scope(.buildExecute)) { call in
        let draft = try await call.decode(ResourcePipelinePermissionsWire.self)
        let (use, project) = try call.permittedResource(call.text("resourceType"), call.text("resourceId"))
        try call.require(.manage, on: use.resource.secured ?? .project(project))
        let changed = try await call.plane.setPermission(draft.draft, of: use, in: project, by: call.caller)
        return try call.answer(call.view(changed))
    }
    // Several at once: all are looked at before one is changed.
    table.patch(base, .service(.required), access: .scope(.buildExecute)) { call in
        let drafts = try await call.decodeList(ResourcePipelinePermissionsWire.self)
        let found = try drafts.map { draft in
            let (use, project) = try call.permittedResource(
                draft.resource?.type ?? "",
                draft.resource?.id ?? draft.resource?.name ?? ""
            )
            try call.require(.manage, on: use.resource.secured ?? .project(project))
            return (draft, use, project)
        }
        var changed: [ResourcePipelinePermissionsWire] = []
        for (draft, use, project) in found {
            let view = try await call.plane.setPermission(draft.draft, of: use, in: project, by: call.caller)
            changed.append(call.view(view))
        }
        return try call.list(changed)
    }
}

extension Call {
    fileprivate func permittedResource(_ type: String, _ id: String) throws -> (ResourceUse, ProjectID) {
        guard let kind = ProtectedResource.Kind(rawValue: type.lowercased()) else {
            throw RequestProblem.malformed(
                place: "resourceType",
                problem:
                    "it is '\(type)', and \(ProtectedResource.Kind.allCases.map(\.rawValue).joined(separator: ", ")) are known"
            )
        }
        let project = try requiredProject().id
        return (try plane.resource(kind, id, in: project), project)
    }

    fileprivate func view(_ view: PermissionView) -> ResourcePipelinePermissionsWire {
        let resource = view.use.resource
        let everyone = view.permission.map(\.everyone)
        return ResourcePipelinePermissionsWire(
            resource: .init(type: resource.kind.rawValue, id: resource.id, name: view.use.name),
            allPipelines: .init(
                authorized: everyone.map { $0 != nil } ?? true,
                authorizedBy: everyone.flatMap { $0 }.map { identity($0.by) },
                authorizedOn: everyone.flatMap { $0 }?.at
            ),
            pipelines: (view.permission?.list ?? []).map { pipeline, grant in
                .init(
                    id: pipeline.rawValue,
                    authorized: true,
                    authorizedBy: identity(grant.by),
                    authorizedOn: grant.at
                )
            }
        )
    }
}

extension ResourcePipelinePermissionsWire {
    fileprivate var draft: PermissionDraft {
        var draft = PermissionDraft(everyone: allPipelines?.authorized)
        for pipeline in pipelines ?? [] { draft.pipelines[PipelineID(pipeline.id)] = pipeline.authorized ?? true }
        return draft
    }
}
