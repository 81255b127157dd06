import RoostModel

/// What a listener is doing, and what follows from what happens.
///
/// One job runs at a time. A job that comes while the worker of the one before is still leaving waits for it. What is not acknowledged the server
/// gives to another agent.
struct ListenerState: Hashable, Sendable {
    /// What happens.
    enum Event: Hashable, Sendable {
        case job(JobID, message: Int)
        case cancel(JobID, message: Int)
        case metadata(JobID, message: Int)
        /// A message that asks for nothing this agent does.
        case other(message: Int)
        case jobEnded(JobID)
        /// A person or a service manager wants the agent to stop; the second time at once.
        case stopRequested
        /// Another version is to take over, as soon as no job runs.
        case updateReady
        /// The version that was ready is not wanted any more.
        case updateDropped
        case graceOver
        /// No session can be had any more.
        case sessionEnded(ListenerExit)
        case capabilitiesChanged
    }

    /// What is to be done.
    enum Action: Hashable, Sendable {
        case start(JobID, message: Int)
        case acknowledge(Int)
        case cancelCurrent(message: Int)
        case tellCurrent(message: Int)
        /// A second job is there: see whether the first is over on the server.
        case askForCurrent
        /// Count down to the end of patience with the running job.
        case startGrace
        case shutDownCurrent
        case rescan
        /// A message was passed over that a new session gets again.
        case reopen
        case exit(ListenerExit)
    }

    private struct Waiting: Hashable, Sendable {
        var job: JobID
        var message: Int
    }

    /// Ends of jobs that are remembered, so that a message that is given again is recognized.
    private static let memory = 256

    /// One job and no more.
    let takesOne: Bool
    /// New capabilities can be told while a job runs.
    var tellsCapabilitiesAnyTime = true
    private(set) var current: JobID?
    private var waiting: Waiting?
    private var ended: [JobID] = []
    /// No new job is taken; how the listener ends after the one that runs.
    private(set) var leaving: ListenerExit?
    /// A stop was asked for before.
    private var wasAsked = false
    private var isRescanDue = false
    /// A job came while none was taken.
    private var hasPassedOver = false

    init(takesOne: Bool) { self.takesOne = takesOne }

    /// Whether a job runs or waits.
    func holds(_ job: JobID) -> Bool { job == current || job == waiting?.job }

    /// Takes an event; gives what is to be done, in order.
    mutating func apply(_ event: Event) -> [Action] {
        switch event {
        case .job(let job, let message): return take(job, message)
        case .cancel(let job, let message): return cancel(job, message)
        case .metadata(let job, let message):
            return job == current ? [.tellCurrent(message: message), .acknowledge(message)] : [.acknowledge(message)]
        case .other(let message): return [.acknowledge(message)]
        case .jobEnded(let job): return end(job)
        case .stopRequested: return stop()
        case .updateReady:
            guard current != nil else { return [.exit(leaving ?? .updating)] }
            leaving = leaving ?? .updating
            return []
        case .updateDropped:
            guard leaving == .updating else { return [] }
            leaving = nil
            defer { hasPassedOver = false }
            return hasPassedOver ? [.reopen] : []
        case .graceOver: return current == nil ? [] : [.shutDownCurrent]
        case .sessionEnded(let exit):
            guard current != nil else { return [.exit(exit)] }
            leaving = leaving ?? exit
            return []
        case .capabilitiesChanged:
            if tellsCapabilitiesAnyTime || (current == nil && waiting == nil) { return [.rescan] }
            isRescanDue = true
            return []
        }
    }

    private mutating func take(_ job: JobID, _ message: Int) -> [Action] {
        if job == current || ended.contains(job) { return [.acknowledge(message)] }
        guard leaving == nil, waiting?.job != job else {
            hasPassedOver = hasPassedOver || leaving != nil
            return []
        }
        guard current != nil else {
            current = job
            if takesOne { leaving = .success }
            return [.start(job, message: message)]
        }
        waiting = Waiting(job: job, message: message)
        return [.askForCurrent]
    }

    private mutating func cancel(_ job: JobID, _ message: Int) -> [Action] {
        if job == current { return [.cancelCurrent(message: message), .acknowledge(message)] }
        if let known = waiting, known.job == job {
            waiting = nil
            remember(job)
            return [.acknowledge(known.message), .acknowledge(message)]
        }
        return [.acknowledge(message)]
    }

    private mutating func end(_ job: JobID) -> [Action] {
        guard job == current else { return [] }
        current = nil
        remember(job)
        if let leaving { return [.exit(leaving)] }
        var actions: [Action] = []
        if isRescanDue, waiting == nil {
            isRescanDue = false
            actions.append(.rescan)
        }
        guard let next = waiting else { return actions }
        waiting = nil
        return actions + take(next.job, next.message)
    }

    private mutating func stop() -> [Action] {
        guard current != nil else { return [.exit(.success)] }
        guard wasAsked else {
            wasAsked = true
            leaving = leaving == .updating ? .success : leaving ?? .success
            return [.startGrace]
        }
        return [.shutDownCurrent]
    }

    private mutating func remember(_ job: JobID) {
        ended.append(job)
        if ended.count > Self.memory { ended.removeFirst() }
    }
}
