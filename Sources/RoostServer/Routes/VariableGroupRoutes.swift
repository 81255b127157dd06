import FoundationEssentials
import RoostModel
import RoostWire

/// Variable groups: read below a project, written with or without one before the path.
func addVariableGroupRoutes(to table: RouteTable) {
    let base = "distributedtask/variablegroups"
    let item = "\(base)/{groupId}"
    table.get(base, access: .scope(.build)) { call in
        let pattern = call.query["groupName"].map(NamePattern.init)
        let ids = try call.query.numbers("groupIds").map { Set($0.map { VariableGroupID($0) }) }
        let found = call.plane.variableGroups(in: try call.project()?.id).filter { group in
            ids?.contains(group.id) ?? true && pattern?.matches(group.name) ?? true
        }
        return try call.list(found.prefix(max(0, try call.query.number("$top") ?? 10_000)).map(call.view))
    }
    table.post(base, access: .scope(.buildExecute)) { call in
        let draft = try await call.decode(VariableGroupWire.self)
        let project = try call.project(of: draft).id
        try call.require(.create, on: .project(project))
        let vault = try call.vault(of: draft, in: project)
        let group = try await call.plane.createVariableGroup(
            name: draft.name ?? draft.variableGroupProjectReferences?.first?.name ?? "",
            description: draft.description ?? "",
            variables: (draft.variables ?? [:]).mapValues(PipelineDraft.variable),
            vault: vault,
            project: project,
            by: call.caller
        )
        return try call.answer(call.view(group))
    }
    table.get(item, access: .scope(.build)) { call in try call.answer(call.view(call.variableGroup())) }
    table.put(item, access: .scope(.buildExecute)) { call in
        let known = try call.variableGroup()
        let draft = try await call.decode(VariableGroupWire.self)
        let vault = try call.changedVault(known, draft)
        let group = try await call.plane.updateVariableGroup(known.id, by: call.caller) {
            $0.vault = vault
            $0.take(draft)
        }
        return try call.answer(call.view(group))
    }
    table.delete(item, access: .scope(.buildExecute)) { call in
        try await call.plane.deleteVariableGroup(call.variableGroup().id, by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// The group that the path names, by its number or its name.
    fileprivate func variableGroup() throws -> VariableGroup {
        try plane.variableGroup(text("groupId"), in: project()?.id)
    }

    /// The project a new group is for: before the path, or in the body.
    fileprivate func project(of draft: VariableGroupWire) throws -> Project {
        if let project = try project() { return project }
        let reference = draft.variableGroupProjectReferences?.first?.projectReference
        guard let name = reference?.id.map({ $0.uuidString }) ?? reference?.name else { return try requiredProject() }
        return try plane.project(name)
    }

    /// A draft that says nothing of the type keeps the vault.
    fileprivate func changedVault(_ known: VariableGroup, _ draft: VariableGroupWire) throws -> GroupVault? {
        guard draft.type != nil || draft.providerData != nil else { return try keptVault(known) }
        var draft = draft
        draft.type = draft.type ?? known.wireType
        if draft.providerData == nil, draft.type?.lowercased() == known.wireType.lowercased() {
            return try keptVault(known)
        }
        return try vault(of: draft, in: known.project)
    }

    /// Other names of the same vault are other secrets, so that it is judged again.
    private func keptVault(_ known: VariableGroup) throws -> GroupVault? {
        guard known.vault != nil else { return nil }
        let draft = VariableGroupWire(type: known.wireType, providerData: known.providerData)
        return try vault(of: draft, in: known.project)
    }

    fileprivate func view(_ group: VariableGroup) -> VariableGroupWire {
        VariableGroupWire(
            id: group.id.rawValue,
            name: group.name,
            description: group.description,
            type: group.wireType,
            variables: group.variables.mapValues { variable in
                VariableValueWire(
                    value: variable.isSecret ? nil : variable.value,
                    isSecret: variable.isSecret ? true : nil
                )
            },
            providerData: group.providerData,
            isShared: false,
            createdBy: identity(group.createdBy),
            createdOn: group.createdAt,
            modifiedBy: identity(group.modifiedBy),
            modifiedOn: group.modifiedAt,
            variableGroupProjectReferences: [
                .init(
                    name: group.name,
                    description: group.description,
                    projectReference: projectReference(group.project)
                )
            ]
        )
    }
}

extension VariableGroup {
    /// Takes over what a client gives; a secret without a value keeps the one it has.
    fileprivate mutating func take(_ draft: VariableGroupWire) {
        name = draft.name ?? name
        description = draft.description ?? description
        guard let wanted = draft.variables else { return }
        let known = variables
        variables = [:]
        for (name, wire) in wanted {
            let old = known.first { $0.key.lowercased() == name.lowercased() }?.value
            var variable = PipelineDraft.variable(wire)
            if variable.isSecret, wire.value == nil, let old, old.isSecret { variable.value = old.value }
            variables[name] = variable
        }
    }
}
