import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

/// Environments with their checks, what waits for them, and variable groups: the part of ``ControlState`` about deployments.
struct EnvironmentState: Sendable {
    var environments: [EnvironmentID: DeploymentEnvironment] = [:]
    var checks: [CheckID: Check] = [:]
    var groups: [VariableGroupID: VariableGroup] = [:]
    /// Stops before checks of the runs in memory, oldest first.
    private(set) var checkpoints: [RunID: [Checkpoint]] = [:]
    /// Runs with an open one, so that nobody looks at the others.
    private(set) var runsWithOpenCheckpoints: Set<RunID> = []
    /// Deployments of the runs in memory.
    private(set) var deployments: [RunID: [RecordID: Deployment]] = [:]
    /// When a check may change though nothing happens.
    var nextDeadline: Date?

    init() {}

    init(_ stored: StoredState) {
        for environment in stored.environments { environments[environment.id] = environment }
        for check in stored.checks { checks[check.id] = check }
        for group in stored.variableGroups { groups[group.id] = group }
        for checkpoint in stored.checkpoints.sorted(by: { $0.createdAt < $1.createdAt }) { put(checkpoint) }
        for deployment in stored.activeDeployments { put(deployment) }
    }

    mutating func put(_ checkpoint: Checkpoint) {
        var all = checkpoints[checkpoint.run] ?? []
        if let place = all.firstIndex(where: { $0.id == checkpoint.id }) {
            all[place] = checkpoint
        } else {
            all.append(checkpoint)
        }
        checkpoints[checkpoint.run] = all
        if all.contains(where: \.isOpen) {
            runsWithOpenCheckpoints.insert(checkpoint.run)
        } else {
            runsWithOpenCheckpoints.remove(checkpoint.run)
        }
    }

    mutating func put(_ deployment: Deployment) {
        deployments[deployment.run, default: [:]][deployment.id] = deployment
    }

    mutating func forget(_ run: RunID) {
        checkpoints[run] = nil
        runsWithOpenCheckpoints.remove(run)
        deployments[run] = nil
    }

    // MARK: Look-ups

    func environment(_ name: String, in project: ProjectID) -> DeploymentEnvironment? {
        let wanted = name.lowercased()
        return environments.values.first { $0.project == project && $0.name.lowercased() == wanted }
    }

    func group(_ name: String, in project: ProjectID) -> VariableGroup? {
        let wanted = name.lowercased()
        return groups.values.first { $0.project == project && $0.name.lowercased() == wanted }
    }

    /// In the order in which they were made.
    func checks(of environment: EnvironmentID) -> [Check] {
        checks.values.filter { $0.environment == environment }.sorted { $0.id < $1.id }
    }

    func checkpoint(of run: RunID, stage: String) -> Checkpoint? {
        checkpoints[run]?.first { $0.stage == stage }
    }

    /// The checkpoint an approval belongs to.
    func checkpoint(withCheck id: CheckRunID) -> (checkpoint: Checkpoint, check: CheckRun)? {
        for checkpoint in checkpoints.values.joined() {
            if let check = checkpoint.checks.first(where: { $0.id == id }) { return (checkpoint, check) }
        }
        return nil
    }

    var openCheckpoints: [Checkpoint] {
        runsWithOpenCheckpoints.flatMap { checkpoints[$0] ?? [] }.filter(\.isOpen)
    }

    /// What the planner of checks looks at.
    func environmentsForChecks() -> [EnvironmentID: CheckSnapshot.Environment] {
        let locked = Set(checks.values.filter { $0.kind == .exclusiveLock }.map(\.environment))
        return environments.mapValues { environment in
            let isLocked = locked.contains(environment.id)
            return CheckSnapshot.Environment(
                name: environment.name,
                capacity: isLocked ? 1 : environment.concurrencyLimit,
                isLocked: isLocked
            )
        }
    }
}

extension ControlState {
    /// Environments of a project as the planner of runs knows them.
    func environmentFacts(of project: ProjectID) -> [EnvironmentFacts] {
        environments.environments.values.filter { $0.project == project }.map { environment in
            EnvironmentFacts(
                id: environment.id,
                name: environment.name,
                resources: environment.machines.compactMap { machine in
                    guard let agent = agents[machine.agent], let pool = pools[agent.pool] else { return nil }
                    return EnvironmentFacts.Resource(
                        id: machine.id,
                        name: machine.name,
                        pool: pool.name,
                        agent: agent.name,
                        tags: machine.tags
                    )
                }
            )
        }
    }

    /// All open checkpoints and what they depend on.
    func checkSnapshot() -> CheckSnapshot {
        let open = environments.openCheckpoints
        var templates: [RunID: [RequiredTemplate]] = [:]
        for checkpoint in open where checkpoint.checks.contains(where: \.needsTemplate) {
            templates[checkpoint.run] = runs[checkpoint.run].map { extendedTemplates(of: $0.run) } ?? []
        }
        var snapshot = CheckSnapshot(
            checkpoints: open,
            environments: environments.environmentsForChecks(),
            templates: templates
        )
        if !permissions.isEmpty || open.contains(where: \.hasPermissions) { snapshot.permitted = permittedChecks(open) }
        return snapshot
    }

    /// The template a run's file extends, with the repository it is in.
    private func extendedTemplates(of run: Run) -> [RequiredTemplate] {
        guard let text = run.plan.extendedTemplate else { return [] }
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        let alias = parts.count > 1 ? parts[1].lowercased() : "self"
        guard alias != "self" else {
            let folder = pipelines[run.pipeline]?.yamlPath.split(separator: "/").dropLast().joined(separator: "/") ?? ""
            let path = parts[0].hasPrefix("/") || folder.isEmpty ? parts[0] : "\(folder)/\(parts[0])"
            return [RequiredTemplate(repository: run.repository.name, ref: run.sourceBranch, path: path)]
        }
        guard let repository = run.plan.repositories.first(where: { $0.alias.lowercased() == alias }) else { return [] }
        return [RequiredTemplate(repository: repository.name, ref: repository.ref, path: parts[0])]
    }

    /// What the stages of a run wait for before they begin.
    func checkWaits(of run: RunID) -> [CheckpointWait] {
        guard environments.runsWithOpenCheckpoints.contains(run) else { return [] }
        let snapshot = checkSnapshot()
        return (environments.checkpoints[run] ?? []).filter(\.isOpen).compactMap { checkpoint in
            let reasons = explainChecks(checkpoint.id, in: snapshot)
            return reasons.isEmpty ? nil : CheckpointWait(checkpoint: checkpoint, reasons: reasons)
        }
    }
}

/// A stage that waits for its checks, and for what.
struct CheckpointWait: Sendable {
    var checkpoint: Checkpoint
    /// Not empty.
    var reasons: [CheckWait]

    var summary: WaitSummary {
        WaitSummary(
            sentence: "Stage '\(checkpoint.stage)': \(reasons.map(\.sentence).joined(separator: " "))",
            code: reasons.first?.code ?? "checks"
        )
    }
}

extension Checkpoint {
    fileprivate var hasPermissions: Bool { checks.contains { $0.check == nil } }
}

extension CheckRun {
    fileprivate var needsTemplate: Bool {
        if case .requiredTemplate = kind, outcome == nil { true } else { false }
    }
}
