import Foundation
import RoostModel

extension ElasticWorld {
    func snapshot(_ listing: [ListedMachine]?) -> ScalingSnapshot {
        var facts = provider
        facts.retryIn = throttledUntil > now ? throttledUntil - now : nil
        facts.backoff = backedOffUntil > now ? backedOffUntil - now : nil
        facts.quotaRoom = quotaUntil > now ? 0 : nil
        return ScalingSnapshot(
            pool: PoolID(1),
            policy: policy,
            images: images.map(image),
            waiting: jobs.compactMap { id, job in
                guard case .waiting(let since) = job.state else { return nil }
                return WaitingJob(RequestID(id), demands: job.demands, age: now - since)
            },
            instances: ledger.rows.values.filter { $0.phase != .gone }.map(instance),
            nextNumber: ledger.nextNumber,
            listing: listing,
            provider: facts,
            settling: settledAt > now ? settledAt - now : nil
        )
    }

    private func image(_ image: ScalingImage) -> ScalingImage {
        var image = image
        image.lastingSurplus = surplus.lasting(of: image.name, at: now, delay: policy.idleDelay)
        image.surplusChangesIn = surplus.changesIn(of: image.name, at: now, delay: policy.idleDelay)
        return image
    }

    private func instance(_ row: ElasticInstance) -> InstanceFacts {
        let age = ages.age(of: row.number, at: now)
        var facts = InstanceFacts(row, age: age, lifetime: ages.lifetime(of: row.number, at: now))
        if let session = sessions[row.number], session.generation == row.generation {
            let silence = now - session.heard
            facts.isHeard = silence <= .seconds(5)
            facts.isSilent = silence > .seconds(15)
            facts.leaseExpired = row.phase == .busy && silence > .seconds(30)
        } else {
            facts.leaseExpired = row.phase == .busy
        }
        facts.freeSlots = row.phase == .busy && !facts.isSilent && !facts.leaseExpired ? max(0, freeSlots(of: row)) : 0
        facts.isUnderWay = calls[row.number] != nil
        facts.retryIn = retryAt[row.number].map { $0 - now }
        return facts
    }

    mutating func plan(_ listing: [ListedMachine]?) {
        let snapshot = snapshot(listing)
        let plan = planScaling(snapshot)
        check(plan, of: snapshot)
        surplus.note(plan, at: now, delay: policy.idleDelay)
        for action in plan.actions { write(action) }
        remember()
        if let listing { ledger.note(listing) }
        for action in plan.actions { carryOut(action) }
        wakeAt = plan.wakeIn.map { now + $0 }
    }

    private mutating func write(_ action: ScalingAction) {
        if case .explain = action { return }
        note(action.text)
        do {
            let row = try ledger.apply(action, at: wall)
            switch action {
            case .create, .reimage: if let row { ledger.rows[row.number]?.slots = policy.slots }
            default: break
            }
        } catch {
            wrong("\(error)")
        }
    }

    private mutating func carryOut(_ action: ScalingAction) {
        switch action {
        case .create, .cancel: moves += 1
        case .delete(let number, let reason), .save(let number, let reason):
            moves += 1
            retryAt[number] = nil
            if reason == .neverRegistered { failStart() }
        case .reimage(let number, _): retryAt[number] = nil
        case .destroy(let machine, _): destroy(machine)
        case .fence(let number, _): sessions[number]?.generation = 0
        case .loseJob(let job, _, _): jobs[job.rawValue]?.state = .waiting(since: now)
        case .retry(let number, _): (retryAt[number], answered[number]) = (nil, nil)
        case .adopt, .forget, .explain: break
        }
        isWoken = true
    }

    /// What is true of every plan.
    private mutating func check(_ plan: ScalingPlan, of snapshot: ScalingSnapshot) {
        for fault in plan.faults(of: snapshot) { wrong(fault) }
        var other = snapshot
        other.instances.shuffle(using: &random)
        other.waiting.shuffle(using: &random)
        other.listing?.shuffle(using: &random)
        if planScaling(other) != plan { wrong("another order gives another plan") }
        guard !plan.actions.isEmpty else { return }
        do {
            let rest = planScaling(try snapshot.applying(plan.actions)).actions.filter(\.isWork)
            if !rest.isEmpty { wrong("\(plan.actions.text), planned again: \(rest.text)") }
        } catch {
            wrong("\(error)")
        }
    }

    /// Whether the pool is what it should be and all jobs ended once.
    var isSettled: Bool {
        let rows = ledger.rows.values.filter { $0.phase != .gone }
        let slots = policy.slots
        let standby = min(policy.max, images.reduce(0) { $0 + ($1.standby + slots - 1) / slots })
        let wanted = Set(images.compactMap(\.wanted?.image.digest))
        return jobs.values.allSatisfy { $0.state == .done } && rows.count == standby
            && rows.allSatisfy { $0.phase == .idle && wanted.contains($0.image.digest) }
            && Set(rows.compactMap(\.providerID)) == Set(machines.keys)
    }
}

extension ScalingAction {
    var isWork: Bool { if case .explain = self { false } else { true } }
}
