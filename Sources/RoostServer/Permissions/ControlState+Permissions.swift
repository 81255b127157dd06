import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostStore

/// Something of the project that a stage of a plan uses.
struct ResourceUse: Hashable, Sendable {
    var resource: ProtectedResource
    /// As people know it.
    var name: String
}

extension PipelinePermission {
    /// Of the settings that hold them.
    static let prefix = "permission:"

    static func settingName(_ resource: ProtectedResource) -> String {
        "\(prefix)\(resource.kind.rawValue):\(resource.id)"
    }

    /// Those of a store; one that cannot be read lets nobody in.
    static func all(_ settings: [String: Data]) -> [ProtectedResource: PipelinePermission] {
        let decoder = JSONDecoder()
        var all: [ProtectedResource: PipelinePermission] = [:]
        for (name, value) in settings where name.hasPrefix(prefix) {
            let parts = name.dropFirst(prefix.count).split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = ProtectedResource.Kind(rawValue: parts[0]) else { continue }
            let permission = try? decoder.decode(PipelinePermission.self, from: value)
            all[ProtectedResource(kind, parts[1])] = permission ?? PipelinePermission()
        }
        return all
    }
}

extension ControlState {
    /// Whether a pipeline may use something; what has no permission is open to all of its project.
    func isPermitted(_ pipeline: PipelineID, _ resource: ProtectedResource) -> Bool {
        permissions[resource]?.allows(pipeline) ?? true
    }

    mutating func put(_ permission: PipelinePermission?, of resource: ProtectedResource, _ change: inout ControlChange)
    {
        permissions[resource] = permission
        let name = PipelinePermission.settingName(resource)
        // A value of this type has only numbers and texts, and dates in range, so that encoding it cannot fail.
        if let value = permission.flatMap({ try? JSONEncoder().encode($0) }) {
            change.store.append(.putSetting(name: name, value: value))
        } else {
            change.store.append(.deleteSetting(name: name))
        }
        change.checksAreDirty = true
    }

    /// With things go the permissions to use them.
    mutating func forgetPermissions(_ change: inout ControlChange) {
        for resource in permissions.keys where !isThere(resource) { put(nil, of: resource, &change) }
    }

    /// With a pipeline go its permissions.
    mutating func forgetPermissions(of pipeline: PipelineID, _ change: inout ControlChange) {
        for (resource, permission) in permissions where permission.list.contains(where: { $0.pipeline == pipeline }) {
            var permission = permission
            permission.set(pipeline, nil)
            put(permission, of: resource, &change)
        }
    }

    private func isThere(_ resource: ProtectedResource) -> Bool {
        switch resource.kind {
        case .queue: Int(resource.id).map { queues[QueueID($0)] != nil } ?? false
        default: resource.secured.map(isThere) ?? false
        }
    }

    // MARK: Stages

    /// Stages of a run that must stop at a gate: they did already, or use what their pipeline is not permitted to use.
    func guardedStages(of id: RunID) -> Set<String> {
        guard let active = runs[id] else { return [] }
        let stopped = Set((environments.checkpoints[id] ?? []).map(\.stage))
        guard !permissions.isEmpty else { return stopped }
        let uses = resourceUses(of: active)
        return stopped.union(
            active.run.plan.stages.map(\.name).filter { stage in
                (uses[stage] ?? []).contains { lacks($0, active.run) }
            }
        )
    }

    /// What a stage uses and its pipeline is not permitted to use.
    func missingPermissions(of id: RunID, stage: String, beside named: [ResourceUse]) -> [ResourceUse] {
        guard !permissions.isEmpty, let active = runs[id] else { return [] }
        let planned = resourceUses(of: active)[stage] ?? []
        return (planned + named.filter { !planned.contains($0) }).filter { lacks($0, active.run) }
    }

    /// Whether a run needs a permission that is not there; one of a fork does not get what opens something, permitted or not.
    private func lacks(_ use: ResourceUse, _ run: Run) -> Bool {
        let isOpener = [.serviceConnection, .secureFile].contains(use.resource.kind)
        return !isPermitted(run.pipeline, use.resource) && !(isOpener && withholdsSecrets(of: run))
    }

    /// Checks of open checkpoints that are permissions, and are there now.
    func permittedChecks(_ checkpoints: [Checkpoint]) -> Set<CheckRunID> {
        var permitted: Set<CheckRunID> = []
        for checkpoint in checkpoints {
            for check in checkpoint.checks where check.outcome == nil {
                guard case .permission(let resource) = check.kind else { continue }
                if isPermitted(checkpoint.pipeline, resource) { permitted.insert(check.id) }
            }
        }
        return permitted
    }

