/// What the version that worked does while it watches another one prove itself.
///
/// The new version runs as a child, listens, and may take jobs. It has to be online soon, to show life, and to last for a while; then it is asked to leave when no job
/// runs, and starts again in the place of the one that watches. Whatever else it does, the old version goes on.
struct GuardRule: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        /// It has a session.
        case listening
        /// It handles what happens.
        case alive
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
        /// It ended as it was asked to, with this code.
        case stopped(Int32)
    }

    private enum Phase: Hashable, Sendable {
        case starting
        case proving(since: ContinuousClock.Instant)
        case leaving
        case stopping
        case failed(String)
    }

    /// Until it is online.
    static let patience = Duration.seconds(40)
    /// Without a sign of life.
    static let silence = Duration.seconds(12)
    /// How long it must last.
    static let proof = Duration.seconds(8)
    /// How often it shows life.
    static let beat = Duration.seconds(2)

    private var phase = Phase.starting
    private let begin: ContinuousClock.Instant
    private var lastSign: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) {
        begin = now
        lastSign = now
    }

    /// Takes an event.
    ///
    /// - Returns: what is to be done, and, once the child has ended, what comes of it.
    mutating func apply(_ event: Event, at now: ContinuousClock.Instant) -> (actions: [Action], verdict: Verdict?) {
        switch event {
        case .ended(let code): return ([], verdict(code))
        case .stop:
            if case .stopping = phase { return ([.kill], nil) }
            phase = .stopping
            return ([.askToStop], nil)
        case .listening:
            lastSign = now
            if case .starting = phase { phase = .proving(since: now) }
            return ([], nil)
        case .alive:
            lastSign = now
            return judge(now)
        case .tick: return judge(now)
        }
    }

    private mutating func judge(_ now: ContinuousClock.Instant) -> ([Action], Verdict?) {
        switch phase {
        case .starting:
            guard begin.duration(to: now) >= Self.patience else { return ([], nil) }
            return fail("It was not online within \(Self.patience.components.seconds) seconds.")
        case .proving(let since):
            if lastSign.duration(to: now) >= Self.silence { return fail("It hung.") }
            guard since.duration(to: now) >= Self.proof else { return ([], nil) }
            phase = .leaving
            return ([.handOver], nil)
        case .leaving:
            if lastSign.duration(to: now) >= Self.silence { return fail("It hung.") }
            return ([], nil)
        case .stopping, .failed: return ([], nil)
        }
    }

    private mutating func fail(_ reason: String) -> ([Action], Verdict?) {
        phase = .failed(reason)
        return ([.kill], nil)
    }

    private func verdict(_ code: Int32) -> Verdict {
        switch phase {
        case .failed(let reason): return .unhealthy(reason)
        case .stopping: return .stopped(code)
        case .leaving where code == ListenerExit.updating.rawValue: return .healthy
        case .starting, .proving, .leaving: return .unhealthy("It ended with code \(code).")
        }
    }
}
