import FoundationEssentials

/// When a job's lease is renewed, and when it counts as lost; reads no clock and no random source.
enum LeaseRule {
    /// What a lease is taken for while the server has not said.
    static let assumed = Duration.seconds(300)
    /// How long after its end a lease is still tried for: the server may have been away itself.
    static let patience = Duration.seconds(300)
    /// The longest time between renewals, as in Azure Pipelines' agent.
    static let longestInterval = Duration.seconds(60)

    /// The length of a lease, from the moment the server gave; ``assumed`` when clocks differ so much that it makes no sense.
    static func length(until end: Date?, at now: Date) -> Duration {
        guard let seconds = end?.timeIntervalSince(now), seconds > 0, seconds <= 86_400 else { return assumed }
        return .seconds(seconds)
    }

    /// The time to the next renewal: a third of the lease, so that two may fail.
    static func interval(lease: Duration) -> Duration { max(.seconds(1), min(lease / 3, longestInterval)) }

    /// The time to the next try after failures in a row.
    static func pause(failures: Int, lease: Duration, jitter: Double) -> Duration {
        let usual = failures < 6 ? Duration.seconds(5 + 10 * jitter) : .seconds(15 + 15 * jitter)
        return max(.milliseconds(500), min(usual, lease / 6))
    }

    /// The same before the lease was ever confirmed, while the job waits: a quarter of a second, doubled to five seconds.
    static func firstPause(failures: Int, jitter: Double) -> Duration {
        let doubled = Duration.milliseconds(250) * (1 << min(max(failures, 1) - 1, 5))
        return min(doubled, .seconds(5)) * (0.5 + jitter / 2)
    }

    /// Whether a lease that was last renewed so long ago is given up.
    static func isLost(sinceRenewal: Duration, lease: Duration) -> Bool { sinceRenewal >= lease + patience }
}
