import FoundationEssentials
import RoostModel
import RoostWire

/// Makes the changes of timeline records that tell a job's life.
struct JobRecords: Sendable {
    let job: UUID
    let workerName: String
    let masker: SecretMasker

    /// Id of a record that stands for no step; the same whoever asks, so that another process can name it.
    enum OwnRecord: UInt8 {
        case initialize = 1
        case finalize = 2
        case initializeContainers = 3
        case stopContainers = 4

        func id(in job: UUID) -> UUID {
            var bytes = job.uuid
            // Version 8 of RFC 9562: made by a rule of one's own. Ids of jobs are of another version, so none is equal.
            bytes.6 = bytes.6 & 0x0F | 0x80
            bytes.15 ^= rawValue
            return UUID(uuid: bytes)
        }
    }

    /// Id of the record of a step's part after the job.
    static func postRecord(of step: UUID) -> UUID {
        var bytes = step.uuid
        bytes.6 = bytes.6 & 0x0F | 0x80
        bytes.15 ^= 0x10
        return UUID(uuid: bytes)
    }

    /// Id of the record of a step's part before the job.
    static func preRecord(of step: UUID) -> UUID {
        var bytes = step.uuid
        bytes.6 = bytes.6 & 0x0F | 0x80
        bytes.15 ^= 0x20
        return UUID(uuid: bytes)
    }

    /// The job begins.
    func jobStarted(refName: String, agentVersion: String, at now: Date) -> TimelineRecordWire {
        TimelineRecordWire(
            id: job,
            refName: refName,
            startTime: now,
            percentComplete: 0,
            state: RecordState.inProgress.rawValue,
            workerName: workerName,
            variables: ["agent.version": VariableValueWire(value: agentVersion, isSecret: false)]
        )
    }

    /// The job is over; its completion event follows.
    func jobFinished(_ result: TaskResult, issues: [Issue], at now: Date) -> TimelineRecordWire {
        TimelineRecordWire(
            id: job,
            finishTime: now,
            percentComplete: 100,
            state: RecordState.completed.rawValue,
            result: result.rawValue,
            errorCount: issues.count { $0.kind == .error },
            warningCount: issues.count { $0.kind == .warning },
            issues: issues.isEmpty ? nil : issues.map(IssueWire.init)
        )
    }

    /// What the job does before its first step.
    var initialization: TimelineRecordWire {
        pending(
            OwnRecord.initialize.id(in: job),
            name: "Initialize job",
            refName: "JobExtension_Init",
            order: 1,
            task: nil
        )
    }

    /// A step that waits for its turn.
    func pending(_ id: UUID, name: String, refName: String, order: Int, task: TaskReference?) -> TimelineRecordWire {
        TimelineRecordWire(
            id: id,
            parentId: job,
            type: RecordKind.task.rawValue,
            name: masker.mask(name),
            refName: refName,
            order: order,
            state: RecordState.pending.rawValue,
            workerName: workerName,
            task: task.map { TaskReferenceWire(id: $0.id.isEmpty ? nil : $0.id, name: $0.name, version: $0.version) }
        )
    }

    func started(_ id: UUID, name: String, at now: Date) -> TimelineRecordWire {
        TimelineRecordWire(
            id: id,
            name: masker.mask(name),
            startTime: now,
            percentComplete: 0,
            state: RecordState.inProgress.rawValue
        )
    }

    /// News of a step that runs.
    func progress(_ id: UUID, _ progress: StepProgress.Snapshot) -> TimelineRecordWire {
        TimelineRecordWire(
            id: id,
            currentOperation: progress.currentOperation,
            percentComplete: progress.percentComplete,
            errorCount: progress.errorCount,
            warningCount: progress.warningCount,
            issues: progress.issues.isEmpty ? nil : progress.issues.map(IssueWire.init)
        )
    }

    func finished(
        _ id: UUID,
        _ result: TaskResult,
        code: String? = nil,
        _ progress: StepProgress.Snapshot,
        at now: Date
    ) -> TimelineRecordWire {
        var record = self.progress(id, progress)
        record.finishTime = now
        record.percentComplete = 100
        record.state = RecordState.completed.rawValue
        record.result = result.rawValue
        record.resultCode = code
        if !progress.outputs.isEmpty {
            // Records are for everybody to read; secret outputs travel with the job's completion alone.
            record.variables = progress.outputs.mapValues {
                VariableValueWire(value: $0.isSecret ? nil : $0.value, isSecret: $0.isSecret)
            }
        }
        return record
    }

    /// The server has given a number to the log of a record.
    static func numbered(_ id: UUID, log: Int) -> TimelineRecordWire {
        TimelineRecordWire(id: id, log: TaskLogReferenceWire(id: log))
    }
}

extension IssueWire {
    init(_ issue: Issue) {
        self.init(type: issue.kind.rawValue, category: issue.category, message: issue.message, data: issue.data)
    }
}
