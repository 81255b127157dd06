import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The steps of a deployment's hooks, in the order in which they run.
    ///
    /// The hooks of a deployment become one job: those before and after the deployment itself in order, then what follows on success or
    /// failure, each step of which has the condition for it.
    func deploymentSteps(_ draft: Draft) -> [PlannedStep] {
        let fields = draft.fields
        checkEnvironment(draft)
        guard let mapping = fields.fields("strategy") else {
            if !fields.mapping.isPartial, fields.mapping["strategy"]?.isUnknown != true {
                log.error(
                    "deployment.strategy",
                    "The deployment \(draft.name) has no strategy",
                    at: draft.place,
                    advice: "Write 'strategy:', 'runOnce:', 'deploy:' and 'steps:', each below the other."
                )
            }
            return []
        }
        let strategy = Fields(mapping, PipelineKeys.deploymentStrategies, noun: "The strategy of a deployment", log)
        guard let kind = PipelineKeys.deploymentStrategies.first(where: strategy.has) else {
            // Keys that are there and none of these are reported already.
            if !mapping.isPartial, mapping.pairs.isEmpty { unclear(mapping, PipelineKeys.deploymentStrategies) }
            return []
        }
        if kind != "runOnce" { limitation("The strategy '\(kind)' is carried out once, as 'runOnce'", mapping, kind) }
        guard let hooks = strategy.fields(kind) else { return [] }
        let extra = kind == "rolling" ? ["maxParallel"] : (kind == "canary" ? ["increments"] : [])
        let hookFields = Fields(hooks, PipelineKeys.hooks + extra, noun: "The strategy '\(kind)'", log)
        var planner = StepPlanner(builder: self)
        var steps: [PlannedStep] = []
        for hook in PipelineKeys.hooks.dropLast() {
            if let body = hookFields.fields(hook) { steps += hookSteps(body, hook, &planner) }
        }
        if let on = hookFields.fields("on") { steps += endSteps(on, &planner) }
        return steps
    }

    private func hookSteps(_ mapping: SyntaxMapping, _ hook: String, _ planner: inout StepPlanner) -> [PlannedStep] {
        let fields = Fields(mapping, ["steps", "pool"], noun: "The hook '\(hook)'", log)
        limitation("The hook '\(hook)' runs in the pool of its job", mapping, "pool")
        return fields.list("steps").map { planner.steps($0) } ?? []
    }

    private func endSteps(_ mapping: SyntaxMapping, _ planner: inout StepPlanner) -> [PlannedStep] {
        let fields = Fields(mapping, ["success", "failure"], noun: "'on'", log)
        var steps = fields.fields("success").map { hookSteps($0, "success", &planner) } ?? []
        for var step in fields.fields("failure").map({ hookSteps($0, "failure", &planner) }) ?? [] {
            step.condition =
                step.condition.map { PlannedText("and(failed(), \($0.text))", place: $0.place) }
                ?? PlannedText("failed()")
            steps.append(step)
        }
        return steps
    }

    private func checkEnvironment(_ draft: Draft) {
        let fields = draft.fields
        switch fields.node("environment") {
        case .mapping(let mapping):
            let keys = ["name", "resourceName", "resourceId", "resourceType", "tags"]
            _ = Fields(mapping, keys, noun: "An environment", log)
        case .scalar, .unknown: break
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'environment' is a name or a mapping."
            )
        case nil: return
        }
        limitation("Approvals and checks of the environment are not asked for", fields.mapping, "environment")
    }
}
