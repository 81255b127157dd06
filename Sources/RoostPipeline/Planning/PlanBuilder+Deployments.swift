import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// What makes a job a deployment; nil when its strategy cannot be read, which is reported.
    func deployment(_ draft: Draft) -> PlannedDeployment? {
        let environment = environment(draft.fields)
        guard let (strategy, hooks) = deploymentStrategy(draft) else { return nil }
        return PlannedDeployment(environment: environment, strategy: strategy, hooks: hooks)
    }

    /// The steps of all hooks behind each other, for those who carry a deployment out as one job.
    ///
    /// Names are unique in a hook only, so a name that comes again gets a number; steps for a failure have the condition for it.
    func steps(of deployment: PlannedDeployment) -> [PlannedStep] {
        var names: Set<String> = []
        return deployment.hooks.flatMap { hook in
            hook.steps.map { step in
                var step = step
                if hook.kind == .onFailure {
                    step.condition =
                        step.condition.map { PlannedText("and(failed(), \($0.text))", place: $0.place) }
                        ?? PlannedText("failed()")
                }
                var number = 2
                let name = step.name
                while !names.insert(foldedName(step.name)).inserted {
                    step.name = "\(name)_\(number)"
                    number += 1
                }
                return step
            }
        }
    }

    // MARK: Strategy

    private func deploymentStrategy(_ draft: Draft) -> (DeploymentStrategy, [PlannedHook])? {
        let fields = draft.fields
        guard let mapping = fields.fields("strategy") else {
            if !fields.mapping.isPartial, fields.mapping["strategy"]?.isUnknown != true { noStrategy(draft) }
            return nil
        }
        let kinds = PipelineKeys.deploymentStrategies
        let strategy = Fields(mapping, kinds, noun: "The strategy of a deployment", log)
        guard let kind = kinds.first(where: strategy.has) else {
            // Keys that are there and none of these are reported already.
            if !mapping.isPartial, mapping.pairs.isEmpty { unclear(mapping, kinds) }
            return nil
        }
        for other in kinds where other != kind { secondStrategy(mapping, other, after: kind) }
        guard let hooks = strategy.fields(kind) else {
            if strategy.node(kind)?.scalar?.string.isEmpty ?? true { noDeploy(kind, mapping.pair(kind)?.key.place) }
            return nil
        }
        let extra = kind == "rolling" ? ["maxParallel"] : (kind == "canary" ? ["increments"] : [])
        let hookFields = Fields(hooks, PipelineKeys.hooks + extra, noun: "The strategy '\(kind)'", log)
        if !hookFields.has("deploy"), !hooks.isPartial, nearKeys(of: hooks, to: "deploy").isEmpty {
            noDeploy(kind, mapping.pair(kind)?.key.place)
        }
        return (self.strategy(kind, hookFields), plannedHooks(hookFields, of: draft.name))
    }

    private func strategy(_ kind: String, _ fields: Fields) -> DeploymentStrategy {
        switch kind {
        case "rolling": .rolling(maxParallel: countOrPercent("maxParallel", fields))
        case "canary": .canary(increments: increments(fields))
        default: .runOnce
        }
    }

    /// `2`, `50%` or a macro.
    private func countOrPercent(_ key: String, _ fields: Fields) -> PlannedText? {
        guard let scalar = fields.scalar(key), !scalar.string.isEmpty else { return nil }
        if scalar.isKnownLater { return scalar.planned }
        let digits = scalar.text.hasSuffix("%") ? scalar.text.dropLast() : scalar.text[...]
        if let number = Int(digits), number > 0, !scalar.text.hasSuffix("%") || number <= 100 { return scalar.planned }
        fields.wrongValue(scalar, "'\(key)' is a number of targets, 1 or more, or a percentage such as 50%.")
        return nil
    }

    /// Percentages that grow.
    private func increments(_ fields: Fields) -> [Int] {
        var result: [Int] = []
        for scalar in fields.texts("increments") {
            guard let number = Int(scalar.text), (1...100).contains(number) else {
                fields.wrongValue(scalar, "An increment is a percentage from 1 to 100, without a sign.")
                continue
            }
            if let last = result.last, number <= last {
                fields.wrongValue(scalar, "Increments grow; \(number) comes after \(last).")
                continue
            }
            result.append(number)
        }
        return result
    }

    // MARK: Hooks

    private func plannedHooks(_ fields: Fields, of job: String) -> [PlannedHook] {
        var hooks = PipelineKeys.hooks.dropLast().compactMap { key in
            PlannedHook.Kind(rawValue: key).flatMap { hook(key, $0, fields, job) }
        }
        if let on = fields.fields("on") {
            let ends = Fields(on, ["success", "failure"], noun: "'on'", log)
            hooks += [hook("success", .onSuccess, ends, job), hook("failure", .onFailure, ends, job)].compactMap { $0 }
        }
        return hooks
    }

    private func hook(_ key: String, _ kind: PlannedHook.Kind, _ fields: Fields, _ job: String) -> PlannedHook? {
        guard let mapping = fields.fields(key) else { return nil }
        let fields = Fields(mapping, ["steps", "pool"], noun: "The hook '\(key)'", log)
        let pool = pool(fields)
        var builder = self
        if let pool { builder.isInForeignJob = noteForeignSystem(pool, .single, job: job) }
        var planner = StepPlanner(builder: builder, job: job)
        var steps = fields.list("steps").map { planner.steps($0) } ?? []
        if kind == .deploy, !steps.isEmpty, !planner.hasDownload { steps = planner.implicitDownloads() + steps }
        return steps.isEmpty ? nil : PlannedHook(kind: kind, pool: pool?.planned, steps: steps)
    }

    // MARK: Environment

    /// `name`, `name.resource` or a mapping.
    private func environment(_ fields: Fields) -> PlannedEnvironment? {
        switch fields.node("environment") {
        case .scalar(let scalar):
            guard !scalar.string.trimmingBlanks().isEmpty else { return nil }
            let (name, resource) = Self.nameAndResource(scalar)
            return PlannedEnvironment(name: name, resourceName: resource)
        case .mapping(let mapping): return environment(mapping)
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'environment' is a name or a mapping."
            )
        case .unknown, nil: break
        }
        return nil
    }

    private func environment(_ mapping: SyntaxMapping) -> PlannedEnvironment? {
        guard !mapping.pairs.isEmpty else { return nil }
        let keys = ["name", "resourceName", "resourceId", "resourceType", "tags"]
        let fields = Fields(mapping, keys, noun: "An environment", log)
        let type = fields.word("resourceType", ["virtualMachine", "Kubernetes"])
        let tags = fields.texts("tags").flatMap { $0.text.split(separator: ",") }.map { String($0).trimmingBlanks() }
        guard let scalar = fields.scalar("name"), !scalar.string.trimmingBlanks().isEmpty else {
            if !mapping.isPartial, !fields.has("name") || mapping["name"]?.isNull == true {
                log.error(
                    "deployment.environment",
                    "The environment has no name",
                    at: mapping.pairs[0].key.place,
                    advice: "Write 'name:' with the name of an environment."
                )
            }
            return nil
        }
        let (name, behindDot) = Self.nameAndResource(scalar)
        return PlannedEnvironment(
            name: name,
            resourceName: fields.filled("resourceName") ?? behindDot,
            resourceID: fields.filled("resourceId"),
            resourceType: type,
            tags: tags.filter { !$0.isEmpty }
        )
    }

    /// A dot divides the name from a resource, unless it belongs to a macro.
    private static func nameAndResource(_ scalar: SyntaxScalar) -> (PlannedText, PlannedText?) {
        let text = scalar.text.trimmingBlanks()
        guard !text.contains("$("), let dot = text.firstIndex(of: "."), dot != text.startIndex else {
            return (PlannedText(text, place: scalar.place.text), nil)
        }
        let resource = String(text[text.index(after: dot)...])
        let name = PlannedText(String(text[..<dot]), place: scalar.place.text)
        return (name, resource.isEmpty ? nil : PlannedText(resource, place: scalar.place.text))
    }

    // MARK: Problems

    private func noStrategy(_ draft: Draft) {
        log.error(
            "deployment.strategy",
            "The deployment \(draft.name) has no strategy",
            at: draft.place,
            advice: "Write 'strategy:', 'runOnce:', 'deploy:' and 'steps:', each below the other."
        )
    }

    private func secondStrategy(_ mapping: SyntaxMapping, _ other: String, after kind: String) {
        guard let pair = mapping.pair(other) else { return }
        log.error(
            "deployment.two-strategies",
            "Unexpected value '\(other)'",
            at: pair.key.place,
            advice: "The deployment has the strategy '\(kind)' already; it has exactly one."
        )
    }

    private func noDeploy(_ kind: String, _ place: SyntaxPlace?) {
        guard let place else { return }
        log.error(
            "deployment.no-deploy",
            "The strategy '\(kind)' has no 'deploy'",
            at: place,
            advice: "Write 'deploy:' below it, and below that 'steps:'."
        )
    }

    private func nearKeys(of mapping: SyntaxMapping, to key: String) -> [String] {
        mapping.pairs.map(\.key.text).filter { !PipelineKeys.hooks.contains($0) && nearName($0, among: [key]) != nil }
    }
}
