public import FoundationEssentials

/// Where the lines of a job's records go.
public protocol StepLogs: Sendable {
    /// Begins the log of a record.
    func open(record: UUID) -> any LogSink
    /// Works while the job runs; returns when all lines are where they belong, after ``finish()``, or when its task is cancelled.
    func run() async
    /// No more logs are begun.
    func finish()
}
