import RoostModel

/// The stored shape of a planned stage.
struct PlanStageBody: Codable {
    var name: String
    var displayName: String
    var dependsOn: [String]?
    var condition: PlanBody.Text?
    var variables: [PlanBody.Variable]?
    var jobs: [PlanJobBody]
    var lockBehavior: LockBehavior?
    var trigger: StageTrigger?
    var isSkippable: Bool?

    init(_ stage: PlannedStage) {
        name = stage.name
        displayName = stage.displayName
        dependsOn = stage.dependsOn.isEmpty ? nil : stage.dependsOn
        condition = stage.condition.map { PlanBody.Text($0) }
        variables = [PlanBody.Variable](stage.variables)
        jobs = stage.jobs.map { PlanJobBody($0) }
        lockBehavior = stage.lockBehavior
        trigger = stage.trigger
        isSkippable = stage.isSkippable
    }

    var noun: PlannedStage {
        PlannedStage(
            name: name,
            displayName: displayName,
            dependsOn: dependsOn ?? [],
            condition: condition?.noun,
            variables: variables.nouns,
            jobs: jobs.map(\.noun),
            lockBehavior: lockBehavior,
            trigger: trigger,
            isSkippable: isSkippable
        )
    }
}

/// The stored shape of a planned job.
struct PlanJobBody: Codable {
    var name: String
    var displayName: String
    var dependsOn: [String]?
    var condition: PlanBody.Text?
    /// Nil is a single copy.
    var strategy: PlanStrategyBody?
    var pool: PlanBody.Pool?
    var timeoutInMinutes: PlanBody.Text?
    var cancelTimeoutInMinutes: PlanBody.Text?
    var continueOnError: PlanBody.Text?
    var workspaceCleaning: WorkspaceCleaning?
    var variables: [PlanBody.Variable]?
    var steps: [PlanStepBody]
    var retryCountOnMachineFailure: Int?
    var deployment: PlanDeploymentBody?
    var containers: PlanContainersBody?

    init(_ job: PlannedJob) {
        name = job.name
        displayName = job.displayName
        dependsOn = job.dependsOn.isEmpty ? nil : job.dependsOn
        condition = job.condition.map { PlanBody.Text($0) }
        strategy = PlanStrategyBody(job.strategy)
        pool = job.pool.map { PlanBody.Pool($0) }
        timeoutInMinutes = job.timeoutInMinutes.map { PlanBody.Text($0) }
        cancelTimeoutInMinutes = job.cancelTimeoutInMinutes.map { PlanBody.Text($0) }
        continueOnError = job.continueOnError.map { PlanBody.Text($0) }
        workspaceCleaning = job.workspaceCleaning
        variables = [PlanBody.Variable](job.variables)
        steps = job.steps.map { PlanStepBody($0) }
        retryCountOnMachineFailure = job.retryCountOnMachineFailure == 0 ? nil : job.retryCountOnMachineFailure
        deployment = job.deployment.map { PlanDeploymentBody($0) }
        containers = job.containers.map { PlanContainersBody($0) }
    }

    var noun: PlannedJob {
        PlannedJob(
            name: name,
            displayName: displayName,
            dependsOn: dependsOn ?? [],
            condition: condition?.noun,
            strategy: strategy?.noun ?? .single,
            pool: pool?.noun,
            timeoutInMinutes: timeoutInMinutes?.noun,
            cancelTimeoutInMinutes: cancelTimeoutInMinutes?.noun,
            continueOnError: continueOnError?.noun,
            workspaceCleaning: workspaceCleaning,
            variables: variables.nouns,
            steps: steps.map(\.noun),
            retryCountOnMachineFailure: retryCountOnMachineFailure ?? 0,
            deployment: deployment?.noun,
            containers: containers?.noun
        )
    }
}

/// The stored shape of a strategy: exactly one of the parts is there.
struct PlanStrategyBody: Codable {
    struct Leg: Codable {
        var name: String
        var variables: [PlanBody.Variable]?
    }

    var legs: [Leg]?
    var computed: PlanBody.Text?
    var count: Int?
    var computedCount: PlanBody.Text?
    var maxParallel: Int?
    var computedMaxParallel: PlanBody.Text?

    /// Nil for a single copy.
    init?(_ strategy: JobStrategy) {
        switch strategy {
        case .single:
            return nil
        case .matrix(let legs, let limit):
            self.legs = legs.map { Leg(name: $0.name, variables: [PlanBody.Variable]($0.variables)) }
            (maxParallel, computedMaxParallel) = Self.stored(limit)
        case .computedMatrix(let text, let limit):
            computed = PlanBody.Text(text)
            (maxParallel, computedMaxParallel) = Self.stored(limit)
        case .parallel(let copies, let limit):
            (count, computedCount) = Self.stored(copies)
            (maxParallel, computedMaxParallel) = Self.stored(limit)
        }
    }

    private static func stored(_ count: CopyCount) -> (Int?, PlanBody.Text?) {
        switch count {
        case .known(let number): (number, nil)
        case .computed(let text): (nil, PlanBody.Text(text))
        }
    }

    private static func noun(_ number: Int?, _ text: PlanBody.Text?) -> CopyCount? {
        text.map { .computed($0.noun) } ?? number.map { .known($0) }
    }

    var noun: JobStrategy {
        let limit = Self.noun(maxParallel, computedMaxParallel) ?? 0
        if let legs {
            return .matrix(
                legs: legs.map { MatrixLeg(name: $0.name, variables: $0.variables.nouns) },
                maxParallel: limit
            )
        }
        if let computed { return .computedMatrix(computed.noun, maxParallel: limit) }
        if let count = Self.noun(count, computedCount) { return .parallel(count: count, maxParallel: limit) }
        return .single
    }
}

/// The stored shape of a planned step.
struct PlanStepBody: Codable {
    var name: String
    var displayName: String
    var task: TaskBody
    var inputs: [String: String]?
    var environment: [String: String]?
    var condition: PlanBody.Text?
    var continueOnError: PlanBody.Text?
    var timeoutInMinutes: PlanBody.Text?
    var retryCountOnTaskFailure: Int?
    var place: String?
    var target: PlanTargetBody?

    init(_ step: PlannedStep) {
        name = step.name
        displayName = step.displayName
        task = TaskBody(step.task)
        inputs = step.inputs.isEmpty ? nil : step.inputs
        environment = step.environment.isEmpty ? nil : step.environment
        condition = step.condition.map { PlanBody.Text($0) }
        continueOnError = step.continueOnError.map { PlanBody.Text($0) }
        timeoutInMinutes = step.timeoutInMinutes.map { PlanBody.Text($0) }
        retryCountOnTaskFailure = step.retryCountOnTaskFailure == 0 ? nil : step.retryCountOnTaskFailure
        place = step.place.isEmpty ? nil : step.place
        target = step.target.map { PlanTargetBody($0) }
    }

    var noun: PlannedStep {
        PlannedStep(
            name: name,
            displayName: displayName,
            task: task.noun,
            inputs: inputs ?? [:],
            environment: environment ?? [:],
            condition: condition?.noun,
            continueOnError: continueOnError?.noun,
            timeoutInMinutes: timeoutInMinutes?.noun,
            retryCountOnTaskFailure: retryCountOnTaskFailure ?? 0,
            place: place ?? "",
            target: target?.noun
        )
    }
}
