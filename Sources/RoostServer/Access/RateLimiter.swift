import RoostModel
import Synchronization

/// Token buckets, one for each client.
///
/// A bucket holds up to `burst` requests and gets `rate` more each second. Buckets are spread over several locks; full ones are
/// forgotten when there are many.
final class RateLimiter: Sendable {
    /// Whose requests are counted together.
    enum Client: Hashable, Sendable {
        case principal(Principal)
        case address(String)
    }

    /// What a client has left.
    struct Allowance: Hashable, Sendable {
        var limit: Int
        var remaining: Int
        /// Seconds until the bucket has one request again; 0 when it has.
        var wait: Double
        var isAllowed: Bool { wait == 0 }
    }

    fileprivate struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }
    fileprivate final class Shard: Sendable {
        let buckets = Mutex<[Client: Bucket]>([:])
    }

    fileprivate let shards: [Shard]
    private let rate: Double
    private let burst: Double
    /// Buckets of one lock, above which full ones are dropped.
    private static let capacity = 4096

    /// - Parameters:
    ///   - rate: requests per second; 0 is no limit.
    ///   - burst: requests at once.
    init(rate: Int, burst: Int) {
        self.rate = Double(rate)
        self.burst = Double(max(burst, 1))
        shards = (0..<16).map { _ in Shard() }
    }

    var isUnlimited: Bool { rate == 0 }

    /// Takes one request out of a client's bucket.
    func take(_ client: Client, at now: ContinuousClock.Instant) -> Allowance {
        let shard = shards[client.hashValue & 15]
        return shard.buckets.withLock { buckets in
            if buckets.count >= Self.capacity { drop(&buckets, at: now) }
            var bucket = buckets[client] ?? Bucket(level: burst, at: now)
            bucket.level = level(bucket, at: now)
            bucket.at = now
            let isAllowed = bucket.level >= 1
            if isAllowed { bucket.level -= 1 }
            buckets[client] = bucket
            return Allowance(
                limit: Int(rate),
                remaining: Int(bucket.level),
                wait: isAllowed ? 0 : max((1 - bucket.level) / rate, 0.001)
            )
        }
    }

    private func level(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let elapsed = (now - bucket.at).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        return min(burst, bucket.level + max(0, seconds) * rate)
    }

    private func drop(_ buckets: inout [Client: Bucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { level($0.value, at: now) < burst }
        if buckets.count >= Self.capacity { buckets.removeAll(keepingCapacity: true) }
    }
}

extension RateLimiter {
    /// Clients that are remembered.
    var bucketCount: Int { shards.reduce(0) { $0 + $1.buckets.withLock { $0.count } } }
}
