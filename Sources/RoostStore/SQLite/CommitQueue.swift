import Synchronization

/// Changes that wait to be written, in the order they were handed over.
///
/// There is at most one drain under way: the submit that finds none asks for one, and the drain goes on until nothing waits. So a lone
/// change is written at once, and changes that come while a commit is being written share the next one.
final class CommitQueue: Sendable {
    /// The changes of one call, and their promise.
    struct Submission: Sendable {
        let changes: [StoreChange]
        let commit: Commit
    }

    private struct State {
        var waiting: [Submission] = []
        var draining = false
        /// Why nothing is accepted, until a recovery.
        var refusal: StoreError?
        var closed = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let path: String
    /// Most submissions of one transaction, so that the first of a large backlog does not wait for the last.
    private let batchLimit = 1_000

    init(path: String) { self.path = path }

    /// Appends changes.
    ///
    /// - Parameter submission: the changes; when they are refused its commit fails at once.
    /// - Returns: whether the caller must start a drain.
    func append(_ submission: Submission) -> Bool {
        let outcome: (start: Bool, refusal: StoreError?) = state.withLock { state in
            if state.closed { return (false, .failed(path: path, reason: "it is closed")) }
            if state.refusal != nil { return (false, .needsRecovery(path: path)) }
            state.waiting.append(submission)
            defer { state.draining = true }
            return (!state.draining, nil)
        }
        if let refusal = outcome.refusal { submission.commit.finish(refusal) }
        return outcome.start
    }

    /// What is to be written next; nil ends the drain.
    func next() -> [Submission]? {
        let (batch, idle): ([Submission]?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.draining = false
                defer { state.idle = [] }
                return (nil, state.idle)
            }
            if state.waiting.count <= batchLimit {
                defer { state.waiting = [] }
                return (state.waiting, [])
            }
            defer { state.waiting.removeFirst(batchLimit) }
            return (Array(state.waiting.prefix(batchLimit)), [])
        }
        for continuation in idle { continuation.resume() }
        return batch
    }

    /// Refuses everything from now on, and fails what waits; the failed batch itself is the caller's.
    func refuse(because error: StoreError) {
        let waiting = state.withLock { state in
            state.refusal = error
            defer { state.waiting = [] }
            return state.waiting
        }
        for submission in waiting { submission.commit.finish(.needsRecovery(path: path)) }
    }

    /// Accepts again.
    func recover() { state.withLock { $0.refusal = nil } }

    /// Accepts nothing more, and returns once nothing waits.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.closed = true
                guard state.draining else { return true }
                state.idle.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }
}
