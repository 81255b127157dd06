public import RoostLanguage
public import RoostModel

/// Why a run goes on the way it does.
public indirect enum ProgressReason: Hashable, Sendable {
    /// Nothing had to be waited for.
    case noDependencies
    /// All of these succeeded, or ended in a way the condition accepts.
    case dependenciesEnded([String])
    case conditionHolds(EvaluationTrace)
    case conditionFalse(EvaluationTrace)
    /// The default condition did not hold, because of this stage or job.
    case dependencyDidNotSucceed(String, TaskResult)
    case stageSkipped(String, because: ProgressReason)
    /// The stage's condition could not be evaluated.
    case stageFailed(String)
    case runCanceled
    /// Somebody canceled this stage.
    case stageCanceled(String, by: String)
    /// Somebody left this stage out.
    case leftOut(String, by: String)
    /// Fewer than `maxParallel` copies run.
    case slotFree(running: Int, maxParallel: Int)
    case allStagesEnded
    /// The checks of the stage's environments did not pass.
    case checksRefused(String, String)
    /// The hooks before it ended as it needs.
    case hooksEnded
    /// A hook before it did not succeed; with the machine, when there are several.
    case hookDidNotSucceed(String, TaskResult)
    /// The end of the deployment is not the one it is for.
    case otherEnd(TaskResult)

    /// One sentence for people.
    public var sentence: String {
        switch self {
        case .noDependencies: "It depends on nothing."
        case .dependenciesEnded(let names): "\(Self.list(names)) ended."
        case .conditionHolds(let trace): "Its condition holds: \(trace.evaluating)."
        case .conditionFalse(let trace): "Its condition does not hold: \(trace.evaluating) is \(trace.result)."
        case .dependencyDidNotSucceed(let name, let result): "It needs '\(name)', which \(result.verb)."
        case .stageSkipped(let stage, let reason): "The stage '\(stage)' is skipped. \(reason.sentence)"
        case .stageFailed(let stage): "The stage '\(stage)' could not begin."
        case .runCanceled: "The run is being canceled."
        case .stageCanceled(let stage, let who): "\(who) canceled the stage '\(stage)'."
        case .leftOut(let stage, let who): "\(who) skipped the stage '\(stage)'."
        case .slotFree(let running, let limit): "\(running) of at most \(limit) copies run."
        case .allStagesEnded: "All stages ended."
        case .checksRefused(let stage, let text): "The stage '\(stage)' did not begin. \(text)"
        case .hooksEnded: "The hooks before it ended."
        case .hookDidNotSucceed(let name, let result): "The hook '\(name)' \(result.verb)."
        case .otherEnd(let result): "The deployment \(result.verb)."
        }
    }

    /// How the condition was evaluated, when it was.
    public var trace: EvaluationTrace? {
        switch self {
        case .conditionHolds(let trace), .conditionFalse(let trace): trace
        case .stageSkipped(_, let reason): reason.trace
        default: nil
        }
    }

    static func list(_ names: [String]) -> String {
        let quoted = names.map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "Nothing" }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension TaskResult {
    /// As the verb of a sentence.
    var verb: String {
        switch self {
        case .succeeded: "succeeded"
        case .succeededWithIssues: "succeeded with issues"
        case .failed: "failed"
        case .canceled: "was canceled"
        case .skipped: "was skipped"
        case .abandoned: "was lost with its machine"
        }
    }

    /// The value of `dependencies.X.result`.
    var expressionText: String {
        switch self {
        case .succeeded: "Succeeded"
        case .succeededWithIssues: "SucceededWithIssues"
        case .failed, .abandoned: "Failed"
        case .canceled: "Canceled"
        case .skipped: "Skipped"
        }
    }

    var isSuccess: Bool { self == .succeeded || self == .succeededWithIssues }
    var isFailure: Bool { self == .failed || self == .abandoned }
}