    /// Looks up what the stages of a run use, for all later plannings of it; only where something is not open to all.
    mutating func rememberUses(of id: RunID) {
        guard !permissions.isEmpty, let active = runs[id], active.resourceUses == nil else { return }
        let uses = resourceUses(of: active)
        runs[id]?.resourceUses = uses
    }

    /// Whether stages of a run may have to wait at gates; others cost nothing for it.
    func mayHaveGates(_ active: ActiveRun) -> Bool { active.usesEnvironments || !permissions.isEmpty }

    /// What the stages of a run use, by the stage.
    private func resourceUses(of active: ActiveRun) -> [String: [ResourceUse]] {
        if let known = active.resourceUses { return known }
        var uses: [String: [ResourceUse]] = [:]
        for stage in active.run.plan.stages { uses[stage.name] = resourceUses(of: stage, active.run) }
        return uses
    }

    private func resourceUses(of stage: PlannedStage, _ run: Run) -> [ResourceUse] {
        let steps = stage.jobs.flatMap { $0.steps + ($0.deployment?.hooks ?? []).flatMap(\.steps) }
        var uses = steps.flatMap(connectionInputs).compactMap { connectionUse($0, run.project) }
        uses += stage.jobs.flatMap(\.containerEndpoints).compactMap { connectionUse($0, run.project) }
        uses += secureFileInputs(of: steps).compactMap { secureFileUse($0, run.project) }
        let variables = run.plan.variables + stage.variables + stage.jobs.flatMap(\.variables)
        uses += variables.filter(\.isGroup).compactMap { group in
            environments.group(group.name, in: run.project).map { ResourceUse(resource: $0.resource, name: $0.name) }
        }
        uses += stage.jobs.compactMap { job in
            job.deployment?.environment.flatMap { environments.environment($0.name.text, in: run.project) }
        }.map { ResourceUse(resource: $0.resource, name: $0.name) }
        uses += stage.jobs.filter { $0.pool?.isServer != true }.compactMap { job in
            (try? resolvePool(job.pool, for: run).get()).flatMap { queueUse($0, run.project) }
        }
        var known: Set<ResourceUse> = []
        return uses.filter { known.insert($0).inserted }
    }

    /// The connection of a name or an id, of either kind.
    func connectionUse(_ name: String, _ project: ProjectID) -> ResourceUse? {
        let tasks = taskConnections.values.filter { $0.project == project.rawValue }
        if let found = tasks.first(where: {
            equalIgnoringCase($0.name, name) || equalIgnoringCase($0.id.uuidString, name)
        }) {
            return ResourceUse(resource: found.resource, name: found.name)
        }
        let other = serviceConnections.values.first { connection in
            connection.project == project
                && (equalIgnoringCase(connection.name, name) || equalIgnoringCase(connection.id.description, name))
        }
        return other.map { ResourceUse(resource: $0.resource, name: $0.name) }
    }

    private func secureFileUse(_ name: String, _ project: ProjectID) -> ResourceUse? {
        let found = secureFiles.values.first { file in
            file.project == project.rawValue
                && (equalIgnoringCase(file.name, name) || equalIgnoringCase(file.id.uuidString, name))
        }
        return found.map { ResourceUse(resource: ProtectedResource(.secureFile, $0.id.uuidString), name: $0.name) }
    }

    func queueUse(_ pool: PoolID, _ project: ProjectID) -> ResourceUse? {
        queues.values.first { $0.pool == pool && $0.project == project }
            .map { ResourceUse(resource: ProtectedResource(.queue, $0.id.description), name: $0.name) }
    }
}

extension PlannedJob {
    /// Connections to registries of the images it runs in.
    fileprivate var containerEndpoints: [String] {
        guard let containers else { return [] }
        let names = [containers.job?.text].compactMap(\.self) + containers.services.map(\.container.text)
        let targets = (steps + (deployment?.hooks ?? []).flatMap(\.steps)).compactMap(\.target?.container)
        return (names + targets).compactMap { containers.definition($0).endpoint }
    }
}

extension ProtectedResource {
    /// What roles are given on; nil for a queue, which its project stands for.
    var secured: Secured? {
        switch kind {
        case .serviceConnection: .serviceConnection(id)
        case .variableGroup: Int(id).map { .variableGroup(VariableGroupID($0)) }
        case .secureFile: .secureFile(id)
        case .environment: Int(id).map { .environment(EnvironmentID($0)) }
        case .queue: nil
        }
    }
}

extension TaskConnection {
    var resource: ProtectedResource { ProtectedResource(.serviceConnection, id.uuidString) }
}

extension ServiceConnection {
    var resource: ProtectedResource { ProtectedResource(.serviceConnection, id.description) }
}

extension VariableGroup {
    var resource: ProtectedResource { ProtectedResource(.variableGroup, id.description) }
}

extension DeploymentEnvironment {
    var resource: ProtectedResource { ProtectedResource(.environment, id.description) }
}
