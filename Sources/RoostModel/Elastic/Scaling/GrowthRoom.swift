/// How many machines may be made now, and what stands against more.
struct GrowthRoom {
    /// Those that forbid come before those that limit; of equal ones the first is told.
    private var limits: [(left: Int, obstacle: ScalingObstacle)] = []

    init(_ draft: ScalingDraft) {
        let (policy, provider) = (draft.policy, draft.snapshot.provider)
        switch draft.snapshot.state {
        case .active: break
        case .paused: limits.append((0, .paused))
        case .draining: limits.append((0, .draining))
        case .deleting: limits.append((0, .deleting))
        }
        limits.append((policy.max - draft.occupied, .atMax(policy.max, policy.ceiling)))
        if let time = provider.retryIn, time > .zero { limits.append((0, .throttled(time))) }
        if let time = provider.backoff, time > .zero { limits.append((0, .backingOff(time, words: provider.words))) }
        if provider.failures >= failuresBeforeProbing {
            limits.append((1 - draft.starting, .probing(words: provider.words)))
        }
        if let room = provider.quotaRoom { limits.append((room, .quota(words: provider.words))) }
        limits.append((policy.burst - draft.inFlight, .burst(policy.burst)))
    }

    /// What stands against one more; nil when it may be made.
    var obstacle: ScalingObstacle? { limits.first { $0.left <= 0 }?.obstacle }

    mutating func take() {
        for index in limits.indices { limits[index].left -= 1 }
    }
}

/// Starts that may fail one after another before machines are tried one at a time.
let failuresBeforeProbing = 3

extension ScalingDraft {
    /// Machines that are being made.
    var inFlight: Int { rows.count { $0.phase == .planned || $0.phase == .creating } }

    /// Machines that are made or start for the first time.
    var starting: Int { rows.count { $0.phase.isStarting } }

    /// What stands against one more machine of a version that did not start; nil when it may be made.
    func obstacle(of version: ScalingVersion) -> ScalingObstacle? {
        if let time = version.backoff, time > .zero { return .backingOff(time, words: snapshot.provider.words) }
        guard version.failures >= failuresBeforeProbing else { return nil }
        let isTried = rows.contains { $0.image == version.image && $0.phase.isStarting }
        return isTried ? .probing(words: snapshot.provider.words) : nil
    }
}

extension ElasticPhase {
    fileprivate var isStarting: Bool { self == .planned || self == .creating || self == .booting }
}
