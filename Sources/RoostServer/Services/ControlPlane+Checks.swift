import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// In the order in which they were made.
    public func checks(of environment: EnvironmentID) -> [Check] { read { $0.environments.checks(of: environment) } }

    public func check(_ id: CheckID) throws(ControlError) -> Check {
        try read { state throws(ControlError) in
            guard let check = state.environments.checks[id] else { throw .checkNotFound(id.description) }
            return check
        }
    }

    /// Adds a check; stages that have asked already are not bound by it, but for a lock.
    @discardableResult
    public func createCheck(
        _ kind: CheckKind,
        on environment: EnvironmentID,
        timeoutInMinutes: Int = Check.defaultTimeout,
        by caller: Caller
    ) async throws(ControlError) -> Check {
        try Self.validate(kind, timeoutInMinutes)
        return try await change { state, change throws(ControlError) in
            guard let known = state.environments.environments[environment] else {
                throw .environmentNotFound(environment.description)
            }
            if kind == .exclusiveLock, state.environments.checks(of: environment).contains(where: { $0.kind == kind }) {
                throw .nameTaken(kind: "exclusive lock on this environment", name: known.name)
            }
            state.counters.check += 1
            let check = Check(
                id: CheckID(state.counters.check),
                environment: environment,
                kind: kind,
                timeoutInMinutes: timeoutInMinutes,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            state.environments.checks[check.id] = check
            change.store.append(.putCheck(check))
            change.audit(caller, "check.create", "check:\(check.id)", "\(kind.title) of \(known.name)")
            change.checksAreDirty = true
            return check
        }
    }

    @discardableResult
    public func updateCheck(
        _ id: CheckID,
        kind: CheckKind? = nil,
        timeoutInMinutes: Int? = nil,
        by caller: Caller
    ) async throws(ControlError) -> Check {
        let known = try check(id)
        try Self.validate(kind ?? known.kind, timeoutInMinutes ?? known.timeoutInMinutes)
        return try await change { state, change throws(ControlError) in
            guard var check = state.environments.checks[id] else { throw .checkNotFound(id.description) }
            check.kind = kind ?? check.kind
            check.timeoutInMinutes = timeoutInMinutes ?? check.timeoutInMinutes
            check.version += 1
            check.modifiedAt = change.now
            check.modifiedBy = caller.auditName
            state.environments.checks[id] = check
            change.store.append(.putCheck(check))
            change.audit(caller, "check.update", "check:\(id)", check.kind.title)
            change.checksAreDirty = true
            return check
        }
    }

    /// Removes a check; stages that have asked already still wait for it, but for a lock.
    public func deleteCheck(_ id: CheckID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let check = state.environments.checks.removeValue(forKey: id) else {
                throw .checkNotFound(id.description)
            }
            change.store.append(.deleteCheck(id))
            change.audit(caller, "check.delete", "check:\(id)", check.kind.title)
            change.checksAreDirty = true
        }
    }

    private static func validate(_ kind: CheckKind, _ timeout: Int) throws(ControlError) {
        guard timeout > 0, timeout <= 5_256_000 else {
            throw .invalid(
                what: "The time limit of a check",
                problem: "it is \(timeout) minutes",
                advice: "Give 1 to 5256000 minutes; 43200 are 30 days."
            )
        }
        guard let problem = kind.problem else { return }
        throw .invalid(what: "The check '\(kind.title)'", problem: problem.text, advice: problem.advice)
    }

    // MARK: Approvals

    /// Approvals of runs in memory, oldest first; nil is those of all projects.
    public func approvals(in project: ProjectID?, isOpen: Bool? = nil, run: RunID? = nil) -> [ApprovalView] {
        read { state in
            let stops = state.environments.checkpoints.values.joined()
            let views = stops.filter { run == nil || $0.run == run }.flatMap { stop in
                stop.checks.compactMap { state.approvalView($0, stop) }
            }
            return views.filter { view in
                (project == nil || view.project == project) && (isOpen == nil || isOpen == (view.check.outcome == nil))
            }
            .sorted { ($0.check.beganAt, $0.run, $0.check.id) < ($1.check.beganAt, $1.run, $1.check.id) }
        }
    }

    /// Approves or rejects; only an approver whose turn it is may.
    @discardableResult
    public func decide(
        approval id: CheckRunID,
        isApproved: Bool,
        comment: String,
        by caller: Caller
    ) async throws(ControlError) -> ApprovalView {
        guard comment.count <= 4_096 else {
            throw .invalid(
                what: "The comment",
                problem: "it has \(comment.count) characters",
                advice: "Give 4096 at most."
            )
        }
        return try await change { state, change throws(ControlError) in
            guard let found = state.environments.checkpoint(withCheck: id),
                let place = found.checkpoint.checks.firstIndex(where: { $0.id == id })
            else { throw .approvalNotFound(id.description) }
            var checkpoint = found.checkpoint
            let name = caller.displayName
            if let refusal = found.check.refusal(of: name, requester: checkpoint.requestedBy) {
                throw .forbidden(
                    what: "decide about the approval for the environment '\(found.check.environmentName)'",
                    needs: "another moment or another user. \(refusal.sentence)"
                )
            }
            checkpoint.checks[place].decisions.append(
                ApprovalDecision(by: name, at: change.now, isApproved: isApproved, comment: comment)
            )
            state.put(checkpoint, &change)
            change.audit(
                caller,
                isApproved ? "approval.approve" : "approval.reject",
                "approval:\(id)",
                "run \(checkpoint.run), stage \(checkpoint.stage)\(comment.isEmpty ? "" : ": \(comment)")"
            )
            // The answer shows what follows at once: the check passes with the last voice it needs.
            let plan = planChecks(state.checkSnapshot(), at: change.now)
            for decision in plan.decisions {
                if case .end(checkpoint.id, id, _) = decision { checkpoint.apply(decision, at: change.now) }
            }
            guard let view = state.approvalView(checkpoint.checks[place], checkpoint) else {
                throw .approvalNotFound(id.description)
            }
            return view
        }
    }

    /// What the stages of a run wait for before they begin; empty when none waits.
    public func checkWaits(of run: RunID) -> [StageWait] {
        read { state in
            state.checkWaits(of: run).map {
                StageWait(stage: $0.checkpoint.stage, wait: $0.summary, reasons: $0.reasons)
            }
        }
    }

    /// Stages of all runs that wait before an environment.
    public func checkWaits(for environment: EnvironmentID) -> [(run: Run, wait: StageWait)] {
        read { state in
            state.environments.runsWithOpenCheckpoints.sorted().flatMap { id -> [(run: Run, wait: StageWait)] in
                guard let run = state.runs[id]?.run else { return [] }
                return state.checkWaits(of: id).filter { $0.checkpoint.environments.contains(environment) }.map {
                    (run, StageWait(stage: $0.checkpoint.stage, wait: $0.summary, reasons: $0.reasons))
                }
            }
        }
    }

    /// Stops of a run before the checks of its stages, oldest first.
    public func checkpoints(of run: RunID) async throws(ControlError) -> [Checkpoint] {
        if let known = read({ state in state.runs[run].map { _ in state.environments.checkpoints[run] ?? [] } }) {
            return known
        }
        do { return try await store.checkpoints(of: run) } catch { throw .storeUnavailable(error) }
    }
}

