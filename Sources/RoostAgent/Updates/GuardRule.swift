/// What the version that worked does while it watches another one prove itself.
///
/// The new version runs as a child, listens, and may take jobs. It has to be online soon, to show life, and to last for a while; then it is asked to leave when no job
/// runs, and starts again in the place of the one that watches. Whatever else it does, the old version goes on.
///
/// Time counts as long as this process runs: a machine that was paused, or too busy for this process, gave the child no time either.
struct GuardRule: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        /// It has a session.
        case listening
        /// It handles what happens.
        case alive
        /// It takes no job any more, and is about to end.
        case leaving
        case ended(Int32)
        /// Time has passed.
        case tick
        /// A person or a service manager wants the agent to stop.
        case stop
    }

    enum Action: Hashable, Sendable {
        /// It may leave when no job runs.
        case handOver
        /// It has to go, now.
        case kill
        case askToStop
    }

    enum Verdict: Hashable, Sendable {
        case healthy
        case unhealthy(String)
        /// It never reached the server, which need not be its fault.
        case offline(String)
        /// It ended as it was asked to, with this code.
        case stopped(Int32)
    }

    private enum Phase: Hashable, Sendable {
        case starting
        case proving(since: Duration)
        /// It was asked to leave; a job may keep it for long.
        case handingOver
        case leaving(since: Duration)
        case stopping
        case failed(Verdict)
    }

    /// Until it is online.
    static let patience = Duration.seconds(40)
    /// Without a sign of life.
    static let silence = Duration.seconds(12)
    /// How long it must last.
    static let proof = Duration.seconds(8)
    /// How often it shows life.
    static let beat = Duration.seconds(2)
    /// Between its last job and its end: what it does on the side is ended, its session is closed, a server that is away is asked again.
    static let farewell = Duration.seconds(180)
    /// How often ``Event/tick`` comes.
    static let pulse = Duration.seconds(1)

    private var phase = Phase.starting
    /// The time that counts.
    private var clock = Duration.zero
    private var lastTick: ContinuousClock.Instant
    private var lastSign = Duration.zero

    init(at now: ContinuousClock.Instant) { lastTick = now }

    /// Takes an event.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when it happened, not when it is dealt with.
    /// - Returns: what is to be done, and, once the child has ended, what comes of it.
    mutating func apply(_ event: Event, at now: ContinuousClock.Instant) -> (actions: [Action], verdict: Verdict?) {
        switch event {
        case .ended(let code): return ([], verdict(code))
        case .stop:
            if case .stopping = phase { return ([.kill], nil) }
            phase = .stopping
            return ([.askToStop], nil)
        case .listening:
            lastSign = clock
            if case .starting = phase { phase = .proving(since: clock) }
            return ([], nil)
        case .alive:
            lastSign = clock
            return judge()
        case .leaving:
            if case .handingOver = phase { phase = .leaving(since: clock) }
            return ([], nil)
        case .tick:
            // Ticks that come late were held up, and so was the child.
            clock += min(max(.zero, lastTick.duration(to: now)), Self.pulse * 2)
            lastTick = max(lastTick, now)
            return judge()
        }
    }

    private mutating func judge() -> ([Action], Verdict?) {
        switch phase {
        case .starting:
            guard clock >= Self.patience else { return ([], nil) }
            return fail(.offline("It was not online within \(Self.patience.components.seconds) seconds."))
        case .proving(let since):
            if clock - lastSign >= Self.silence { return fail(.unhealthy("It hung.")) }
            guard clock - since >= Self.proof else { return ([], nil) }
            phase = .handingOver
            return ([.handOver], nil)
        case .handingOver:
            if clock - lastSign >= Self.silence { return fail(.unhealthy("It hung.")) }
            return ([], nil)
        case .leaving(let since):
            guard clock - since >= Self.farewell else { return ([], nil) }
            return fail(.unhealthy("It hung when it was to end."))
        case .stopping, .failed: return ([], nil)
        }
    }

    private mutating func fail(_ verdict: Verdict) -> ([Action], Verdict?) {
        phase = .failed(verdict)
        return ([.kill], nil)
    }

    private func verdict(_ code: Int32) -> Verdict {
        switch phase {
        case .failed(let verdict): return verdict
        case .stopping: return .stopped(code)
        case .handingOver where code == ListenerExit.updating.rawValue,
            .leaving where code == ListenerExit.updating.rawValue:
            return .healthy
        case .starting, .proving, .handingOver, .leaving: return .unhealthy("It ended with code \(code).")
        }
    }
}
