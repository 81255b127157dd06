import FoundationEssentials
import RoostModel
import RoostPipeline

/// What the page of a run shows.
struct RunPage {
    var t: [String: String]
    var id: Int
    var pipeline: String
    var number: String
    var message: String
    var state: String
    var stateText: String
    var branch: String
    var commit: String
    var requestedBy: String
    var queuedAt: String
    var age: String
    var duration: String
    var waiting: String?
    var mayCancel: Bool
    var mayRerun: Bool
    var issues: [IssueLine]
    /// Other repositories and runs at exact commits, and files.
    var sources: [SourceLine]
    var hasSources: Bool
    var graph: String
    var stages: [StagePart]
    /// Stages that wait for a person to start them.
    var starts: [StartPart] = []
    /// Steps that wait for a person.
    var validations: [ValidationPart] = []
    /// Of stages that deploy.
    var checks: [StageChecks] = []
    var artifacts: [ArtifactLine] = []
    var hasArtifacts = false
    var checkouts: [CheckoutLine] = []
    var hasCheckouts = false
    /// Nil when no step published any.
    var tests: TestSummary?
    var hasTests = false
    var coverage: [CoverageLine] = []
    var hasCoverage = false
    /// The run that coverage is compared with.
    var coverageSince: Int?
    /// Texts that steps made for the reader.
    var summaries: [SummaryPart] = []

    struct SummaryPart {
        var id: String
        var name: String
        /// HTML that is safe to show.
        var html: String
    }

    /// What a step says of its parts.
    struct DetailLine {
        var name: String
        var kind: String
        var state: String
        var stateText: String
        var progress: String?
        var duration: String
        /// How far it is moved in, in `em`.
        var indent: Int
    }

    struct SourceLine {
        var name: String?
        var text: String
    }

    struct IssueLine {
        var kind: String
        var message: String
    }

    struct StartPart {
        var run: Int
        var stage: String
        var title: String
        var text: String
        var mayStart: Bool
        var maySkip: Bool
        /// Why the reader may not.
        var whyNot: String?
    }

    struct ValidationPart {
        var run: Int
        var id: String
        var step: String
        var job: String
        var instructions: [String]
        var mayAnswer: Bool
        /// Why the reader may not.
        var whyNot: String?
    }

    struct StagePart {
        var name: String
        var state: String
        var duration: String
        var jobs: [JobPart]
    }

    struct JobPart {
        var id: String
        var name: String
        var state: String
        var stateText: String
        var attempt: String?
        var agent: String?
        var duration: String
        var waiting: String?
        var note: String?
        var open: Bool
        var issues: [IssueLine]
        var steps: [StepPart]
    }

    struct StepPart {
        var run: Int
        var log: Int?
        var name: String
        var state: String
        var stateText: String
        var duration: String
        /// How far it is, while it runs.
        var progress: String?
        var percent: Int?
        var details: [DetailLine]
        var issues: [IssueLine]
    }
}

extension RunPage {
    init(_ view: RunView, waits: [JobID: WaitSummary], _ phrases: Phrases, now: Date) {
        let run = view.run
        let state = run.state.pageName
        t = phrases.table
        id = run.id.rawValue
        pipeline = run.pipelineName
        number = run.number
        message = run.plan.appendsCommitMessage == false ? "" : run.sourceVersionMessage
        self.state = state
        stateText = phrases.state(state)
        branch = run.sourceBranch.shortRef
        commit = String(run.sourceVersion.prefix(10))
        requestedBy = run.requestedBy
        queuedAt = run.queuedAt.ISO8601Format()
        age = phrases.age(run.queuedAt, now: now)
        duration = run.startedAt.map { phrases.duration((run.finishedAt ?? now).timeIntervalSince($0)) } ?? "–"
        mayCancel = !run.state.isCompleted && run.state != .canceling
        mayRerun = run.state.isCompleted
        issues = run.issues.map { IssueLine(kind: $0.kind.rawValue, message: $0.message) }
        sources = run.sourceLines
        hasSources = !sources.isEmpty
        let parts = RunParts(view, waits, phrases, now)
        waiting =
            view.jobs.isEmpty || view.jobs.contains { $0.state.lease != nil }
            ? nil : waits.values.first.map(phrases.wait)
        stages = run.plan.stages.map(parts.stage)
        graph = RunGraph.svg(run.plan.stages.map(parts.node))
    }
}

/// Puts together what belongs to each stage and job of a run.
private struct RunParts {
    let view: RunView
    let waits: [JobID: WaitSummary]
    let phrases: Phrases
    let now: Date
    private let children: [RecordID: [TimelineRecord]]
    private let records: [RecordID: TimelineRecord]
    private let active: ActiveRun

