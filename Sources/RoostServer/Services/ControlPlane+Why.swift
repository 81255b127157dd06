import FoundationEssentials
import RoostStore
public import RoostModel
import RoostPipeline

extension ControlPlane {
    /// Where a job is, and what it waits for.
    public func why(job id: JobID, run: RunID) async throws(ControlError) -> WaitSummary {
        if let summary = read({ state in state.job(id).map { self.wait(of: $0, state) } }) { return summary }
        let view = try await self.run(run)
        guard let job = view.jobs.first(where: { $0.id == id }) else { throw .jobNotFound(id.description) }
        return Self.ended(job)
    }

    /// The same, by the number of the job's request.
    public func why(request: RequestID) async throws(ControlError) -> WaitSummary {
        if let summary = read({ state in
            state.jobOfRequest[request].flatMap { state.job($0) }.map { self.wait(of: $0, state) }
        }) {
            return summary
        }
        let stored: Job?
        do { stored = try await store.job(request: request) } catch { throw .storeUnavailable(error) }
        guard let stored else { throw .requestNotFound(request.rawValue) }
        return Self.ended(stored)
    }

    /// The run whose job has a request.
    func run(ofRequest request: RequestID) async throws(ControlError) -> RunID {
        if let active = read({ state in state.jobOfRequest[request].flatMap { state.job($0)?.run } }) { return active }
        let stored: Job?
        do { stored = try await store.job(request: request) } catch { throw .storeUnavailable(error) }
        guard let stored else { throw .requestNotFound(request.rawValue) }
        return stored.run
    }

    /// Stages of a run that wait for other stages or for a person, in the order of the file.
    public func stageWaits(of run: RunID) -> [(stage: String, wait: WaitSummary)] {
        read { state in
            guard let active = state.runs[run], !active.run.state.isCompleted else { return [] }
            var snapshot = RunSnapshot(run: active.run, jobs: active.jobList)
            if state.mayHaveGates(active) { state.showGates(to: &snapshot) }
            return active.run.plan.stages.compactMap { stage in
                switch explainWaiting(stage: stage.name, in: snapshot) {
                case .stages(let pending)?:
                    let sentence = WaitExplanation.stages(pending).sentence
                    return (stage.name, WaitSummary(sentence: "Stage '\(stage.name)': \(sentence)", code: "dependency"))
                case .start?: return (stage.name, Self.startWait(stage.name))
                default: return nil
                }
            }
        }
    }

    /// Jobs that wait for an agent, in the order of their requests; nil is those of all pools.
    public func waitingJobs(in pool: PoolID?) -> [QueueEntry] {
        read { state in
            state.runs.values.flatMap { active in
                active.jobList.filter { $0.state == .queued && (pool == nil || $0.pool == pool) }.map { job in
                    QueueEntry(
                        job: job,
                        runNumber: active.run.number,
                        pipelineName: active.run.pipelineName,
                        wait: self.wait(of: job, state)
                    )
                }
            }
            .sorted { ($0.job.request?.rawValue ?? 0) < ($1.job.request?.rawValue ?? 0) }
        }
    }

    /// What the first waiting part of a run waits for; nil when something of it runs.
    func firstWait(of active: ActiveRun, _ state: borrowing ControlState) -> WaitSummary? {
        if active.run.state == .queued { return Self.pipelineLimit(active.run, state) }
        let open = active.jobList.filter { !$0.state.isFinished }
        if open.contains(where: { $0.state.lease != nil }) { return nil }
        if let wait = state.checkWaits(of: active.run.id).first, !open.contains(where: { $0.state == .queued }) {
            return wait.summary
        }
        if open.isEmpty, active.run.plan.hasManualStages {
            let snapshot = RunSnapshot(run: active.run, jobs: active.jobList)
            let stage = active.run.plan.stages.first { explainWaiting(stage: $0.name, in: snapshot) == .start }
            if let stage { return Self.startWait(stage.name) }
        }
        return open.first.map { wait(of: $0, state) }
    }

    private static func startWait(_ stage: String) -> WaitSummary {
        WaitSummary(sentence: "Stage '\(stage)': \(WaitExplanation.start.sentence)", code: "manual-stage")
    }

    private func wait(of job: Job, _ state: borrowing ControlState) -> WaitSummary {
        switch job.state {
        case .finished: return Self.ended(job)
        case .running(let lease):
            return WaitSummary(
                sentence: "Running on agent '\(lease.agentName)'.",
                code: "running",
                nearestAgent: lease.agentName
            )
        case .canceling(let lease, _):
            return WaitSummary(
                sentence: "Agent '\(lease.agentName)' is stopping it.",
                code: "canceling",
                nearestAgent: lease.agentName
            )
        case .assigned(let lease):
            return WaitSummary(
                sentence: "Sent to agent '\(lease.agentName)', which has not begun yet.",
                code: "assigned",
                nearestAgent: lease.agentName
            )
        case .waiting where job.hook != nil:
            return WaitSummary(
                sentence: "It waits for the hooks of its deployment that come before it.",
                code: "deployment-hook"
            )
        case .waiting:
            return WaitSummary(
                sentence: "Held back by 'maxParallel': other copies of the job run first.",
                code: "max-parallel"
            )
        case .serving: return Self.serving(job, deadline: state.serverDeadlines[job.id])
        case .queued:
            guard let request = job.request, let pool = job.pool.flatMap({ state.poolQueues[$0] }) else {
                return WaitSummary(sentence: "Its pool does not exist any more.", code: "no-pool")
            }
            let machine = state.elastic[pool.settings.id]?.memory.prospects[request]?.sentence
            return explainWait(request, in: pool, machine: machine).summary
        }
    }

    /// What a job without an agent waits for.
    private static func serving(_ job: Job, deadline: Date?) -> WaitSummary {
        if let place = job.server?.waitingValidation, let step = job.server?.steps[place],
            case .validation(let asked) = step.action
        {
            let who = asked.approvers.isEmpty ? "a person" : asked.approvers.joined(separator: ", ")
            return WaitSummary(
                sentence:
                    "'\(step.displayName)' waits for \(who) to resume or reject it ('roost run resume \(job.run)').",
                code: "manual-validation"
            )
        }
        let until = deadline.map { " until \($0.ISO8601Format())" } ?? ""
        return WaitSummary(sentence: "The server carries it out; it waits\(until).", code: "delay")
    }

    private static func ended(_ job: Job) -> WaitSummary {
        let result = job.state.result ?? .skipped
        return WaitSummary(sentence: "It has ended: \(result.rawValue).", code: "finished", nearestAgent: job.agentName)
    }

    private static func pipelineLimit(_ run: Run, _ state: borrowing ControlState) -> WaitSummary {
        let limit = state.pipelines[run.pipeline]?.concurrencyLimit ?? 0
        let ahead = state.runs.values.count {
            $0.run.pipeline == run.pipeline && !$0.run.state.isCompleted && $0.run.id < run.id
        }
        return WaitSummary(
            sentence:
                "Pipeline '\(run.pipelineName)' runs at most \(limit) at once; \(ahead) of its runs \(ahead == 1 ? "is" : "are") ahead.",
            code: "pipeline-limit"
        )
    }
}

extension WaitReason {
    /// As the control plane gives it out.
    var summary: WaitSummary {
        WaitSummary(
            sentence: sentence,
            code: code,
            nearestAgent: nearestAgent,
            unmetDemand: unmetDemand
        )
    }
}
