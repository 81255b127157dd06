import FoundationEssentials
import RoostModel

/// The stored shape of what the server carries out for a job without an agent.
struct ServerWorkBody: Codable {
    struct Step: Codable {
        var name: String
        var displayName: String
        var taskID: String
        var taskName: String
        var taskVersion: String
        /// One of the three says what it does.
        var delayInMinutes: Double?
        var validation: Validation?
        var problem: String?
        var condition: PlanBody.Text?
        var continueOnError: Bool?
        var timeoutInMinutes: Int?
        var startedAt: Date?
        var result: TaskResult?
        var answer: Answer?
    }

    struct Validation: Codable {
        var instructions: String
        var notifyUsers: [String]
        var approvers: [String]
        var allowsRequester: Bool
        var resumesOnTimeout: Bool
    }

    struct Answer: Codable {
        var by: String
        var at: Date
        var isResumed: Bool
        var comment: String
    }

    var steps: [Step]

    init(_ work: ServerWork) { steps = work.steps.map { Step($0) } }

    var noun: ServerWork { ServerWork(steps: steps.map(\.noun)) }
}

extension ServerWorkBody.Step {
    init(_ step: ServerStep) {
        name = step.name
        displayName = step.displayName
        taskID = step.task.id
        taskName = step.task.name
        taskVersion = step.task.version
        switch step.action {
        case .delay(let minutes): delayInMinutes = minutes
        case .validation(let asked):
            validation = ServerWorkBody.Validation(
                instructions: asked.instructions,
                notifyUsers: asked.notifyUsers,
                approvers: asked.approvers,
                allowsRequester: asked.allowsRequester,
                resumesOnTimeout: asked.resumesOnTimeout
            )
        case .invalid(let text): problem = text
        }
        condition = step.condition.map { PlanBody.Text($0) }
        continueOnError = step.continueOnError ? true : nil
        timeoutInMinutes = step.timeoutInMinutes == 0 ? nil : step.timeoutInMinutes
        switch step.state {
        case .pending: break
        case .running(let since): startedAt = since
        case .finished(let own): result = own
        }
        answer = step.answer.map {
            ServerWorkBody.Answer(by: $0.by, at: $0.at, isResumed: $0.isResumed, comment: $0.comment)
        }
    }

    var noun: ServerStep {
        ServerStep(
            name: name,
            displayName: displayName,
            task: TaskReference(id: taskID, name: taskName, version: taskVersion),
            action: action,
            condition: condition?.noun,
            continueOnError: continueOnError ?? false,
            timeoutInMinutes: timeoutInMinutes ?? 0,
            state: result.map { .finished($0) } ?? startedAt.map { .running(since: $0) } ?? .pending,
            answer: answer.map {
                ValidationAnswer(by: $0.by, at: $0.at, isResumed: $0.isResumed, comment: $0.comment)
            }
        )
    }

    private var action: ServerStep.Action {
        if let delayInMinutes { return .delay(minutes: delayInMinutes) }
        guard let validation else { return .invalid(problem ?? "It does not say what to do.") }
        return .validation(
            ManualValidation(
                instructions: validation.instructions,
                notifyUsers: validation.notifyUsers,
                approvers: validation.approvers,
                allowsRequester: validation.allowsRequester,
                resumesOnTimeout: validation.resumesOnTimeout
            )
        )
    }
}
