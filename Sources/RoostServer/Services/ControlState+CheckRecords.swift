import FoundationEssentials
import RoostModel

extension RecordKind {
    static let checkpoint = RecordKind(rawValue: "Checkpoint")

    /// Kinds as Azure DevOps names them; clients look for approvals by theirs.
    fileprivate init(_ check: CheckKind) {
        switch check {
        case .approval: self.init(rawValue: "Checkpoint.Approval")
        case .exclusiveLock: self.init(rawValue: "Checkpoint.ExclusiveLock")
        case .branchControl, .businessHours: self.init(rawValue: "Checkpoint.TaskCheck")
        case .requiredTemplate: self.init(rawValue: "Checkpoint.ExtendsCheck")
        case .permission: self.init(rawValue: "Checkpoint.Authorization")
        }
    }
}

extension ControlState {
    /// The records of a stop and of its checks; a stop without checks has none.
    mutating func putRecords(of checkpoint: Checkpoint, _ now: Date) {
        guard let active = runs[checkpoint.run], !checkpoint.checks.isEmpty else { return }
        let stage = active.stageRecord(checkpoint.stage)
        let order = active.records[stage]?.order
        let id = RecordID(checkpoint.id.rawValue)
        let made = TimelineRecord(
            id: id,
            parent: stage,
            kind: .checkpoint,
            name: "Checkpoint",
            refName: "Checkpoint",
            identifier: "\(checkpoint.stage).Checkpoint",
            order: order,
            startedAt: checkpoint.createdAt
        )
        runs[checkpoint.run]?.update(id, at: now, make: { made }) { $0.show(checkpoint) }
        for (place, check) in checkpoint.checks.enumerated() {
            let made = TimelineRecord(
                id: RecordID(check.id.rawValue),
                parent: id,
                kind: RecordKind(check.kind),
                name: "\(check.kind.title) · \(check.environmentName)",
                refName: check.environmentName,
                identifier: "\(checkpoint.stage).Checkpoint.\(check.check.map { "\($0)" } ?? "Permission\(place + 1)")",
                order: (order ?? 0) * 1000 + place + 1,
                startedAt: check.beganAt
            )
            runs[checkpoint.run]?.update(made.id, at: now, make: { made }) { $0.show(check) }
        }
    }
}

extension TimelineRecord {
    fileprivate mutating func show(_ checkpoint: Checkpoint) {
        switch checkpoint.state {
        case .checking, .queued: state = .inProgress
        case .passed(let at): finish(.succeeded, at)
        case .refused(let refusal, let at):
            finish(refusal.result, at)
            resultCode = refusal.sentence
        case .released(let at): finish(result ?? .skipped, finishedAt ?? at)
        }
    }

    fileprivate mutating func show(_ check: CheckRun) {
        if let last = check.decisions.last { workerName = last.by }
        switch check.outcome {
        case nil: state = .inProgress
        case .passed(let at): finish(.succeeded, at)
        case .failed(let at): finish(.failed, at)
        case .timedOut(let at): finish(.abandoned, at)
        case .dropped(let at): finish(.skipped, at)
        }
    }

    private mutating func finish(_ result: TaskResult, _ moment: Date) {
        state = .completed
        self.result = result
        finishedAt = moment
    }
}
