public import FoundationEssentials

/// All checkpoints that are open, and what they wait for.
public struct CheckSnapshot: Hashable, Sendable {
    /// An environment as far as checks depend on it.
    public struct Environment: Hashable, Sendable {
        public var name: String
        /// Most stages that work on it at once; 1 with an exclusive lock, nil is no limit.
        public var capacity: Int?
        public var isLocked: Bool

        public init(name: String, capacity: Int? = nil, isLocked: Bool = false) {
            self.name = name
            self.capacity = capacity
            self.isLocked = isLocked
        }
    }

    public var checkpoints: [Checkpoint]
    public var environments: [EnvironmentID: Environment]
    /// Templates each run extends; needed for runs that must extend one.
    public var templates: [RunID: [RequiredTemplate]]
    /// Permissions that are there now.
    public var permitted: Set<CheckRunID> = []

    public init(
        checkpoints: [Checkpoint],
        environments: [EnvironmentID: Environment],
        templates: [RunID: [RequiredTemplate]] = [:]
    ) {
        self.checkpoints = checkpoints
        self.environments = environments
        self.templates = templates
    }
}

/// What becomes of a checkpoint or of a check of it, and why.
public enum CheckDecision: Hashable, Sendable {
    /// A check has its outcome.
    case end(CheckpointID, CheckRunID, CheckOutcome)
    /// All checks passed; it waits for locks and limits from now on.
    case enqueue(CheckpointID)
    /// The stage may begin.
    case pass(CheckpointID)
    /// The stage never begins.
    case refuse(CheckpointID, CheckRefusal)
}

/// What to do about checks now.
public struct CheckPlan: Hashable, Sendable {
    public var decisions: [CheckDecision]
    /// When to plan again though nothing happened.
    public var nextDeadline: Date?
}

/// Decides what can be decided about the open checkpoints.
///
/// A checkpoint passes in this order: what is known at once (branch, template), permissions, approvals and business hours beside each other, then
/// locks and limits of all its environments together, so that two stages never wait for each other. Who waited longer goes first; a
/// later one overtakes only when it needs nothing the earlier one waits for. With ``LockBehavior/runLatest`` an older run of the same
/// pipeline that still waits gives way to a newer one; one that holds a lock keeps it.
///
/// - Parameters:
///   - snapshot: open checkpoints; others are left alone.
///   - now: the moment.
/// - Returns: decisions in an order in which they can be applied; none when planned again.
public func planChecks(_ snapshot: CheckSnapshot, at now: Date) -> CheckPlan {
    var planner = CheckPlanner(snapshot: snapshot, now: now)
    planner.run()
    return CheckPlan(decisions: planner.decisions, nextDeadline: planner.nextDeadline)
}

private struct CheckPlanner {
    var snapshot: CheckSnapshot
    let now: Date
    private(set) var decisions: [CheckDecision] = []
    private(set) var nextDeadline: Date?

    init(snapshot: CheckSnapshot, now: Date) {
        self.snapshot = snapshot
        self.now = now
    }

    mutating func run() {
        for place in snapshot.checkpoints.indices where snapshot.checkpoints[place].state == .checking { check(place) }
        supersede()
        grant()
    }

    private mutating func decide(_ decision: CheckDecision, _ place: Int) {
        decisions.append(decision)
        snapshot.checkpoints[place].apply(decision, at: now)
    }

    private mutating func wake(at moment: Date?) {
        guard let moment else { return }
        nextDeadline = min(nextDeadline ?? moment, moment)
    }

    // MARK: Checks

    private mutating func check(_ place: Int) {
        let checkpoint = snapshot.checkpoints[place]
        for check in checkpoint.checks where check.outcome == nil {
            guard let refusal = atOnce(check, checkpoint) else { continue }
            decide(.end(checkpoint.id, check.id, .failed(at: now)), place)
            return decide(.refuse(checkpoint.id, refusal), place)
        }
        for check in checkpoint.checks where check.outcome == nil {
            switch judge(check) {
            case .passed: decide(.end(checkpoint.id, check.id, .passed(at: now)), place)
            case .open: wake(at: check.deadline)
            case .refused(let refusal, let outcome):
                decide(.end(checkpoint.id, check.id, outcome), place)
                return decide(.refuse(checkpoint.id, refusal), place)
            }
        }
        let isDone = snapshot.checkpoints[place].checks.allSatisfy { $0.outcome != nil || $0.kind == .exclusiveLock }
        if isDone { decide(.enqueue(checkpoint.id), place) }
    }

    /// What is known without waiting.
    private func atOnce(_ check: CheckRun, _ checkpoint: Checkpoint) -> CheckRefusal? {
        switch check.kind {
        case .branchControl(let control) where !control.allows(checkpoint.branch):
            return .branchNotAllowed(
                branch: checkpoint.branch,
                environment: check.environmentName,
                allowed: control.allowedBranches
            )
        case .requiredTemplate(let required):
            let used = snapshot.templates[checkpoint.run] ?? []
            guard !required.contains(where: { wanted in used.contains { wanted.isMet(by: $0) } }) else { return nil }
            return .templateMissing(environment: check.environmentName, required: required.map(\.text))
        default: return nil
        }
    }

    private enum Judgement {
        case passed, open
        case refused(CheckRefusal, CheckOutcome)
    }

