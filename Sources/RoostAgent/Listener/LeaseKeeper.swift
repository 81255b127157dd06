import FoundationEssentials
import RoostClient
import RoostWire

/// Renews the lease of one job until it is lost.
struct LeaseKeeper: Sendable {
    let client: RoostClient
    let pool: Int
    let request: Int

    /// Refusals to sign in in a row after which the registration counts as gone.
    private static let signInLimit = 3

    /// Renews until the lease is lost or the task is cancelled.
    ///
    /// - Parameter held: called after the first renewal: the server knows from then on that the job has begun.
    /// - Returns: why it is lost; nil after a cancel.
    func run(held: @Sendable () -> Void = {}) async -> String? {
        let clock = ContinuousClock()
        var last = clock.now
        var lease = LeaseRule.assumed
        var failures = 0
        var isHeld = false
        while !Task.isCancelled {
            do throws(ClientError) {
                let timeout = failures == 0 ? Duration.seconds(60) : .seconds(30)
                let answer = try await client.renewRequest(pool: pool, id: request, timeout: timeout)
                lease = LeaseRule.length(until: answer.lockedUntil, at: Date())
                (last, failures) = (clock.now, 0)
                if !isHeld { held() }
                isHeld = true
                try? await Task.sleep(for: LeaseRule.interval(lease: lease))
            } catch {
                guard !Task.isCancelled else { return nil }
                failures += 1
                if let reason = Self.loss(error, failures) { return reason }
                if LeaseRule.isLost(sinceRenewal: clock.now - last, lease: lease) {
                    return "The server could not be reached in time."
                }
                let jitter = Double.random(in: 0...1)
                let pause =
                    isHeld
                    ? LeaseRule.pause(failures: failures, lease: lease, jitter: jitter)
                    : LeaseRule.firstPause(failures: failures, jitter: jitter)
                try? await Task.sleep(for: pause)
            }
        }
        return nil
    }

    /// Renews once before anything is begun, for a server that expects it; false when it will not be had.
    func begin() async -> Bool {
        for attempt in 1...5 {
            do throws(ClientError) {
                _ = try await client.renewRequest(pool: pool, id: request)
                return true
            } catch {
                if Self.loss(error, attempt) != nil || Task.isCancelled { return false }
                try? await Task.sleep(for: .seconds(Double.random(in: 1...10)))
            }
        }
        return false
    }

    private static func loss(_ error: ClientError, _ failures: Int) -> String? {
        switch ServerTrouble(error) {
        case .leaseGone(let reason): reason
        case .registrationGone(let reason) where failures >= signInLimit: reason
        case .registrationGone, .accessDenied, .sessionConflict, .sessionExpired, .clockSkew, .proxyRefuses, .passing:
            nil
        }
    }
}
