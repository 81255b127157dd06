import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// The jobs of a list, with what each waits for; the stage is nil when the file has none.
    func jobs(_ list: SyntaxSequence, _ pool: DraftPool?, in stage: String?, at place: SyntaxPlace) -> [PlannedJob] {
        let drafts = named(list, "job", PipelineKeys.jobKinds, PipelineKeys.job, PipelineKeys.deployment)
        let owner = stage.map { "The stage \($0)" } ?? "The pipeline"
        if drafts.isEmpty, !list.isPartial, list.items.isEmpty {
            log.error(
                "pipeline.no-jobs",
                "\(owner) has no jobs",
                at: place,
                advice: "Write at least one job, after '- '."
            )
        }
        if drafts.count > limits.jobsPerStage {
            log.error(
                "pipeline.too-many-jobs",
                "\(owner) has \(drafts.count) jobs; at most \(limits.jobsPerStage) are allowed",
                at: place,
                advice: "Spread them over several stages."
            )
        }
        var nodes = drafts.map { DependencyCheck.Node(name: $0.name, place: $0.place, dependsOn: dependsOn($0.fields)) }
        DependencyCheck(noun: "job", log: log, isPartial: list.isPartial).resolve(&nodes, followsPrevious: false)
        let stages = check.surroundings.stages
        return zip(drafts, nodes).map { draft, node in
            check.surroundings = .init(
                owner: "The job \(draft.name)",
                dependencies: list.isPartial ? nil : node.resolved,
                stages: stages
            )
            return job(draft, node.resolved, pool)
        }
    }

    private func job(_ draft: Draft, _ dependsOn: [String], _ pool: DraftPool?) -> PlannedJob {
        let fields = draft.fields
        let isDeployment = draft.kind == "deployment"
        let strategy = isDeployment ? JobStrategy.single : self.strategy(fields)
        let pool = self.pool(fields) ?? pool
        var builder = self
        builder.isInForeignJob = noteForeignSystem(pool, strategy, job: draft.name)
        let deployment = isDeployment ? builder.deployment(draft) : nil
        var job = PlannedJob(
            name: draft.name,
            displayName: fields.text("displayName") ?? draft.name,
            dependsOn: dependsOn,
            condition: condition(fields, of: .job),
            strategy: strategy,
            pool: pool?.planned,
            timeoutInMinutes: fields.minutes("timeoutInMinutes"),
            cancelTimeoutInMinutes: fields.minutes("cancelTimeoutInMinutes"),
            continueOnError: fields.boolText("continueOnError"),
            workspaceCleaning: workspace(fields),
            variables: variables(fields),
            steps: isDeployment ? deployment.map(steps(of:)) ?? [] : builder.steps(of: draft),
            retryCountOnMachineFailure: fields.count("retryCountOnMachineFailure") ?? 0,
            deployment: deployment
        )
        if job.displayName.isEmpty { job.displayName = draft.name }
        checkLater(fields, ["timeoutInMinutes", "cancelTimeoutInMinutes", "continueOnError"])
        job.containers = containers(fields, job)
        settleServerJob(&job, fields)
        return job
    }

    /// The one job of a file with steps at its root.
    func rootJob(_ fields: Fields, _ pool: DraftPool?) -> PlannedJob {
        let place = fields.mapping.pair("steps")?.key.place ?? fields.place
        checkLater(fields, ["timeoutInMinutes", "cancelTimeoutInMinutes", "continueOnError"])
        let strategy = strategy(fields)
        var builder = self
        builder.isInForeignJob = noteForeignSystem(pool, strategy, job: "Job")
        var job = PlannedJob(
            name: "Job",
            displayName: "Job",
            strategy: strategy,
            pool: pool?.planned,
            timeoutInMinutes: fields.minutes("timeoutInMinutes"),
            cancelTimeoutInMinutes: fields.minutes("cancelTimeoutInMinutes"),
            continueOnError: fields.boolText("continueOnError"),
            workspaceCleaning: workspace(fields),
            steps: builder.steps(fields, of: "The pipeline", job: "Job", at: place)
        )
        job.containers = containers(fields, job)
        settleServerJob(&job, fields)
        return job
    }

    private func checkLater(_ fields: Fields, _ keys: [String]) {
        for key in keys {
            if case .scalar(let scalar)? = fields.node(key) { check.value(scalar, isVariable: false) }
        }
    }

    private func workspace(_ fields: Fields) -> WorkspaceCleaning? {
        guard let mapping = fields.fields("workspace") else { return nil }
        let words = ["outputs", "resources", "all"]
        return Fields(mapping, PipelineKeys.workspace, noun: "A workspace", log).word("clean", words)
            .flatMap(WorkspaceCleaning.init(rawValue:))
    }

    private func containers(_ fields: Fields, _ job: PlannedJob) -> PlannedContainers? {
        checkUses(fields)
        return ContainerReader(log: log, limitations: limitations, check: check).containers(
            fields,
            job.steps,
            resources
        )
    }

    /// `uses` of a job: repositories and pools it needs beside those its steps name.
    private func checkUses(_ fields: Fields) {
        guard let mapping = fields.fields("uses") else { return }
        let uses = Fields(mapping, ["repositories", "pools"], noun: "'uses'", log)
        _ = uses.texts("pools")
        for name in uses.texts("repositories") { checkRepository(name) }
    }

    // MARK: Strategy

    private func strategy(_ fields: Fields) -> JobStrategy {
        guard let mapping = fields.fields("strategy") else { return .single }
        let strategy = Fields(mapping, PipelineKeys.matrixStrategy, noun: "A strategy", log)
        let maxParallel = copyCount("maxParallel", strategy, otherwise: 0)
        if strategy.has("matrix"), let pair = mapping.pair("parallel"), !pair.value.isNull {
            log.error(
                "strategy.two-kinds",
                "Unexpected value 'parallel'",
                at: pair.key.place,
                advice: "A strategy has either 'matrix' or 'parallel'; 'maxParallel' limits how many legs run at once."
            )
        }
        if strategy.has("matrix") { return matrix(strategy, maxParallel) }
        guard strategy.node("parallel") != nil else { return .single }
        let count = copyCount("parallel", strategy, otherwise: 1)
        if let count = count.known, count <= 1 { return .single }
        return .parallel(count: count, maxParallel: maxParallel)
    }

    /// A count that may be known only when the job's turn comes.
    private func copyCount(_ key: String, _ fields: Fields, otherwise: Int) -> CopyCount {
        guard case .scalar(let scalar)? = fields.node(key), scalar.isKnownLater else {
            return .known(fields.count(key) ?? otherwise)
        }
        check.value(scalar, isVariable: false)
        return .computed(scalar.planned)
    }

    private func matrix(_ fields: Fields, _ maxParallel: CopyCount) -> JobStrategy {
        if case .scalar(let scalar)? = fields.node("matrix"), scalar.isKnownLater {
            check.value(scalar, isVariable: false)
            return .computedMatrix(scalar.planned, maxParallel: maxParallel)
        }
        guard let mapping = fields.fields("matrix") else { return .single }
        let legs = mapping.pairs.compactMap(leg)
        return legs.isEmpty ? .single : .matrix(legs: legs, maxParallel: maxParallel)
    }

    private func leg(_ pair: SyntaxPair) -> MatrixLeg? {
        let name = pair.key
        guard !name.string.trimmingBlanks().isEmpty, name.text.count <= 100 else {
            log.error(
                "matrix.leg-name",
                "The name of a matrix leg must have 1 to 100 characters",
                at: name.place,
                advice: "Use letters, digits and '_', such as 'linux_x64'."
            )
            return nil
        }
        switch pair.value {
        case .mapping(let mapping): return MatrixLeg(name: name.text, variables: mapping.pairs.compactMap(legVariable))
        case .scalar(let scalar) where scalar.string.isEmpty: return MatrixLeg(name: name.text, variables: [])
        case .scalar, .sequence:
            log.error(
                "matrix.leg",
                "Expected a mapping",
                at: pair.value.place,
                advice: "A leg of a matrix is a mapping of variables: '\(name.text):', and below it 'NAME: value'."
            )
        case .unknown: break
        }
        return nil
    }

    private func legVariable(_ pair: SyntaxPair) -> PlannedVariable? {
        switch pair.value {
        case .scalar(let scalar):
            check.value(scalar, isVariable: false)
            return PlannedVariable(name: pair.key.text, value: scalar.planned)
        case .mapping, .sequence:
            log.error(
                "matrix.variable",
                pair.value.sequence == nil ? "A mapping was not expected" : "A sequence was not expected",
                at: pair.value.place,
                advice: "Values of a matrix leg are texts."
            )
        case .unknown: break
        }
        return nil
    }
}
