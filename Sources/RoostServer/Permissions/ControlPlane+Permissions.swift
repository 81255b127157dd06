import FoundationEssentials
import RoostModel

/// What of a project is meant, with what is known of who may use it.
struct PermissionView: Sendable {
    var use: ResourceUse
    var project: ProjectID
    /// Nil: open to all pipelines, and always was.
    var permission: PipelinePermission?
}

/// What is asked of a permission.
struct PermissionDraft: Sendable {
    /// Nil stays as it is.
    var everyone: Bool?
    /// Pipelines that may, and that may not any more.
    var pipelines: [PipelineID: Bool] = [:]
}

extension ControlPlane {
    /// A thing of a project by its id or its name.
    ///
    /// - Throws: the error of the kind when there is none, such as ``ControlError/serviceConnectionNotFound(_:)``.
    func resource(
        _ kind: ProtectedResource.Kind,
        _ nameOrID: String,
        in project: ProjectID
    ) throws -> ResourceUse {
        switch kind {
        case .serviceConnection:
            let found = read { $0.connectionUse(nameOrID, project) }
            guard let found else { throw ControlError.serviceConnectionNotFound(nameOrID) }
            return found
        case .variableGroup:
            let group = try variableGroup(nameOrID, in: project)
            return ResourceUse(resource: group.resource, name: group.name)
        case .secureFile:
            let file = try secureFile(nameOrID, in: project)
            return ResourceUse(resource: ProtectedResource(.secureFile, file.id.uuidString), name: file.name)
        case .environment:
            let environment = try environment(nameOrID, in: project)
            return ResourceUse(resource: environment.resource, name: environment.name)
        case .queue:
            let wanted = nameOrID.lowercased()
            let all = queues(in: project)
            let found = all.first { $0.name.lowercased() == wanted } ?? all.first { $0.id.description == wanted }
            guard let found else { throw ControlError.queueNotFound(nameOrID) }
            return ResourceUse(resource: ProtectedResource(.queue, found.id.description), name: found.name)
        }
    }

    func permission(of use: ResourceUse, in project: ProjectID) -> PermissionView {
        PermissionView(use: use, project: project, permission: read { $0.permissions[use.resource] })
    }

    /// Lets pipelines use a thing, or takes that from them; runs that wait for it go on.
    func setPermission(
        _ draft: PermissionDraft,
        of use: ResourceUse,
        in project: ProjectID,
        by caller: Caller
    ) async throws(ControlError) -> PermissionView {
        try await change { state, change throws(ControlError) in
            let grant = PipelinePermission.Grant(by: caller.auditName, at: change.now)
            var permission = state.permissions[use.resource] ?? PipelinePermission(everyone: grant)
            if let everyone = draft.everyone { permission.everyone = everyone ? permission.everyone ?? grant : nil }
            for (id, isGiven) in draft.pipelines {
                guard let pipeline = state.pipelines[id], pipeline.project == project else {
                    throw .pipelineNotFound(id.description)
                }
                permission.set(id, isGiven ? grant : nil)
            }
            let view = PermissionView(use: use, project: project, permission: permission)
            guard permission != state.permissions[use.resource] else { return view }
            state.put(permission, of: use.resource, &change)
            let subject = "\(use.resource.kind.argument):\(use.resource.id)"
            change.audit(caller, "permission.change", subject, "\(use.name): \(Self.words(draft, state))")
            return view
        }
    }

    private static func words(_ draft: PermissionDraft, _ state: borrowing ControlState) -> String {
        var words: [String] = []
        if let everyone = draft.everyone {
            words.append(everyone ? "open to all pipelines" : "not open to all pipelines")
        }
        for (id, isGiven) in draft.pipelines.sorted(by: { $0.key < $1.key }) {
            let name = state.pipelines[id]?.name ?? id.description
            words.append("\(isGiven ? "permitted" : "no longer permitted") to '\(name)'")
        }
        return words.joined(separator: ", ")
    }

    /// Permits what a stage of a run waits for.
    ///
    /// - Parameters:
    ///   - check: of the permission.
    ///   - caller: must manage the thing.
    /// - Returns: the run.
    /// - Throws: ``ControlError`` when there is no such check, or the caller may not.
    func permit(_ check: CheckRunID, by caller: Caller) async throws(ControlError) -> RunID {
        let found = read { state in
            state.environments.checkpoint(withCheck: check).flatMap { found in
                state.runs[found.checkpoint.run].map { (found.checkpoint, found.check, $0.run.project) }
            }
        }
        guard let (checkpoint, check, project) = found, case .permission(let resource) = check.kind else {
            throw .approvalNotFound(check.description)
        }
        if let holder = caller.principal?.roleHolder {
            try self.check(.manage, on: chain(of: resource.secured ?? .project(project)), for: holder)
        }
        let use = ResourceUse(resource: resource, name: check.environmentName)
        _ = try await setPermission(
            PermissionDraft(pipelines: [checkpoint.pipeline: true]),
            of: use,
            in: project,
            by: caller
        )
        return checkpoint.run
    }
}
