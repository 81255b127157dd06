import FoundationEssentials
import RoostModel

/// A stored stop of a run before the checks of a stage.
struct CheckpointRow: StoredRow {
    static let table = SQLTable("checkpoints", columns: ["id", "run_id", "stage", "body"])

    var id: UUID
    var run: Int
    var stage: String
    var body: String

    var values: [SQLValue] { [.id(CheckpointID(id)), .integer(run), .text(stage), .text(body)] }

    init(_ checkpoint: Checkpoint, _ coding: BodyCoding) throws {
        id = checkpoint.id.rawValue
        run = checkpoint.run.rawValue
        stage = checkpoint.stage
        body = try coding.encode(CheckpointBody(checkpoint))
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.uuid()
        run = try columns.integer()
        stage = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Checkpoint {
        let body: CheckpointBody = try coding.decode(body, table: Self.table.name, row: id)
        return Checkpoint(
            id: CheckpointID(id),
            run: RunID(run),
            pipeline: PipelineID(body.pipeline),
            stage: stage,
            requestedBy: body.requestedBy,
            branch: body.branch,
            lockBehavior: body.lockBehavior,
            environments: body.environments.map { EnvironmentID($0) },
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            checks: body.checks.map(\.noun),
            state: body.checkpointState
        )
    }
}

/// The rest of a checkpoint.
struct CheckpointBody: Codable {
    enum State: String, Codable { case checking, queued, passed, refused, released }

    var pipeline: Int
    var requestedBy: String
    var branch: String
    var lockBehavior: LockBehavior
    var environments: [Int]
    var createdAt: Double
    var checks: [CheckRunBody]
    var state: State
    /// Of the state, but for the first.
    var stateAt: Double?
    var refusal: RefusalBody?

    init(_ checkpoint: Checkpoint) {
        pipeline = checkpoint.pipeline.rawValue
        requestedBy = checkpoint.requestedBy
        branch = checkpoint.branch
        lockBehavior = checkpoint.lockBehavior
        environments = checkpoint.environments.map(\.rawValue)
        createdAt = checkpoint.createdAt.timeIntervalSinceReferenceDate
        checks = checkpoint.checks.map { CheckRunBody($0) }
        switch checkpoint.state {
        case .checking: state = .checking
        case .queued(let since): (state, stateAt) = (.queued, since.timeIntervalSinceReferenceDate)
        case .passed(let at): (state, stateAt) = (.passed, at.timeIntervalSinceReferenceDate)
        case .released(let at): (state, stateAt) = (.released, at.timeIntervalSinceReferenceDate)
        case .refused(let reason, let at):
            (state, stateAt) = (.refused, at.timeIntervalSinceReferenceDate)
            refusal = RefusalBody(reason)
        }
    }

    var checkpointState: CheckpointState {
        let at = Date(timeIntervalSinceReferenceDate: stateAt ?? createdAt)
        return switch state {
        case .checking: .checking
        case .queued: .queued(since: at)
        case .passed: .passed(at: at)
        case .released: .released(at: at)
        case .refused: refusal.map { .refused($0.noun, at: at) } ?? .released(at: at)
        }
    }
}

/// The stored shape of one check of a checkpoint.
struct CheckRunBody: Codable {
    enum Outcome: String, Codable { case passed, failed, timedOut, dropped }

    struct Decision: Codable {
        var by: String
        var at: Double
        var approved: Bool
        var comment: String?
    }

    var id: UUID
    var check: Int?
    var environment: Int?
    var environmentName: String
    var kind: CheckKindBody
    var timeoutInMinutes: Int
    var beganAt: Double
    var decisions: [Decision]?
    var outcome: Outcome?
    var outcomeAt: Double?

    init(_ run: CheckRun) {
        id = run.id.rawValue
        check = run.check?.rawValue
        environment = run.environment?.rawValue
        environmentName = run.environmentName
        kind = CheckKindBody(run.kind)
        timeoutInMinutes = run.timeoutInMinutes
        beganAt = run.beganAt.timeIntervalSinceReferenceDate
        let said = run.decisions.map { decision in
            Decision(
                by: decision.by,
                at: decision.at.timeIntervalSinceReferenceDate,
                approved: decision.isApproved,
                comment: decision.comment.isEmpty ? nil : decision.comment
            )
        }
        decisions = said.isEmpty ? nil : said
        outcomeAt = run.outcome?.moment.timeIntervalSinceReferenceDate
        switch run.outcome {
        case .passed: outcome = .passed
        case .failed: outcome = .failed
        case .timedOut: outcome = .timedOut
        case .dropped: outcome = .dropped
        case nil: outcome = nil
        }
    }

    var noun: CheckRun {
        CheckRun(
            id: CheckRunID(id),
            check: check.map { CheckID($0) },
            environment: environment.map { EnvironmentID($0) },
            environmentName: environmentName,
            kind: kind.noun,
            timeoutInMinutes: timeoutInMinutes,
            beganAt: Date(timeIntervalSinceReferenceDate: beganAt),
            decisions: (decisions ?? []).map { decision in
                ApprovalDecision(
                    by: decision.by,
                    at: Date(timeIntervalSinceReferenceDate: decision.at),
                    isApproved: decision.approved,
                    comment: decision.comment ?? ""
                )
            },
            outcome: outcomeNoun
        )
    }

    private var outcomeNoun: CheckOutcome? {
        let at = Date(timeIntervalSinceReferenceDate: outcomeAt ?? beganAt)
        return switch outcome {
        case .passed: .passed(at: at)
        case .failed: .failed(at: at)
        case .timedOut: .timedOut(at: at)
        case .dropped: .dropped(at: at)
        case nil: nil
        }
    }
}

/// The stored shape of why a stage never begins; which parts are there depends on the kind.
struct RefusalBody: Codable {
    enum Kind: String, Codable { case rejected, timedOut, branch, template, superseded, permission }

    var kind: Kind
    var environment: String
    var text: String?
    var comment: String?
    var number: Int?
    var list: [String]?

    init(_ refusal: CheckRefusal) {
        switch refusal {
        case .rejected(let user, let name, let said): (kind, environment, text, comment) = (.rejected, name, user, said)
        case .timedOut(let check, let name, let minutes):
            (kind, environment, text, number) = (.timedOut, name, check, minutes)
        case .branchNotAllowed(let branch, let name, let allowed):
            (kind, environment, text, list) = (.branch, name, branch, allowed)
        case .templateMissing(let name, let required): (kind, environment, list) = (.template, name, required)
        case .notPermitted(let kind, let name, let minutes):
            (self.kind, environment, text, number) = (.permission, name, kind.rawValue, minutes)
        case .superseded(let run, let name): (kind, environment, number) = (.superseded, name, run.rawValue)
        }
    }

    var noun: CheckRefusal {
        switch kind {
        case .rejected: .rejected(by: text ?? "", environment: environment, comment: comment ?? "")
        case .timedOut: .timedOut(check: text ?? "", environment: environment, minutes: number ?? 0)
        case .branch: .branchNotAllowed(branch: text ?? "", environment: environment, allowed: list ?? [])
        case .template: .templateMissing(environment: environment, required: list ?? [])
        case .permission:
            .notPermitted(
                text.flatMap(ProtectedResource.Kind.init) ?? .serviceConnection,
                name: environment,
                minutes: number ?? 0
            )
        case .superseded: .superseded(by: RunID(number ?? 0), environment: environment)
        }
    }
}
