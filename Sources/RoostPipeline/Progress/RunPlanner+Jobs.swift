import FoundationEssentials
import RoostLanguage
import RoostModel

extension RunPlanner {
    /// Decides what can be decided about the jobs of a stage that has begun.
    mutating func advanceJobs(of stagePlace: Int) {
        let stage = plan.stages[stagePlace]
        let graph = DependencyGraph(stage.jobs.map { ($0.name, $0.dependsOn) })
        let isHit = isHitByCancel(stage)
        for (place, fault) in graph.faults.sorted(by: { $0.key < $1.key }) where isUndecided(stage, place) {
            let job = stage.jobs[place]
            decide(.fail(plainDraft(stagePlace, job), fault.problem(of: "job", job.name).issue))
        }
        for place in graph.order {
            let turn = JobTurn(stagePlace: stagePlace, stage: stage, job: stage.jobs[place], place: place, graph: graph)
            if !isUndecided(stage, place) {
                carryOn(turn, isHit: isHit)
            } else if graph.directDependencies(of: place).allSatisfy({ result(stage, $0) != nil }) {
                begin(turn, isHit: isHit)
            }
        }
    }

    /// A job of the plan whose turn it is.
    private struct JobTurn {
        let stagePlace: Int
        let stage: PlannedStage
        let job: PlannedJob
        let place: Int
        let graph: DependencyGraph
    }

    private func isUndecided(_ stage: PlannedStage, _ place: Int) -> Bool {
        records[stage.name, stage.jobs[place].name].isEmpty
    }

    private func result(_ stage: PlannedStage, _ place: Int) -> TaskResult? {
        records.result(stage.name, stage.jobs[place].name)
    }

    private func status(_ turn: JobTurn, isHit: Bool) -> DependencyStatus {
        DependencyStatus(
            name: turn.job.name,
            dependencies: turn.graph.allDependencies(of: turn.place).compactMap { place in
                result(turn.stage, place).map { .init(name: turn.stage.jobs[place].name, result: $0) }
            },
            isCanceling: snapshot.isCanceling || isHit,
            isHitByCancel: isHit
        )
    }

    private mutating func scope(_ turn: JobTurn) -> ProgressScope {
        let names = turn.graph.directDependencies(of: turn.place).map { turn.stage.jobs[$0].name }
        var scope = stageScope(turn.stagePlace).inner()
        scope.names["dependencies"] = records.jobs(names, of: turn.stage.name)
        scope.secretOutputs += records.secretOutputs(turn.stage.name, names)
        scope.variables.predefine("System.PhaseName", turn.job.name)
        scope.define(turn.job.variables)
        return scope
    }

    // MARK: The first time

    /// Makes, skips or fails a job all of whose dependencies ended.
    private mutating func begin(_ turn: JobTurn, isHit: Bool) {
        let scope = scope(turn)
        let status = status(turn, isHit: isHit)
        if reserveCounters() { return }
        let plain = plainDraft(turn.stage, turn.job, scope)
        do throws(ProgressFault) {
            let (holds, trace) = try scope.condition(turn.job.condition, status.functions)
            if !holds {
                decide(.skip(plain, because: skipReason(turn.stage, turn.job.condition, status, trace)))
                return
            }
            if let fault = scope.variables.fault { throw fault }
            let drafting = JobDrafting(stage: turn.stage, job: turn.job, scope: scope)
            let drafts = try turn.job.deployment == nil ? drafting.drafts() : drafting.deploymentDrafts(self)
            if reserveCounters() { return }
            for draft in drafts { decide(.create(draft, because: createReason(turn, trace))) }
        } catch {
            decide(.fail(plain, error.issue))
        }
    }

    private func createReason(_ turn: JobTurn, _ trace: EvaluationTrace) -> ProgressReason {
        if let condition = turn.job.condition, !condition.text.trimmingBlanks().isEmpty {
            return .conditionHolds(trace)
        }
        return turn.job.dependsOn.isEmpty ? .noDependencies : .dependenciesEnded(turn.job.dependsOn)
    }

    // MARK: Later

    /// Releases copies that were held back, or ends those not yet sent when the run is canceled and their condition does not hold any more.
    private mutating func carryOn(_ turn: JobTurn, isHit: Bool) {
        let copies = records[turn.stage.name, turn.job.name]
        if isHit, copies.contains(where: { $0.isUnsent }), !holdsAfterCancel(turn) {
            for copy in copies where copy.isUnsent {
                guard let id = copy.id else { continue }
                decide(.cancel(id, because: cancelReason(turn.stage)))
                records.set(.finished(.canceled), of: id, stage: turn.stage.name, job: turn.job.name)
            }
            return
        }
        if turn.job.deployment != nil {
            let scope = turn.job.deployment?.strategy.isRolling == true ? scope(turn) : nil
            return carryOnDeployment(turn.stage, turn.job, copies, scope)
        }
        guard copies.contains(where: { $0.state == .waiting }) else { return }
        let limit = maxParallel(turn)
        var running = copies.count { $0.isActive }
        for copy in copies where copy.state == .waiting && (limit == 0 || running < limit) {
            guard let id = copy.id else { continue }
            decide(.release(id, because: .slotFree(running: running, maxParallel: limit)))
            records.set(.queued, of: id, stage: turn.stage.name, job: turn.job.name)
            running += 1
        }
    }

    /// How many copies may run at once; what is computed was found to be a number when the copies were made.
    private mutating func maxParallel(_ turn: JobTurn) -> Int {
        if let known = turn.job.strategy.maxParallel.known { return max(0, known) }
        return (try? JobDrafting(stage: turn.stage, job: turn.job, scope: scope(turn)).maxParallel()) ?? 1
    }

    /// The limit of a job whose copies exist; the stage and the job are of the plan.
    mutating func maxParallel(_ stage: PlannedStage, _ job: PlannedJob) -> Int {
        let graph = DependencyGraph(stage.jobs.map { ($0.name, $0.dependsOn) })
        guard let stagePlace = stageGraph.place(of: stage.name), let place = graph.place(of: job.name) else { return 0 }
        return maxParallel(JobTurn(stagePlace: stagePlace, stage: stage, job: job, place: place, graph: graph))
    }

    private mutating func holdsAfterCancel(_ turn: JobTurn) -> Bool {
        let status = status(turn, isHit: true)
        let evaluated = try? scope(turn).condition(turn.job.condition, status.functions)
        return evaluated?.holds ?? false
    }

    // MARK: Drafts without copies

    /// A draft of a job of a stage that does not begin.
    mutating func plainDraft(_ stagePlace: Int, _ job: PlannedJob) -> JobDraft {
        plainDraft(plan.stages[stagePlace], job, stageScope(stagePlace))
    }

    private func plainDraft(_ stage: PlannedStage, _ job: PlannedJob, _ scope: ProgressScope) -> JobDraft {
        JobDraft(stage: stage.name, name: job.name, displayName: scope.variables.expand(job.displayName))
    }
}

extension CopyRecord {
    /// Not yet sent to an agent.
    fileprivate var isUnsent: Bool { state == .waiting || state == .queued }
}

extension JobStrategy {
    /// How many copies may run at once; 0 is no limit.
    var maxParallel: CopyCount {
        switch self {
        case .single: 0
        case .matrix(_, let limit), .computedMatrix(_, let limit), .parallel(_, let limit): limit
        }
    }
}
