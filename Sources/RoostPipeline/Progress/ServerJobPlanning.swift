public import FoundationEssentials
import RoostLanguage
public import RoostModel

/// What to do next for a job without an agent.
public enum ServerJobDecision: Hashable, Sendable {
    /// The step of this place begins.
    case begin(Int)
    /// The step of this place ends, with a sentence for its log.
    case end(Int, TaskResult, because: String)
    /// All steps have ended.
    case finish(TaskResult)
    /// The job took longer than it may.
    case timeOut
}

/// What is due for a job, and when to look again.
public struct ServerJobPlan: Hashable, Sendable {
    public var decisions: [ServerJobDecision]
    /// The job as the decisions leave it.
    public var work: ServerWork
    public var nextDeadline: Date?
}

/// Decides what can be decided about a job without an agent.
///
/// Reads no clock. A validation that nobody answered in time, its own or the job's, ends as its `onTimeout` says; a delay ends with
/// its minutes; a step whose condition does not hold is skipped.
///
/// - Parameters:
///   - job: a job that has ``Job/server`` and has begun.
///   - now: the moment.
/// - Returns: decisions in order; empty when there is nothing but to wait.
public func planServerJob(_ job: Job, at now: Date) -> ServerJobPlan {
    guard let work = job.server else { return ServerJobPlan(decisions: [], work: ServerWork(steps: [])) }
    var planner = ServerJobPlanner(job: job, now: now, work: work)
    planner.run()
    return ServerJobPlan(decisions: planner.decisions, work: planner.work, nextDeadline: planner.nextDeadline)
}

private struct ServerJobPlanner {
    let job: Job
    let now: Date
    var work: ServerWork
    var decisions: [ServerJobDecision] = []
    var nextDeadline: Date?

    /// When the job has taken all the time it may.
    private var deadline: Date? {
        guard job.timeoutInMinutes > 0, let started = job.startedAt else { return nil }
        return started + TimeInterval(job.timeoutInMinutes) * 60
    }

    mutating func run() {
        for place in work.steps.indices {
            if case .finished = work.steps[place].state { continue }
            if case .pending = work.steps[place].state {
                if isOver { return decisions.append(.timeOut) }
                guard begin(place) else { continue }
            }
            guard case .running(let since) = work.steps[place].state else { continue }
            guard let (result, reason) = outcome(work.steps[place], since) else {
                if isOver { decisions.append(.timeOut) }
                return
            }
            end(place, result, reason)
        }
        decisions.append(.finish(result))
    }

    private var isOver: Bool { deadline.map { $0 <= now } ?? false }

    /// Worst of the steps so far.
    private var result: TaskResult {
        var result = TaskResult.succeeded
        for step in work.steps {
            guard case .finished(let own) = step.state, own != .skipped else { continue }
            let counted = own.isFailure && step.continueOnError ? TaskResult.succeededWithIssues : own
            if counted.isFailure { return .failed }
            if counted == .succeededWithIssues { result = counted }
        }
        return result
    }

    /// Whether the step begins; one whose condition does not hold, or cannot be read, ends.
    private mutating func begin(_ place: Int) -> Bool {
        let step = work.steps[place]
        do throws(ProgressFault) {
            guard try scope.condition(step.condition, status).holds else {
                end(place, .skipped, "Its condition does not hold.")
                return false
            }
        } catch {
            end(place, .failed, error.issue.message)
            return false
        }
        work.steps[place].state = .running(since: now)
        decisions.append(.begin(place))
        return true
    }

    private mutating func end(_ place: Int, _ result: TaskResult, _ reason: String) {
        work.steps[place].state = .finished(result)
        decisions.append(.end(place, result, because: reason))
    }

    private var scope: ProgressScope {
        let variables = VariableScope()
        for (name, variable) in job.variables { variables.define(name, variable.value, isSecret: variable.isSecret) }
        return ProgressScope(variables: variables, names: [:], counters: CounterLedger([:]))
    }

    private var status: [ExpressionFunction] {
        let isFailed = result == .failed
        return [
            .constant("always", true), .constant("canceled", false), .constant("succeeded", !isFailed),
            .constant("failed", isFailed), .constant("succeededOrFailed", true),
        ]
    }

    // MARK: A step that has begun

    /// How it ends now, and why; nil when it goes on.
    private mutating func outcome(_ step: ServerStep, _ since: Date) -> (TaskResult, String)? {
        switch step.action {
        case .invalid(let problem): return (.failed, problem)
        case .delay(let minutes): return delay(minutes, step, since)
        case .validation(let validation): return answer(validation, step, since)
        }
    }

    private mutating func delay(_ minutes: Double, _ step: ServerStep, _ since: Date) -> (TaskResult, String)? {
        let end = since + minutes * 60
        if end <= now { return (.succeeded, "The delay of \(Self.text(minutes)) minutes is over.") }
        if let limit = limit(step, since), limit <= now {
            return (.failed, "The step took longer than its \(step.timeoutInMinutes) minutes.")
        }
        watch(end, limit(step, since))
        return nil
    }

    private mutating func answer(
        _ validation: ManualValidation,
        _ step: ServerStep,
        _ since: Date
    ) -> (TaskResult, String)? {
        if let answer = step.answer {
            let comment = answer.comment.isEmpty ? "" : " Comment: \(answer.comment)"
            return answer.isResumed
                ? (.succeeded, "Resumed by \(answer.by).\(comment)") : (.failed, "Rejected by \(answer.by).\(comment)")
        }
        let end = [limit(step, since), deadline, since + ManualValidation.longestWait].compactMap { $0 }.min() ?? now
        if end <= now {
            return validation.resumesOnTimeout
                ? (.succeeded, "Nobody answered in time; it is resumed.")
                : (.failed, "Nobody answered in time; it is rejected.")
        }
        watch(end, nil)
        return nil
    }

    private func limit(_ step: ServerStep, _ since: Date) -> Date? {
        step.timeoutInMinutes > 0 ? since + TimeInterval(step.timeoutInMinutes) * 60 : nil
    }

    private mutating func watch(_ moment: Date, _ limit: Date?) {
        nextDeadline = [moment, limit, deadline, nextDeadline].compactMap { $0 }.min()
    }

    private static func text(_ minutes: Double) -> String {
        minutes.rounded() == minutes ? String(Int(clamping: Int64(minutes))) : String(minutes)
    }
}
