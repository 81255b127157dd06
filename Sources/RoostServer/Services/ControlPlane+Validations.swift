public import FoundationEssentials
public import RoostModel
import RoostPipeline
import RoostStore

/// A step that waits for a person.
public struct ValidationView: Sendable, Hashable {
    /// Also the id of its record in the timeline.
    public var id: RecordID
    public var run: RunID
    public var stage: String
    public var job: String
    public var step: String
    public var validation: ManualValidation
    public var since: Date
    public var requestedBy: String

    /// Why a user may not answer; nil when they may.
    public func refusal(of user: String) -> ApprovalRefusal? { validation.refusal(of: user, requester: requestedBy) }
}

extension ControlPlane {
    /// Steps of a run that wait for a person, in the order of its jobs.
    public func validations(of run: RunID) -> [ValidationView] { read { $0.validations(of: run) } }

    /// Lets a run go on behind a step that waits for a person, or rejects it.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - id: which step; nil is the only one that waits.
    ///   - isResumed: false rejects it.
    ///   - comment: kept with the answer.
    ///   - caller: who answers.
    /// - Returns: what was answered.
    /// - Throws: ``ControlError`` when nothing waits, several do and none is named, or the caller may not answer.
    @discardableResult
    public func answer(
        validationOf run: RunID,
        id: RecordID? = nil,
        isResumed: Bool,
        comment: String,
        by caller: Caller
    ) async throws(ControlError) -> ValidationView {
        guard comment.count <= 4_096 else {
            throw .invalid(
                what: "The comment",
                problem: "it has \(comment.count) characters",
                advice: "Give 4096 at most."
            )
        }
        _ = try await self.run(run)
        return try await change { state, change throws(ControlError) in
            let view = try Self.choose(id, state.validations(of: run), run)
            if let refusal = view.refusal(of: caller.displayName) {
                throw .forbidden(what: "answer the step '\(view.step)'", needs: "another user. \(refusal.sentence)")
            }
            guard var job = state.runs[run]?.jobList.first(where: { state.waitingRecord(of: $0) == view.id }),
                let place = job.server?.waitingValidation
            else { throw .validationNotFound(run.description) }
            job.server?.steps[place].answer = ValidationAnswer(
                by: caller.displayName,
                at: change.now,
                isResumed: isResumed,
                comment: comment
            )
            state.put(job, &change)
            change.dirtyServerJobs.insert(job.id)
            change.audit(
                caller,
                isResumed ? "validation.resume" : "validation.reject",
                "run:\(run)",
                "step '\(view.step)' of job \(view.job)\(comment.isEmpty ? "" : ": \(comment)")"
            )
            return view
        }
    }

    private static func choose(
        _ id: RecordID?,
        _ waiting: [ValidationView],
        _ run: RunID
    ) throws(ControlError) -> ValidationView {
        if let id {
            guard let view = waiting.first(where: { $0.id == id }) else { throw .validationNotFound(run.description) }
            return view
        }
        guard let first = waiting.first else { throw .validationNotFound(run.description) }
        guard waiting.count == 1 else {
            throw .invalid(
                what: "The answer",
                problem: "\(waiting.count) steps of the run wait for a person",
                advice: "Name one: \(waiting.map { "\($0.id) (\($0.step))" }.joined(separator: ", "))."
            )
        }
        return first
    }
}

extension ControlState {
    func validations(of id: RunID) -> [ValidationView] {
        guard let active = runs[id], !active.run.state.isCompleted else { return [] }
        return active.jobList.compactMap { job in
            guard let record = waitingRecord(of: job), let place = job.server?.waitingValidation,
                let step = job.server?.steps[place], case .validation(let asked) = step.action,
                case .running(let since) = step.state
            else { return nil }
            return ValidationView(
                id: record,
                run: id,
                stage: job.stage,
                job: job.displayName,
                step: step.displayName,
                validation: asked,
                since: since,
                requestedBy: active.run.requestedBy
            )
        }
    }

    func waitingRecord(of job: Job) -> RecordID? {
        guard case .serving = job.state, let place = job.server?.waitingValidation else { return nil }
        return serverRecord(place, of: job)
    }
}
