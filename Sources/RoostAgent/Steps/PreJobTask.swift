import RoostModel

/// A task with a part that runs before the first step of the job, in a record of its own.
protocol PreJobTask: TaskHandler {
    /// Whether there is such a part.
    var runsBeforeJob: Bool { get }
    /// Carries it out; the step of the work is the one of the main part.
    func runBeforeJob(_ work: StepWork) async throws -> TaskResult
}

extension PreJobTask {
    var beforeJob: (any PreJobTask)? { runsBeforeJob ? self : nil }
}

/// The parts of a step in the life of a job.
enum StepPart: Sendable {
    case before, main, after
}
