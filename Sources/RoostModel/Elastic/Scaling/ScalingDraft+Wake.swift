/// Rule 7: the next moment at which time alone changes something.
extension ScalingDraft {
    /// Until then; nil when only an event can change anything.
    var wakeIn: Duration? {
        let rest = rows.flatMap { waits(of: $0) } + excessWaits
        let provider = snapshot.provider
        let outside = [
            provider.retryIn, provider.backoff, provider.quotaEndsIn, snapshot.settling, policy.changesIn,
        ]
        let versions = snapshot.images.flatMap { [$0.wanted?.backoff, $0.candidate?.backoff, $0.surplusChangesIn] }
        return (rest + (outside + versions).compactMap(\.self)).filter { $0 > .zero }.min()
    }

    private func waits(of row: InstanceFacts) -> [Duration] {
        var waits: [Duration] = []
        if let retryIn = row.retryIn { waits.append(retryIn) }
        switch row.phase {
        case .creating, .booting, .recycling: waits.append(policy.deadline(in: row.phase) - row.age)
        case .idle, .busy: if let limit = policy.timeToLive { waits.append(limit - row.lifetime) }
        case .planned, .used, .saved, .deleting, .gone: break
        }
        return waits
    }

    /// Idle ones wait for their delay only where there are more than standby needs.
    private var excessWaits: [Duration] {
        spareIdle.filter { row in
            guard let surplus = surplus[row.image.name], !isCandidate(row) else { return true }
            return surplus.agents - surplus.dropped >= policy.slots
        }.map { policy.idleDelay - $0.age }
    }
}
