/// What a listener does when opening a session or a poll fails; reads no clock and no random source.
enum SessionRule {
    /// The next step.
    enum Verdict: Hashable, Sendable {
        case retry(after: Duration)
        /// Open a new session, then go on.
        case renew
        case end(ListenerExit, String)
    }

    /// What happened before.
    struct Course: Hashable, Sendable {
        /// Failures in a row, with this one.
        var failures: Int
        /// Since the first of them.
        var elapsed: Duration
        /// This process has had a session.
        var hadSession: Bool
        /// A lost session ends the listener.
        var skipsRecovery = false
        /// 0 … 1, random.
        var jitter: Double
    }

    /// How long another listener's session is waited for, as in Azure Pipelines' agent.
    static let conflictPatience = Duration.seconds(240)
    /// How long a wrong clock is waited for.
    static let clockPatience = Duration.seconds(1800)
    /// Between tries of both; the first come sooner.
    static let slowPause = Duration.seconds(10)
    /// The longest pause while the server is away: agents are back ten seconds after it at the latest.
    static let longestPause = Duration.seconds(10)

    /// Between tries of a password that the proxy has refused.
    static let proxyPause = Duration.seconds(60)

    static func afterOpening(_ trouble: ServerTrouble, _ course: Course) -> Verdict {
        switch trouble {
        case .registrationGone(let reason): return .end(course.hadSession ? .success : .terminated, reason)
        case .accessDenied(let reason): return .end(.terminated, reason)
        case .sessionConflict(let reason):
            guard course.elapsed < conflictPatience else { return .end(.terminated, reason) }
            return .retry(after: min(Duration.seconds(2) * (1 << min(max(course.failures, 1) - 1, 4)), slowPause))
        case .clockSkew(let reason):
            guard course.elapsed < clockPatience else { return .end(.terminated, reason) }
            return .retry(after: slowPause)
        case .proxyRefuses: return .retry(after: proxyPause)
        case .sessionExpired, .leaseGone, .passing: return .retry(after: pause(course))
        }
    }

    static func afterPolling(_ trouble: ServerTrouble, _ course: Course) -> Verdict {
        switch trouble {
        case .registrationGone(let reason): .end(.success, reason)
        case .accessDenied(let reason): .end(.terminated, reason)
        case .sessionExpired: course.skipsRecovery ? .end(.terminated, "The session has ended.") : .renew
        case .sessionConflict, .clockSkew: .renew
        case .proxyRefuses: .retry(after: proxyPause)
        case .leaseGone, .passing: .retry(after: pause(course))
        }
    }

    /// A quarter of a second, doubling, with jitter, so that ten thousand agents do not come back at the same instant.
    private static func pause(_ course: Course) -> Duration {
        let doubled = Duration.milliseconds(250) * (1 << min(max(course.failures, 1) - 1, 8))
        return min(doubled, longestPause) * (0.5 + course.jitter / 2)
    }

    /// A server that does not hold an empty poll is not asked again at once.
    static func pause(afterEmptyPollOf held: Duration, jitter: Double) -> Duration {
        held >= .seconds(1) ? .zero : Duration.seconds(1) + Duration.seconds(4) * jitter
    }
}
