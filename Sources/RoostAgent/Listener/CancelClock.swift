/// The times after a cancel, by Azure Pipelines' agent.
struct CancelClock: Hashable, Sendable {
    /// When the worker is told that the time is nearly over.
    let flush: Duration
    /// When it is killed.
    let kill: Duration

    /// - Parameter timeout: what the cancel allows; at least a minute.
    init(timeout: Duration) {
        let allowed = max(timeout, .seconds(60))
        flush = allowed - .seconds(15)
        kill = allowed + .seconds(60)
    }

    /// For a job that nobody waits for any more: everything at once.
    static let immediate = CancelClock(flush: .zero, kill: .seconds(60))

    /// For a worker that only has to leave; as long as Azure Pipelines' agent waits.
    static let overdue = CancelClock(flush: .zero, kill: .seconds(45))

    private init(flush: Duration, kill: Duration) {
        self.flush = flush
        self.kill = kill
    }
}
