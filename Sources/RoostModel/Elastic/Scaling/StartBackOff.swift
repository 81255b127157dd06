/// How long no machine is made after starts that failed: 1 s, twice as long each time, 10 min at most; less by up to a fifth, so that pools do not try together.
///
/// - Parameters:
///   - failures: one after another; 0 for none.
///   - pool: whose.
/// - Returns: the time, from the moment of the last failure.
public func startBackOff(after failures: Int, in pool: PoolID) -> Duration {
    guard failures > 0 else { return .zero }
    return backOff(from: .seconds(1), to: .seconds(600), attempt: failures, salt: "start \(pool)")
}

/// How long until a call for a machine that failed is made again: 1 s, twice as long each time, 5 min at most, less by up to a fifth.
///
/// - Parameters:
///   - attempts: that failed, one after another; 0 for none.
///   - instance: the machine's number.
///   - pool: whose.
/// - Returns: the time, from the moment of the last failure.
public func retryBackOff(after attempts: Int, instance: Int, in pool: PoolID) -> Duration {
    guard attempts > 0 else { return .zero }
    return backOff(from: .seconds(1), to: .seconds(300), attempt: attempts, salt: "retry \(pool) \(instance)")
}

/// The same for a machine that no row needs, by the provider's name of it.
public func retryBackOff(after attempts: Int, machine: String, in pool: PoolID) -> Duration {
    guard attempts > 0 else { return .zero }
    return backOff(from: .seconds(1), to: .seconds(300), attempt: attempts, salt: "retry \(pool) \(machine)")
}

/// How long a quota is believed after so many answers of that kind, one after another: as long as a call that failed waits.
public func quotaBackOff(after refusals: Int, in pool: PoolID) -> Duration {
    guard refusals > 0 else { return .zero }
    return backOff(from: .seconds(1), to: .seconds(300), attempt: refusals, salt: "quota \(pool)")
}

private func backOff(from first: Duration, to most: Duration, attempt: Int, salt: String) -> Duration {
    let doubled = first * (1 << min(attempt - 1, 20))
    let thousandths = Int(stableHash("\(salt) \(attempt)") % 200)
    return min(doubled, most) * (1_000 - thousandths) / 1_000
}
