import RoostLanguage
import RoostModel

extension JobDrafting {
    /// The steps of a job without an agent, their macros expanded; nil when the job has an agent.
    func serverWork(_ scope: ProgressScope) throws(ProgressFault) -> ServerWork? {
        guard job.pool?.isServer == true else { return nil }
        var steps: [ServerStep] = []
        for step in job.steps {
            let inputs = Dictionary(step.inputs.map { (foldedName($0.key), scope.variables.expand($0.value)) }) { $1 }
            steps.append(
                ServerStep(
                    name: step.name,
                    displayName: scope.variables.expand(step.displayName),
                    task: step.task,
                    action: Self.action(step.task, inputs),
                    condition: step.condition,
                    continueOnError: try flag(step.continueOnError, "continueOnError", scope),
                    timeoutInMinutes: try minutes(step.timeoutInMinutes, "timeoutInMinutes", scope) ?? 0
                )
            )
        }
        return ServerWork(steps: steps)
    }

    private static func action(_ task: TaskReference, _ inputs: [String: String]) -> ServerStep.Action {
        switch foldedName(task.name) {
        case "delay": delay(inputs[foldedName("delayForMinutes")] ?? "0")
        case "manualvalidation": validation(inputs)
        default: .invalid("The server does not carry out the task '\(task.name)'.")
        }
    }

    private static func delay(_ text: String) -> ServerStep.Action {
        guard let minutes = parseNumber(text.trimmingBlanks()), minutes >= 0, minutes <= 525_600 else {
            return .invalid("'delayForMinutes' must be a number of minutes, 0 to 525600, not '\(text)'.")
        }
        return .delay(minutes: minutes)
    }

    private static func validation(_ inputs: [String: String]) -> ServerStep.Action {
        let onTimeout = inputs[foldedName("onTimeout")]?.trimmingBlanks() ?? ""
        guard ["", "reject", "resume"].contains(foldedName(onTimeout)) else {
            return .invalid("'onTimeout' must be 'reject' or 'resume', not '\(onTimeout)'.")
        }
        return .validation(
            ManualValidation(
                instructions: String((inputs[foldedName("instructions")] ?? "").prefix(4_000)),
                notifyUsers: names(inputs[foldedName("notifyUsers")]),
                approvers: names(inputs[foldedName("approvers")]),
                allowsRequester: foldedName(inputs[foldedName("allowApproversToApproveTheirOwnRuns")] ?? "true")
                    != "false",
                resumesOnTimeout: foldedName(onTimeout) == "resume"
            )
        )
    }

    private static func names(_ text: String?) -> [String] {
        (text ?? "").split { $0 == "," || $0 == ";" || $0.isNewline }.map { String($0).trimmingBlanks() }
            .filter { !$0.isEmpty }
    }
}
