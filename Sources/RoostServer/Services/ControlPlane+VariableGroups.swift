import FoundationEssentials
import RoostLanguage
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Ordered by name; nil is those of all projects.
    public func variableGroups(in project: ProjectID?) -> [VariableGroup] {
        read { state in
            state.environments.groups.values.filter { project == nil || $0.project == project }
                .sorted { $0.name.lowercased() < $1.name.lowercased() }
        }
    }

    /// A variable group by its number, or by its name in a project.
    public func variableGroup(_ nameOrID: String, in project: ProjectID?) throws(ControlError) -> VariableGroup {
        try read { state throws(ControlError) in
            if let project, let known = state.environments.group(nameOrID, in: project) { return known }
            let id = Int(nameOrID).map { VariableGroupID($0) }
            guard let id, let known = state.environments.groups[id], project == nil || known.project == project else {
                throw .variableGroupNotFound(nameOrID)
            }
            return known
        }
    }

    @discardableResult
    public func createVariableGroup(
        name: String,
        description: String = "",
        variables: [String: PipelineVariable],
        vault: GroupVault? = nil,
        project: ProjectID,
        by caller: Caller
    ) async throws(ControlError) -> VariableGroup {
        try NameRule.check(name, of: "variable group")
        try Self.check(variables)
        let variables = vault == nil ? variables : Self.named(variables)
        return try await change { state, change throws(ControlError) in
            guard state.projects[project] != nil else { throw .projectNotFound(project.description) }
            guard state.environments.group(name, in: project) == nil else {
                throw .nameTaken(kind: "variable group", name: name)
            }
            state.counters.variableGroup += 1
            let group = VariableGroup(
                id: VariableGroupID(state.counters.variableGroup),
                project: project,
                name: name,
                description: description,
                variables: variables,
                vault: vault,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            state.environments.groups[group.id] = group
            change.store.append(.putVariableGroup(group))
            change.audit(caller, "variable-group.create", "variable-group:\(group.id)", name)
            state.giveOwner(of: .variableGroup(group.id), to: caller, &change)
            return group
        }
    }

    /// Changes a variable group; what runs were queued with before stays as it was.
    @discardableResult
    public func updateVariableGroup(
        _ id: VariableGroupID,
        by caller: Caller,
        _ update: @Sendable (inout VariableGroup) -> Void
    ) async throws(ControlError) -> VariableGroup {
        try await change { state, change throws(ControlError) in
            guard let known = state.environments.groups[id] else { throw .variableGroupNotFound(id.description) }
            var group = known
            update(&group)
            group.id = known.id
            group.project = known.project
            group.modifiedAt = change.now
            group.modifiedBy = caller.auditName
            try NameRule.check(group.name, of: "variable group")
            try Self.check(group.variables)
            if group.vault != nil { group.variables = Self.named(group.variables) }
            if let other = state.environments.group(group.name, in: group.project), other.id != id {
                throw .nameTaken(kind: "variable group", name: group.name)
            }
            state.environments.groups[id] = group
            change.store.append(.putVariableGroup(group))
            change.audit(caller, "variable-group.update", "variable-group:\(id)", group.name)
            return group
        }
    }

    public func deleteVariableGroup(_ id: VariableGroupID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let group = state.environments.groups.removeValue(forKey: id) else {
                throw .variableGroupNotFound(id.description)
            }
            change.store.append(.deleteVariableGroup(id))
            change.audit(caller, "variable-group.delete", "variable-group:\(id)", group.name)
            state.forgetRoles(on: .variableGroup(id), &change)
        }
    }

    /// Names alone: the values are in a vault.
    private static func named(_ variables: [String: PipelineVariable]) -> [String: PipelineVariable] {
        variables.mapValues { _ in PipelineVariable(value: "", isSecret: true) }
    }

    private static func check(_ variables: [String: PipelineVariable]) throws(ControlError) {
        var seen: Set<String> = []
        for name in variables.keys {
            guard !name.isEmpty, !name.contains("$("), !name.contains("\n"), name.count <= 256 else {
                throw .invalid(
                    what: "The name '\(name)' of a variable",
                    problem: "it is empty, too long, or holds '$(' or a line end",
                    advice: "Use letters, digits, '.', '-' and '_'."
                )
            }
            guard seen.insert(name.lowercased()).inserted else {
                throw .invalid(what: "The variable '\(name)'", problem: "it is there twice", advice: nil)
            }
        }
    }

    // MARK: Runs

    /// The variables of all groups a plan names; a mark stands for a value that is in a vault.
    ///
    /// - Throws: ``ControlError/pipelineInvalid(_:)`` naming every group that is missing and where it is named.
    func variableGroups(
        of plan: RunPlan,
        in project: Project,
        withoutSecrets: Bool
    ) throws(ControlError) -> [String: [String: PipelineVariable]] {
        guard plan.usesGroups else { return [:] }
        let stages = plan.stages
        let named = (plan.variables + stages.flatMap(\.variables) + stages.flatMap { $0.jobs.flatMap(\.variables) })
            .filter(\.isGroup)
        let known = variableGroups(in: project.id)
        var groups: [String: [String: PipelineVariable]] = [:]
        var problems: [Diagnostic] = []
        for variable in named where groups[variable.name] == nil {
            guard let group = known.first(where: { $0.name.lowercased() == variable.name.lowercased() }) else {
                problems.append(Self.missing(variable, among: known.map(\.name), in: project))
                continue
            }
            groups[variable.name] = Self.marked(group, withoutSecrets: withoutSecrets)
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
        return groups
    }

    private static func marked(_ group: VariableGroup, withoutSecrets: Bool) -> [String: PipelineVariable] {
        guard group.vault != nil else { return withoutSecrets ? group.variables.withoutSecrets : group.variables }
        guard !withoutSecrets else { return [:] }
        var marked: [String: PipelineVariable] = [:]
        for name in group.variables.keys {
            marked[name] = PipelineVariable(value: VaultMark(group: group.id, name: name).text, isSecret: true)
        }
        return marked
    }

    private static func missing(_ variable: PlannedVariable, among known: [String], in project: Project) -> Diagnostic {
        let place = variable.value.place.isEmpty ? "" : "\(variable.value.place): "
        let near = nearName(variable.name, among: known).map { "Did you mean '\($0)'?" }
        return .error(
            "variable-group.not-found",
            "\(place)Variable group '\(variable.name)' could not be found in the project '\(project.name)'.",
            advice: near ?? "Make it with 'roost variable-group create \(variable.name) NAME=VALUE'."
        )
    }
}

extension RunPlan {
    /// Whether it names a variable group; most do not, and large plans are not copied to find that out.
    fileprivate var usesGroups: Bool {
        variables.contains(where: \.isGroup)
            || stages.contains { stage in
                stage.variables.contains(where: \.isGroup)
                    || stage.jobs.contains { $0.variables.contains(where: \.isGroup) }
            }
    }
}
