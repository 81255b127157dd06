import FoundationEssentials
import RoostModel
import RoostPipeline

extension ControlState {
    /// Records of all stages and jobs of the file, pending, so that a page can draw the whole run from the start.
    mutating func makeRecords(of id: RunID, _ now: Date) {
        guard let active = runs[id] else { return }
        var order = 0
        for stage in active.run.plan.stages {
            order += 1
            let stageID = active.stageRecord(stage.name)
            let stageRecord = TimelineRecord(
                id: stageID,
                kind: .stage,
                name: stage.displayName,
                refName: stage.name,
                identifier: stage.name,
                order: order
            )
            runs[id]?.update(stageID, at: now, make: { stageRecord }) { _ in }
            for job in stage.jobs {
                order += 1
                let phaseID = active.phaseRecord(stage.name, job.name)
                let phase = TimelineRecord(
                    id: phaseID,
                    parent: stageID,
                    kind: .phase,
                    name: job.displayName,
                    refName: job.name,
                    identifier: "\(stage.name).\(job.name)",
                    order: order
                )
                runs[id]?.update(phaseID, at: now, make: { phase }) { _ in }
            }
        }
    }

    /// A job's record as its state says it.
    mutating func putJobRecord(_ job: Job, _ now: Date, issue: Issue? = nil, note: String? = nil) {
        guard let active = runs[job.run] else { return }
        let id = RecordID(job.id.rawValue)
        let made = TimelineRecord(
            id: id,
            parent: active.phaseRecord(job.stage, job.name),
            kind: .job,
            name: job.displayName,
            refName: job.leg ?? "__default",
            identifier: "\(job.stage).\(job.name).\(job.leg ?? "__default")",
            order: active.records[active.phaseRecord(job.stage, job.name)]?.order.map { $0 * 1000 + job.position },
            attempt: job.attempt
        )
        runs[job.run]?.update(id, at: now, make: { made }) { record in
            if let result = job.state.result {
                record.state = .completed
                record.result = result
                record.finishedAt = job.finishedAt ?? now
                record.percentComplete = 100
            }
            record.workerName = job.agentName ?? record.workerName
            record.resultCode = note ?? record.resultCode
            if let issue {
                record.issues.append(issue)
                if issue.kind == .error { record.errorCount += 1 } else { record.warningCount += 1 }
            }
        }
    }

    /// Steps of a job that ended without saying how they ended.
    mutating func completeTaskRecords(below job: Job, _ now: Date) {
        let records = runs[job.run]?.records ?? [:]
        let steps = Set(records.values.filter { $0.parent?.rawValue == job.id.rawValue }.map(\.id))
        var below = steps
        while true {
            let more = records.values.filter { $0.parent.map(below.contains) ?? false && !below.contains($0.id) }
            if more.isEmpty { break }
            below.formUnion(more.map(\.id))
        }
        let open = runs[job.run]?.records.values.filter { below.contains($0.id) && $0.state != .completed }
        for record in open ?? [] {
            runs[job.run]?.update(record.id, at: now) { record in
                record.result =
                    record.state == .pending ? .skipped : (job.state.result == .abandoned ? .abandoned : .canceled)
                record.state = .completed
                record.finishedAt = record.startedAt == nil ? nil : now
            }
        }
    }

    /// Stage and phase records follow from the jobs below them.
    mutating func updateStageRecords(of id: RunID, _ now: Date) {
        guard let active = runs[id] else { return }
        let standing = RunStanding(RunSnapshot(run: active.run, jobs: active.jobList, counters: active.counters))
        for stage in active.run.plan.stages {
            for planned in stage.jobs {
                show(
                    standing.phase(stage: stage.name, job: planned.name),
                    in: active.phaseRecord(stage.name, planned.name),
                    id,
                    now
                )
            }
            show(standing.stage(stage.name), in: active.stageRecord(stage.name), id, now)
        }
    }

    private mutating func show(_ standing: Standing, in record: RecordID, _ run: RunID, _ now: Date) {
        runs[run]?.update(record, at: now) { record in
            record.state = standing.state
            record.result = standing.result
            record.startedAt = standing.startedAt ?? record.startedAt
            record.finishedAt = standing.finishedAt
        }
    }
}

extension JobEvent {
    /// Why a machine counts as lost.
    func machineFailureText(_ agent: String) -> String {
        switch self {
        case .leaseExpired:
            "We stopped hearing from agent \(agent). Verify the machine is running and has a healthy network connection."
        case .agentRemoved: "Agent \(agent) was removed while it ran this job."
        case .cancelDeadlinePassed: "Agent \(agent) did not end the job within the time for its cancellation."
        default: "Agent \(agent) was lost while it ran this job."
        }
    }
}