    private mutating func judge(_ check: CheckRun) -> Judgement {
        switch check.kind {
        case .branchControl, .requiredTemplate: return .passed
        case .approval(let policy):
            if let rejection = check.decisions.first(where: { !$0.isApproved }) {
                let refusal = CheckRefusal.rejected(
                    by: rejection.by,
                    environment: check.environmentName,
                    comment: rejection.comment
                )
                return .refused(refusal, .failed(at: now))
            }
            if check.decisions.count >= policy.needed { return .passed }
        case .businessHours(let hours):
            if hours.isOpen(at: now) { return .passed }
            wake(at: hours.nextOpening(after: now))
        case .permission:
            if snapshot.permitted.contains(check.id) { return .passed }
        case .exclusiveLock: return .open
        }
        guard now >= check.deadline else { return .open }
        return .refused(timeOut(check), .timedOut(at: now))
    }

    private func timeOut(_ check: CheckRun) -> CheckRefusal {
        if case .permission(let resource) = check.kind {
            return .notPermitted(resource.kind, name: check.environmentName, minutes: check.timeoutInMinutes)
        }
        return .timedOut(check: check.kind.title, environment: check.environmentName, minutes: check.timeoutInMinutes)
    }

    // MARK: Locks and limits

    /// Places of those that wait for locks and limits, longest first.
    private var waiting: [Int] {
        let waiting = snapshot.checkpoints.indices.compactMap { place -> (Int, Date)? in
            if case .queued(let since) = snapshot.checkpoints[place].state { (place, since) } else { nil }
        }
        return waiting.sorted { left, right in
            (left.1, snapshot.checkpoints[left.0].run) < (right.1, snapshot.checkpoints[right.0].run)
        }
        .map(\.0)
    }

    private func locks(_ place: Int) -> [EnvironmentID] {
        snapshot.checkpoints[place].environments.filter { snapshot.environments[$0]?.isLocked == true }
    }

    /// Older runs give way to newer ones of their pipeline that wait for the same lock; those too late give up.
    private mutating func supersede() {
        for place in waiting {
            let checkpoint = snapshot.checkpoints[place]
            if let late = checkpoint.checks.first(where: { $0.kind == .exclusiveLock && $0.outcome == nil }) {
                guard now < late.deadline else {
                    decide(.end(checkpoint.id, late.id, .timedOut(at: now)), place)
                    decide(.refuse(checkpoint.id, timeOut(late)), place)
                    continue
                }
                wake(at: late.deadline)
            }
            guard checkpoint.lockBehavior == .runLatest, let newer = newer(than: place) else { continue }
            for check in checkpoint.checks where check.outcome == nil {
                decide(.end(checkpoint.id, check.id, .dropped(at: now)), place)
            }
            decide(.refuse(checkpoint.id, .superseded(by: newer.run, environment: newer.environment)), place)
        }
    }

    private func newer(than place: Int) -> (run: RunID, environment: String)? {
        let checkpoint = snapshot.checkpoints[place]
        let locks = locks(place)
        let rivals = waiting.filter { other in
            let rival = snapshot.checkpoints[other]
            return rival.pipeline == checkpoint.pipeline && rival.run > checkpoint.run
        }
        for rival in rivals {
            guard let lock = locks.first(where: snapshot.checkpoints[rival].environments.contains) else { continue }
            return (snapshot.checkpoints[rival].run, snapshot.environments[lock]?.name ?? "")
        }
        return nil
    }

    private mutating func grant() {
        var used: [EnvironmentID: Int] = [:]
        for checkpoint in snapshot.checkpoints {
            guard case .passed = checkpoint.state else { continue }
            for environment in checkpoint.environments { used[environment, default: 0] += 1 }
        }
        var reserved: Set<EnvironmentID> = []
        for place in waiting {
            let checkpoint = snapshot.checkpoints[place]
            let limited = checkpoint.environments.filter { snapshot.environments[$0]?.capacity != nil }
            let isFree = limited.allSatisfy { id in
                !reserved.contains(id) && used[id, default: 0] < (snapshot.environments[id]?.capacity ?? .max)
            }
            guard isFree else {
                reserved.formUnion(limited)
                continue
            }
            for environment in checkpoint.environments { used[environment, default: 0] += 1 }
            for check in checkpoint.checks where check.outcome == nil {
                decide(.end(checkpoint.id, check.id, .passed(at: now)), place)
            }
            decide(.pass(checkpoint.id), place)
        }
    }
}

extension Checkpoint {
    /// Carries a decision out.
    ///
    /// - Parameters:
    ///   - decision: one about this checkpoint.
    ///   - now: when it was made.
    public mutating func apply(_ decision: CheckDecision, at now: Date) {
        switch decision {
        case .end(_, let check, let outcome):
            for place in checks.indices where checks[place].id == check { checks[place].outcome = outcome }
        case .enqueue: state = .queued(since: now)
        case .pass: state = .passed(at: now)
        case .refuse(_, let refusal):
            state = .refused(refusal, at: now)
            for place in checks.indices where checks[place].outcome == nil { checks[place].outcome = .dropped(at: now) }
        }
    }

    /// The stage has ended, or does not want to begin any more.
    public mutating func release(at now: Date) {
        for place in checks.indices where checks[place].outcome == nil { checks[place].outcome = .dropped(at: now) }
        state = .released(at: now)
    }
}

extension RequiredTemplate {
    /// As people write it.
    public var text: String { repository.isEmpty ? path : "\(path)@\(repository)\(ref.isEmpty ? "" : " (\(ref))")" }

    /// Whether a template that a pipeline extends is this one.
    func isMet(by used: RequiredTemplate) -> Bool {
        let isSamePath = Self.bare(path) == Self.bare(used.path)
        let isSameRepository = repository.isEmpty || repository.lowercased() == used.repository.lowercased()
        return isSamePath && isSameRepository && (ref.isEmpty || ref == used.ref)
    }

    private static func bare(_ path: String) -> Substring { path.drop { $0 == "/" } }
}