extension ControlState {
    func approvalView(_ check: CheckRun, _ checkpoint: Checkpoint) -> ApprovalView? {
        runs[checkpoint.run].flatMap { ApprovalView(check, checkpoint, of: $0.run) }
    }
}

extension CheckKind {
    /// What is wrong with it; nil when nothing is.
    fileprivate var problem: (text: String, advice: String)? {
        switch self {
        case .exclusiveLock: return nil
        case .permission: return ("it is none that can be made", "Use 'roost permission'.")
        case .approval(let policy):
            let names = policy.approvers.map { $0.lowercased() }
            if names.isEmpty || names.contains("") { return ("it names no approver", "Name at least one user.") }
            if Set(names).count < names.count { return ("it names an approver twice", "Name each once.") }
            if policy.minimumCount < 0 || policy.minimumCount > names.count {
                return (
                    "\(policy.minimumCount) approvals are needed and there are \(names.count) approvers",
                    "Give 1 to \(names.count), or 0 for all."
                )
            }
        case .branchControl(let control):
            if control.allowedBranches.isEmpty { return ("it allows no branch", "Name one, such as refs/heads/main.") }
        case .businessHours(let hours):
            if hours.days.isEmpty { return ("it names no day", "Name days such as Monday.") }
            if hours.opensAt >= hours.closesAt {
                return ("they end before they begin", "Give times of one day, such as 09:00 and 17:00.")
            }
        case .requiredTemplate(let templates):
            if templates.isEmpty || templates.contains(where: { $0.path.isEmpty }) {
                return ("it names no template", "Give the path of a file, such as templates/release.yml.")
            }
        }
        return nil
    }
}

/// An approval with the run it belongs to.
public struct ApprovalView: Sendable, Hashable {
    /// Nil for another kind of check.
    init?(_ check: CheckRun, _ checkpoint: Checkpoint, of run: Run) {
        guard check.approval != nil else { return nil }
        self.check = check
        self.run = run.id
        runNumber = run.number
        pipeline = run.pipeline
        pipelineName = run.pipelineName
        project = run.project
        stage = checkpoint.stage
        requestedBy = checkpoint.requestedBy
    }

    public var check: CheckRun
    public var run: RunID
    public var runNumber: String
    public var pipeline: PipelineID
    public var pipelineName: String
    public var project: ProjectID
    public var stage: String
    public var requestedBy: String

    /// Why a user may not decide about it; nil when they may.
    public func refusal(of user: String) -> ApprovalRefusal? { check.refusal(of: user, requester: requestedBy) }
}

/// A stage that waits for its checks.
public struct StageWait: Sendable, Hashable {
    public var stage: String
    public var wait: WaitSummary
    /// Not empty.
    public var reasons: [CheckWait]
}
