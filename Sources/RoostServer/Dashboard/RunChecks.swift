import FoundationEssentials
import RoostModel

/// The checks of one stage, as the page of its run shows them.
struct StageChecks {
    var name: String
    var state: String
    var stateText: String
    /// What it waits for, one sentence each.
    var waits: [String]
    /// Why it never begins.
    var refusal: String?
    var approvals: [ApprovalPart]
    var others: [OtherCheck]

    struct ApprovalPart {
        var id: String
        var run: Int
        var environment: String
        var state: String
        var stateText: String
        var instructions: String?
        var isOpen: Bool
        var mayDecide: Bool
        /// Why the reader may not decide.
        var whyNot: String?
        var voices: [Voice]
    }

    /// What one approver said, or that they have not spoken.
    struct Voice {
        var name: String
        var state: String
        var stateText: String
        var comment: String?
        var at: String?
        var age: String?
    }

    struct OtherCheck {
        var title: String
        var state: String
        var stateText: String
        /// Id of a permission that the reader may give now.
        var permit: String?
        var button: String
        var hint: String
    }
}

/// Puts together what the checks of a run's stages are.
struct RunChecks {
    let run: Run
    let waits: [StageWait]
    let user: String?
    /// Why the reader's token is not enough; nil when it is.
    let missingScope: String?
    /// Whether the reader manages a thing, so that they may permit its use.
    let manages: (ProtectedResource) -> Bool
    let phrases: Phrases
    let now: Date

    /// Stops without checks that wait for nothing say nothing.
    func stages(_ checkpoints: [Checkpoint]) -> [StageChecks] {
        checkpoints.compactMap { checkpoint in
            let reasons = waits.first { $0.stage == checkpoint.stage }?.reasons ?? []
            guard !checkpoint.checks.isEmpty || !reasons.isEmpty else { return nil }
            return stage(checkpoint, reasons)
        }
    }

    private func stage(_ checkpoint: Checkpoint, _ reasons: [CheckWait]) -> StageChecks {
        let planned = run.plan.stages.first { $0.name == checkpoint.stage }
        let state = checkpoint.pageState
        var refusal: String?
        if case .refused(let reason, _) = checkpoint.state { refusal = phrases.refusal(reason) }
        return StageChecks(
            name: checkpoint.stage == "__default" ? run.pipelineName : planned?.displayName ?? checkpoint.stage,
            state: state,
            stateText: phrases["check.\(state)"],
            waits: reasons.map(phrases.checkWait),
            refusal: refusal,
            approvals: checkpoint.checks.compactMap { approval($0, checkpoint) },
            others: checkpoint.checks.filter { $0.approval == nil }.map(other)
        )
    }

    private func approval(_ check: CheckRun, _ checkpoint: Checkpoint) -> StageChecks.ApprovalPart? {
        guard let policy = check.approval else { return nil }
        let refusal = refusal(check, checkpoint)
        return StageChecks.ApprovalPart(
            id: check.id.description,
            run: run.id.rawValue,
            environment: check.environmentName,
            state: check.pageState,
            stateText: phrases["check.\(check.pageState)"],
            instructions: policy.instructions.isEmpty ? nil : policy.instructions,
            isOpen: check.outcome == nil,
            mayDecide: check.outcome == nil && refusal == nil,
            whyNot: check.outcome == nil ? refusal : nil,
            voices: policy.approvers.map { voice($0, check) }
        )
    }

    private func refusal(_ check: CheckRun, _ checkpoint: Checkpoint) -> String? {
        if let refusal = check.refusal(of: user ?? "", requester: checkpoint.requestedBy) {
            return phrases.refusal(refusal)
        }
        return missingScope
    }

    private func voice(_ name: String, _ check: CheckRun) -> StageChecks.Voice {
        guard let said = check.decisions.first(where: { $0.by.lowercased() == name.lowercased() }) else {
            let state = check.outcome == nil ? "waiting" : "skipped"
            return StageChecks.Voice(name: name, state: state, stateText: phrases["voice.\(state)"])
        }
        let state = said.isApproved ? "succeeded" : "failed"
        return StageChecks.Voice(
            name: name,
            state: state,
            stateText: phrases["voice.\(state)"],
            comment: said.comment.isEmpty ? nil : said.comment,
            at: said.at.ISO8601Format(),
            age: phrases.age(said.at, now: now)
        )
    }

    private func other(_ check: CheckRun) -> StageChecks.OtherCheck {
        StageChecks.OtherCheck(
            title: "\(phrases.title(check.kind)) · \(check.environmentName)",
            state: check.pageState,
            stateText: phrases["check.\(check.pageState)"],
            permit: mayPermit(check) ? check.id.description : nil,
            button: phrases["permit"],
            hint: phrases["permitHint"]
        )
    }

    private func mayPermit(_ check: CheckRun) -> Bool {
        guard check.outcome == nil, missingScope == nil, case .permission(let resource) = check.kind else {
            return false
        }
        return manages(resource)
    }
}

extension Checkpoint {
    fileprivate var pageState: String {
        switch state {
        case .checking, .queued: "waiting"
        case .passed: "succeeded"
        case .refused(let refusal, _): refusal.result.rawValue
        case .released:
            checks.contains { if case .dropped? = $0.outcome { true } else { false } } ? "skipped" : "succeeded"
        }
    }
}

extension CheckRun {
    fileprivate var pageState: String {
        switch outcome {
        case nil: "waiting"
        case .passed: "succeeded"
        case .failed: "failed"
        case .timedOut: "abandoned"
        case .dropped: "skipped"
        }
    }
}
