import Foundation
import RoostModel

extension ScalingSnapshot {
    /// What is known once the actions are in the ledger and none has been carried out; a listing is not to be trusted then.
    func applying(_ actions: [ScalingAction]) throws -> ScalingSnapshot {
        let moment = Date(timeIntervalSince1970: 1_000_000)
        var next = self
        for action in actions {
            switch action {
            case .create(let number, let image, _):
                next.instances.append(InstanceFacts(number, .planned, image: image))
                next.nextNumber = max(next.nextNumber, number + 1)
                next.provider.quotaRoom? -= 1
            case .destroy: next.destroying += 1
            case .delete(let number, .excessIdle):
                let name = instances.first { $0.number == number }?.image.name
                if let index = images.firstIndex(where: { $0.name == name }) {
                    next.images[index].lastingSurplus? -= policy.slots
                }
            case .explain: continue
            default: break
            }
            next.listing = nil
            next.instances = try next.instances.map { facts in
                try facts.applying(action, in: pool, at: moment)
            }
        }
        return next
    }
}

extension InstanceFacts {
    /// What the ledger makes of it.
    fileprivate func applying(_ action: ScalingAction, in pool: PoolID, at moment: Date) throws -> InstanceFacts {
        var ledger = ElasticLedger(pool: pool, rows: [try row(in: pool, at: moment)])
        if case .create = action { return self }
        guard try ledger.apply(action, at: moment) != nil, let row = ledger.rows[number] else { return self }
        var next = self
        (next.phase, next.generation, next.providerID) = (row.phase, row.generation, row.providerID)
        (next.jobs, next.wish, next.unlisted) = (row.jobs, row.wish, row.unlisted)
        if row.phase != phase { (next.age, next.retryIn) = (.zero, nil) }
        if case .retry = action { next.retryIn = nil }
        return next
    }

    private func row(in pool: PoolID, at moment: Date) throws -> ElasticInstance {
        var row = ElasticInstance(pool: pool, number: number, image: image, at: moment, because: "test")
        for step in [ElasticPhase.creating, .booting, .idle, .busy, .used] where row.phase != phase {
            if row.phase.next.contains(phase) { break }
            try row.move(to: step, at: moment, because: "test")
        }
        if row.phase != phase { try row.move(to: phase, at: moment, because: "test") }
        (row.generation, row.providerID, row.jobs) = (generation, providerID, jobs)
        (row.unlisted, row.wish) = (unlisted, wish)
        return row
    }
}