    init(_ view: RunView, _ waits: [JobID: WaitSummary], _ phrases: Phrases, _ now: Date) {
        self.view = view
        self.waits = waits
        self.phrases = phrases
        self.now = now
        active = ActiveRun(view.run)
        children = Dictionary(grouping: view.records.filter { $0.parent != nil }) { $0.parent ?? $0.id }
        records = Dictionary(view.records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func stage(_ stage: PlannedStage) -> RunPage.StagePart {
        let record = records[active.stageRecord(stage.name)]
        return RunPage.StagePart(
            name: stage.name == "__default" ? view.run.pipelineName : stage.displayName,
            state: record?.pageState ?? "pending",
            duration: duration(record),
            jobs: stage.jobs.flatMap { planned -> [RunPage.JobPart] in
                let jobs = view.jobs.filter { $0.stage == stage.name && $0.name == planned.name }
                return jobs.isEmpty ? [notYet(planned, stage)] : jobs.map(job)
            }
        )
    }

    func node(_ stage: PlannedStage) -> RunGraph.Node {
        let part = self.stage(stage)
        return RunGraph.Node(
            name: stage.name,
            title: part.name,
            state: part.state,
            time: part.duration,
            dependsOn: stage.dependsOn,
            jobs: part.jobs.map { RunGraph.Item(id: $0.id, title: $0.name, state: $0.state, time: $0.duration) }
        )
    }

    private func notYet(_ planned: PlannedJob, _ stage: PlannedStage) -> RunPage.JobPart {
        let record = records[active.phaseRecord(stage.name, planned.name)]
        return RunPage.JobPart(
            id: "\(stage.name)-\(planned.name)",
            name: planned.displayName,
            state: record?.pageState ?? "pending",
            stateText: phrases.state(record?.pageState ?? "pending"),
            duration: "",
            open: false,
            issues: [],
            steps: []
        )
    }

    private func job(_ job: Job) -> RunPage.JobPart {
        let record = records[RecordID(job.id.rawValue)]
        let state = job.state.pageName
        let steps = (children[RecordID(job.id.rawValue)] ?? []).sorted { ($0.order ?? 0) < ($1.order ?? 0) }
        return RunPage.JobPart(
            id: job.id.description,
            name: job.displayName,
            state: state,
            stateText: phrases.state(state),
            attempt: job.attempt > 1 ? "\(phrases["attempt"]) \(job.attempt)" : nil,
            agent: job.agentName,
            duration: job.startedAt.map { phrases.duration((job.finishedAt ?? now).timeIntervalSince($0)) } ?? "",
            waiting: waits[job.id].map(phrases.wait),
            note: job.state.result == .skipped ? record?.resultCode : nil,
            open: ["running", "failed", "abandoned", "queued"].contains(state) || view.jobs.count == 1,
            issues: lines(record),
            steps: steps.map(step)
        )
    }

    private func step(_ record: TimelineRecord) -> RunPage.StepPart {
        RunPage.StepPart(
            run: view.run.id.rawValue,
            log: record.log?.rawValue,
            name: record.name,
            state: record.pageState,
            stateText: phrases.state(record.pageState),
            duration: duration(record),
            progress: record.state == .inProgress ? progress(record) : nil,
            percent: record.state == .inProgress ? record.percentComplete.flatMap { $0 > 0 ? $0 : nil } : nil,
            details: details(below: record.id, depth: 1),
            issues: lines(record)
        )
    }

    private func progress(_ record: TimelineRecord) -> String? {
        let percent = record.percentComplete.flatMap { $0 > 0 ? "\($0) %" : nil }
        let parts = [percent, record.currentOperation].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    private func details(below parent: RecordID, depth: Int) -> [RunPage.DetailLine] {
        guard depth < 16, let records = children[parent] else { return [] }
        let sorted = records.sorted {
            ($0.order ?? .max, $0.startedAt ?? .distantFuture) < ($1.order ?? .max, $1.startedAt ?? .distantFuture)
        }
        return sorted.flatMap { record in
            let line = RunPage.DetailLine(
                name: record.name,
                kind: record.kind.rawValue,
                state: record.pageState,
                stateText: phrases.state(record.pageState),
                progress: record.state == .completed ? record.currentOperation : progress(record),
                duration: duration(record),
                indent: depth * 2
            )
            return [line] + details(below: record.id, depth: depth + 1)
        }
    }

    private func lines(_ record: TimelineRecord?) -> [RunPage.IssueLine] {
        (record?.issues ?? []).map { RunPage.IssueLine(kind: $0.kind.rawValue, message: $0.message) }
    }

    private func duration(_ record: TimelineRecord?) -> String {
        guard let record, let start = record.startedAt else { return "" }
        return phrases.duration((record.finishedAt ?? now).timeIntervalSince(start))
    }
}

extension RunState {
    /// The word of the style sheet and the phrases.
    var pageName: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .canceling: "canceling"
        case .completed(let result): result.rawValue
        }
    }
}

extension JobState {
    var pageName: String {
        switch self {
        case .waiting: "waiting"
        case .queued: "queued"
        case .assigned, .running, .serving: "running"
        case .canceling: "canceling"
        case .finished(let result): result.rawValue
        }
    }
}

extension TimelineRecord {
    var pageState: String {
        switch state {
        case .pending: "pending"
        case .inProgress: "running"
        case .completed: (result ?? .succeeded).rawValue
        }
    }
}

extension String {
    /// Without `refs/heads/` or `refs/tags/`.
    var shortRef: String {
        for prefix in ["refs/heads/", "refs/tags/"] where hasPrefix(prefix) { return String(dropFirst(prefix.count)) }
        return self
    }
}

extension Run {
    /// What it takes beside its own commit; nothing for a run of one file.
    fileprivate var sourceLines: [RunPage.SourceLine] {
        let others = sources.repositories.map { other in
            RunPage.SourceLine(
                name: other.alias,
                text: "\(other.name) \(other.ref.shortRef) · \(other.version.prefix(10))"
            )
        }
        let runs = sources.pipelines.map { other in
            RunPage.SourceLine(name: other.alias, text: "\(other.pipelineName) \(other.runName)")
        }
        let files = sources.files.count > 1 ? sources.files.map { RunPage.SourceLine(name: nil, text: $0) } : []
        return others + runs + files
    }
}
