import FoundationEssentials
import RoostModel
import RoostPipeline

/// A run that is not completed, or lately was, with all that belongs to it.
struct ActiveRun: Sendable {
    var run: Run
    private(set) var jobs: [JobID: Job] = [:]
    private(set) var jobOrder: [JobID] = []
    private(set) var records: [RecordID: TimelineRecord] = [:]
    var logs: [LogID: RunLog] = [:]
    /// Values its `counter()` variables were given.
    var counters: [String: Int] = [:]
    /// Whether a job of its plan deploys to an environment; others cost nothing for it.
    let usesEnvironments: Bool
    /// What each stage uses of the project; nil until somebody asks.
    var resourceUses: [String: [ResourceUse]]?
    private(set) var changeID = 0
    /// Records changed since the last ``takeChangedRecords()``.
    private var changed: Set<RecordID> = []

    init(_ run: Run) {
        self.run = run
        usesEnvironments = run.plan.usesEnvironments
    }

    init(_ run: Run, jobs: [Job], records: [TimelineRecord], logs: [RunLog]) {
        self.run = run
        usesEnvironments = run.plan.usesEnvironments
        for job in jobs { put(job) }
        for record in records {
            self.records[record.id] = record
            changeID = max(changeID, record.changeID)
        }
        for log in logs { self.logs[log.id] = log }
    }

    /// In the order they were made.
    var jobList: [Job] { jobOrder.compactMap { jobs[$0] } }

    /// Parents before children where orders are given.
    var recordList: [TimelineRecord] {
        records.values.sorted { ($0.order ?? 0, $0.id.description) < ($1.order ?? 0, $1.id.description) }
    }

    mutating func put(_ job: Job) {
        if jobs.updateValue(job, forKey: job.id) == nil { jobOrder.append(job.id) }
    }

    /// Changes a record, or makes it; every change gets the next change id.
    mutating func update(
        _ id: RecordID,
        at now: Date,
        make: () -> TimelineRecord,
        _ change: (inout TimelineRecord) -> Void
    ) {
        var record = records[id] ?? make()
        let before = records[id]
        change(&record)
        guard record != before else { return }
        changeID += 1
        record.changeID = changeID
        record.lastModified = now
        records[id] = record
        changed.insert(id)
    }

    /// Changes a record that exists.
    mutating func update(_ id: RecordID, at now: Date, _ change: (inout TimelineRecord) -> Void) {
        guard let record = records[id] else { return }
        update(id, at: now, make: { record }, change)
    }

    mutating func takeChangedRecords() -> [TimelineRecord] {
        defer { changed = [] }
        return changed.compactMap { records[$0] }.sorted { $0.changeID < $1.changeID }
    }

    /// The job whose record this is, or that it is below: a step, or a detail of one.
    func job(of record: TimelineRecord) -> Job? {
        if let job = jobs[JobID(record.id.rawValue)] { return job }
        var parent = record.parent
        // Details can be below details; the bound ends a circle, which no agent makes.
        for _ in 0..<64 {
            guard let id = parent else { return nil }
            if let job = jobs[JobID(id.rawValue)] { return job }
            parent = records[id]?.parent
        }
        return nil
    }

    /// The next free number of a log.
    var nextLogID: LogID { LogID((logs.keys.max()?.rawValue ?? 0) + 1) }

    var view: RunView {
        RunView(
            run: run,
            jobs: jobList,
            records: recordList,
            logs: logs.values.sorted { $0.id < $1.id },
            changeID: changeID
        )
    }

    // MARK: Names of records

    func recordID(_ name: String) -> RecordID { RecordID(NameUUID.make(run.planID.rawValue, name)) }
    func stageRecord(_ stage: String) -> RecordID { recordID("stage:\(stage)") }
    func phaseRecord(_ stage: String, _ job: String) -> RecordID { recordID("phase:\(stage).\(job)") }
    func jobID(stage: String, job: String, leg: String?, attempt: Int) -> JobID {
        JobID(recordID("job:\(stage).\(job).\(leg ?? ""):\(attempt)").rawValue)
    }
}
