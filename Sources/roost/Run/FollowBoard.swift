import Foundation
import RoostWire

/// What is known of a followed run, and which logs are to be shown.
struct FollowBoard {
    /// A log that became known.
    struct News {
        /// Logs of one job are shown one after the other.
        var jobID: UUID?
        var log: StepLog
    }

    let run: Int
    let filter: StepFilter
    private(set) var records: [UUID: TimelineRecordWire] = [:]
    private(set) var logs: [UUID: StepLog] = [:]

    init(run: Int, filter: StepFilter) {
        self.run = run
        self.filter = filter
    }

    /// Names of the jobs that begin to run, for the printer.
    var jobNames: [String] {
        records.values.filter { $0.type == "Job" && $0.state != "pending" }.sorted(by: TimelineTree.isBefore)
            .compactMap(\.name)
    }

    /// Whether an agent is at work.
    var isAtWork: Bool { records.values.contains { $0.type == "Task" && $0.state?.lowercased() == "inprogress" } }

    /// Takes records that changed.
    ///
    /// - Parameter changed: whole records.
    /// - Returns: logs that are new, in the order of their steps.
    mutating func take(_ changed: [TimelineRecordWire]) -> [News] {
        for record in changed { if let id = record.id { records[id] = record } }
        var news: [News] = []
        for record in changed.sorted(by: TimelineTree.isBefore) where record.type == "Task" {
            guard let id = record.id, let number = record.log?.id else { continue }
            if logs[id] == nil, let log = makeLog(record, number) {
                logs[id] = log
                news.append(News(jobID: record.parentId, log: log))
            }
            if record.state?.lowercased() == "completed" { logs[id]?.complete() }
        }
        return news
    }

    /// Nothing more comes.
    func completeAll() { for log in logs.values { log.complete() } }

    private func makeLog(_ record: TimelineRecordWire, _ number: Int) -> StepLog? {
        let job = record.parentId.flatMap { records[$0] }
        guard filter.wants(TimelineTree.Step(record: record, job: job)) else { return nil }
        return StepLog(run: run, log: number, job: job?.name ?? "", step: record.name ?? "")
    }
}
