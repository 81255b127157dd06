import Synchronization

/// Whether a listener gets on: what waits for its server begins something new now and then.
final class ListenerPulse: Sendable {
    /// Nil while it waits for something that may take as long as it likes.
    private let last = Mutex<ContinuousClock.Instant?>(.now)

    /// The longest that one step of it takes: a poll is answered, or given up, before that.
    static let longest = Duration.seconds(300)

    /// Something new is begun.
    func beat() { last.withLock { $0 = .now } }

    /// What is begun has no end that could be waited for.
    func rest() { last.withLock { $0 = nil } }

    /// Whether it is not stuck.
    func isAlive(at now: ContinuousClock.Instant) -> Bool {
        last.withLock { $0.map { $0.duration(to: now) < Self.longest } ?? true }
    }
}
