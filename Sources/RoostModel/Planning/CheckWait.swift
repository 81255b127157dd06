public import FoundationEssentials

/// What a checkpoint waits for; one true reason each.
public enum CheckWait: Hashable, Sendable {
    case approval(of: [String], needed: Int, environment: String, since: Date)
    case businessHours(String, environment: String)
    /// Held by a stage of a run.
    case lock(environment: String, heldBy: RunID, stage: String)
    /// The environment's limit is reached.
    case limit(environment: String, limit: Int)
    /// Others waited longer.
    case behind(environment: String, run: RunID)
    /// A person permits the pipeline to use a thing.
    case permission(ProtectedResource.Kind, name: String, pipeline: PipelineID)

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .approval: "approval"
        case .businessHours: "business-hours"
        case .lock: "exclusive-lock"
        case .limit: "environment-limit"
        case .behind: "environment-queue"
        case .permission: "permission"
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .approval(let names, let needed, let environment, let since):
            "Waits for the approval of \(Self.people(names, needed)) for the environment '\(environment)' since \(Self.time(since)) UTC."
        case .businessHours(let hours, let environment):
            "Waits for the business hours of the environment '\(environment)': \(hours)."
        case .lock(let environment, let run, let stage):
            "Waits for the exclusive lock of the environment '\(environment)', held by stage '\(stage)' of run \(run)."
        case .limit(let environment, let limit):
            "The environment '\(environment)' takes at most \(limit) deployment\(limit == 1 ? "" : "s") at once."
        case .behind(let environment, let run):
            "Run \(run) waits longer for the environment '\(environment)'."
        case .permission(let kind, let name, let pipeline):
            "Waits for permission to use the \(kind.word) '\(name)': whoever manages it permits it on the page of the run, or with 'roost permission permit \(kind.argument) \(name) --pipeline \(pipeline)'."
        }
    }

    private static func people(_ names: [String], _ needed: Int) -> String {
        guard names.count > 1 else { return names.first ?? "nobody" }
        let list = names.joined(separator: ", ")
        return needed >= names.count ? "\(list) (all)" : "\(needed) of \(list)"
    }

    /// `2026-11-24 09:30`.
    private static func time(_ date: Date) -> String {
        String(date.formatted(.iso8601).prefix(16)).replacing("T", with: " ")
    }
}

/// Says what an open checkpoint waits for.
///
/// - Parameters:
///   - id: the checkpoint.
///   - snapshot: all open ones.
/// - Returns: every reason there is now; empty when it waits for nothing.
public func explainChecks(_ id: CheckpointID, in snapshot: CheckSnapshot) -> [CheckWait] {
    guard let checkpoint = snapshot.checkpoints.first(where: { $0.id == id }) else { return [] }
    switch checkpoint.state {
    case .checking: return checkpoint.checks.compactMap { $0.wait(of: checkpoint.pipeline) }
    case .queued: return explainQueue(checkpoint, snapshot)
    case .passed, .refused, .released: return []
    }
}

extension CheckRun {
    fileprivate func wait(of pipeline: PipelineID) -> CheckWait? {
        guard outcome == nil else { return nil }
        switch kind {
        case .approval(let policy):
            let open = policy.isInOrder ? Array(openApprovers.prefix(1)) : openApprovers
            return .approval(
                of: open,
                needed: max(1, policy.needed - decisions.count),
                environment: environmentName,
                since: beganAt
            )
        case .businessHours(let hours): return .businessHours(hours.text, environment: environmentName)
        case .permission(let resource):
            return .permission(resource.kind, name: environmentName, pipeline: pipeline)
        case .exclusiveLock, .branchControl, .requiredTemplate: return nil
        }
    }
}

private func explainQueue(_ checkpoint: Checkpoint, _ snapshot: CheckSnapshot) -> [CheckWait] {
    var waits: [CheckWait] = []
    for id in checkpoint.environments {
        guard let environment = snapshot.environments[id], let capacity = environment.capacity else { continue }
        let holders = snapshot.checkpoints.filter { other in
            if case .passed = other.state { other.environments.contains(id) } else { false }
        }
        if environment.isLocked, let holder = holders.first {
            waits.append(.lock(environment: environment.name, heldBy: holder.run, stage: holder.stage))
        } else if holders.count >= capacity {
            waits.append(.limit(environment: environment.name, limit: capacity))
        } else if let earlier = snapshot.checkpoints.first(where: { $0.isQueued(before: checkpoint, for: id) }) {
            waits.append(.behind(environment: environment.name, run: earlier.run))
        }
    }
    return waits
}

extension Checkpoint {
    fileprivate func isQueued(before other: Checkpoint, for environment: EnvironmentID) -> Bool {
        guard case .queued(let since) = state, case .queued(let later) = other.state, id != other.id else {
            return false
        }
        return environments.contains(environment) && (since, run) < (later, other.run)
    }
}
