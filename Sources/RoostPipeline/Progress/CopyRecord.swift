import FoundationEssentials
import RoostModel

/// The latest attempt of one copy of a job, whether it is stored or was decided a moment ago.
struct CopyRecord: Sendable {
    /// Nil for one that was just decided.
    var id: JobID?
    var leg: String?
    var position: Int
    var attempt: Int
    var state: JobState
    var continueOnError: Bool
    var outputs: [String: OutputVariable]
    /// When it was queued or, when it never was, when it ended.
    var beganAt: Date?
    var startedAt: Date?
    var finishedAt: Date?
    var hook: HookRun?

    init(_ job: Job) {
        id = job.id
        leg = job.leg
        position = job.position
        attempt = job.attempt
        state = job.state
        continueOnError = job.continueOnError
        outputs = job.outputs
        beganAt = job.queuedAt ?? job.finishedAt
        startedAt = job.startedAt
        finishedAt = job.finishedAt
        hook = job.hook
    }

    init(_ draft: JobDraft, state: JobState, at now: Date) {
        id = nil
        leg = draft.leg
        position = draft.position
        attempt = 1
        self.state = state
        continueOnError = draft.continueOnError
        outputs = [:]
        beganAt = now
        finishedAt = state.isFinished ? now : nil
        hook = draft.hook
    }

    /// The result as those see it who depend on it; nil until it ended.
    var effectiveResult: TaskResult? {
        guard let result = state.result else { return nil }
        return continueOnError && result.isFailure ? .succeededWithIssues : result
    }

    /// Queued or beyond, and not ended.
    var isActive: Bool {
        switch state {
        case .queued, .assigned, .running, .canceling, .serving: true
        case .waiting, .finished: false
        }
    }
}
