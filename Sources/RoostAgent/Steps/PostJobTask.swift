import FoundationEssentials
import RoostModel
import Synchronization

/// A task with a part that runs when the steps of the job are over, whatever their result: in reverse order of the steps, each in a record of its own.
protocol PostJobTask: TaskHandler {
    /// Whether there is such a part.
    var runsAfterJob: Bool { get }
    /// Carries out the part after the job; the step of the work is the one of the main part.
    func runAfterJob(_ work: StepWork) async throws -> TaskResult
}

extension PostJobTask {
    var runsAfterJob: Bool { true }
    var afterJob: (any PostJobTask)? { runsAfterJob ? self : nil }
}

/// What the main parts of steps leave for their parts after the job.
final class StepMemos: Sendable {
    private let memos = Mutex<[UUID: any Sendable]>([:])

    func put(_ memo: any Sendable, for step: UUID) { memos.withLock { $0[step] = memo } }

    /// Nil when the main part left nothing.
    func take<Memo: Sendable>(_ type: Memo.Type, for step: UUID) -> Memo? {
        memos.withLock { $0.removeValue(forKey: step) } as? Memo
    }
}
