import RoostLanguage
public import RoostModel

extension RunPlanner {
    /// Whether the checks of all that a stage uses have passed; asks for them the first time.
    ///
    /// Does nothing for a stage that uses nothing checked, nor where nobody keeps gates.
    mutating func passesGate(_ stage: PlannedStage, _ scope: ProgressScope) throws(ProgressFault) -> Bool {
        guard let gates = snapshot.gates, snapshot.isChecked(stage) else { return true }
        switch gates[stage.name] {
        case .passed: return true
        case .waiting: return false
        case .refused(let result, let issue):
            refuse(stage, result, issue)
            return false
        case nil:
            decide(.openGate(stage: stage.name, try environments(of: stage, scope)))
            return false
        }
    }

    private func environments(of stage: PlannedStage, _ scope: ProgressScope) throws(ProgressFault) -> [EnvironmentUse]
    {
        var uses: [EnvironmentUse] = []
        for job in stage.jobs {
            guard let planned = job.deployment?.environment else { continue }
            let use = try environmentUse(planned, scope.withLiterals(of: job))
            if !uses.contains(where: { PlanName($0.name) == PlanName(use.name) }) { uses.append(use) }
        }
        return uses
    }

    /// The environment a deployment means.
    func environmentUse(_ planned: PlannedEnvironment, _ scope: ProgressScope) throws(ProgressFault) -> EnvironmentUse {
        let resolver = EnvironmentResolver(scope: scope, known: snapshot.environments)
        return try resolver.use(planned)
    }

    /// The first job of the stage shows why the stage did not begin, the others are skipped.
    mutating func refuse(_ stage: PlannedStage, _ result: TaskResult, _ issue: Issue) {
        guard let place = stageGraph.place(of: stage.name) else { return }
        var isFirst = true
        for job in stage.jobs where records[stage.name, job.name].isEmpty {
            let draft = plainDraft(place, job)
            decide(
                isFirst
                    ? .refuse(draft, result, issue) : .skip(draft, because: .checksRefused(stage.name, issue.message))
            )
            isFirst = false
        }
    }
}

/// Evaluates the texts of an environment that a deployment names.
struct EnvironmentResolver {
    let scope: ProgressScope
    let known: [EnvironmentFacts]

    func use(_ planned: PlannedEnvironment) throws(ProgressFault) -> EnvironmentUse {
        let text = try resolved(planned.name)
        var use = EnvironmentUse(name: text, place: planned.name.place)
        if let resource = planned.resourceName ?? planned.resourceID {
            use.resource = try resolved(resource)
        } else if !known.contains(where: { PlanName($0.name) == PlanName(text) }), let dot = text.firstIndex(of: ".") {
            use.name = String(text[..<dot])
            use.resource = String(text[text.index(after: dot)...])
        }
        use.tags = planned.tags.map(scope.variables.expand)
        return use
    }

    private func resolved(_ text: PlannedText) throws(ProgressFault) -> String {
        let value = try scope.text(text).trimmingBlanks()
        if let unknown = macroNames(in: value).first {
            throw ProgressFault(
                "environment.unknown-variable",
                "The environment '\(text.text)' uses the variable '\(unknown)', which is not defined when the stage begins.",
                place: text.place,
                advice: "Define it for the pipeline or the stage; outputs of the same stage come too late for a check."
            )
        }
        guard !value.isEmpty else {
            throw ProgressFault(
                "environment.empty",
                "The name of the environment is empty.",
                place: text.place,
                advice: "Write the name of an environment; it is made when there is none."
            )
        }
        return value
    }
}

extension ProgressScope {
    /// With those variables of a job that are known before it begins.
    func withLiterals(of job: PlannedJob) -> ProgressScope {
        let inner = inner()
        inner.define(job.variables.filter { Self.expression(in: $0.value.text) == nil })
        return inner
    }
}

extension RunSnapshot {
    /// Whether a stage may have to wait for checks.
    func isChecked(_ stage: PlannedStage) -> Bool { stage.usesEnvironments || guardedStages.contains(stage.name) }
}

extension PlannedStage {
    /// Whether a job of it deploys to an environment.
    var usesEnvironments: Bool { jobs.contains { $0.deployment?.environment != nil } }
}

extension RunPlan {
    /// Whether a job of it deploys to an environment.
    public var usesEnvironments: Bool { stages.contains { $0.usesEnvironments } }
}
