import Foundation
import RoostModel

extension ElasticWorld {
    /// Starts what rows ask for, one call for each at a time.
    mutating func startCalls() {
        guard throttledUntil <= now else { return }
        for number in ledger.rows.keys.sorted() where calls[number] == nil && retryAt[number] == nil {
            guard let row = ledger.rows[number] else { continue }
            switch row.phase {
            case .planned where !rough(20):
                move(number, to: .creating)
                call(.create, number, row)
            case .creating where row.providerID == nil && answered[number] == nil: call(.create, number, row)
            case .recycling where answered[number] != row.generation: call(.reimage, number, row)
            case .deleting where row.providerID != nil && answered[number] != -1: call(.delete, number, row)
            default: break
            }
        }
    }

    private mutating func call(_ work: Work, _ number: Int, _ row: ElasticInstance) {
        calls[number] = Call(work: work, ends: now + seconds(0...4), generation: row.generation)
    }

    mutating func endCalls() {
        for number in calls.keys.sorted() {
            guard let call = calls[number], call.ends <= now else { continue }
            calls[number] = nil
            isWoken = true
            carryOut(call, of: number, heard: true)
        }
        for (id, machine) in machines where machine.goneAt.map({ $0 <= now }) == true { remove(id) }
    }

    /// What a call does, and what the server hears of it.
    mutating func carryOut(_ call: Call, of number: Int, heard: Bool) {
        guard let row = ledger.rows[number] else { return }
        switch call.work {
        case .create: create(number, row, heard)
        case .reimage: reimage(number, row, call, heard)
        case .delete: delete(number, row, heard)
        }
    }

    private mutating func create(_ number: Int, _ row: ElasticInstance, _ heard: Bool) {
        if rough(3) { return throttle(number, heard) }
        if rough(6) { return refuse(number, quota: chance(40), heard) }
        // The answer is lost; perhaps nothing was done, either.
        let isLost = rough(8)
        answered[number] = row.generation
        if isLost, chance(50) { return }
        let id = make(row)
        if rough(4) { _ = make(row) }
        guard heard, !isLost, ledger.rows[number]?.phase != .gone else { return }
        ledger.rows[number]?.providerID = id
        if ledger.rows[number]?.phase == .creating { move(number, to: .booting) }
    }

    private mutating func make(_ row: ElasticInstance) -> String {
        made += 1
        let id = "m\(made)"
        let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: row.number, generation: row.generation)
        machines[id] = Machine(tag: tag, onlineAt: rough(8) ? nil : now + seconds(1...15))
        return id
    }

    private mutating func throttle(_ number: Int, _ heard: Bool) {
        guard heard else { return }
        throttledUntil = now + seconds(3...20)
        retryAt[number] = throttledUntil
    }

    private mutating func refuse(_ number: Int, quota: Bool, _ heard: Bool) {
        guard heard, ledger.rows[number]?.phase == .creating else { return }
        if quota { quotaUntil = now + seconds(20...60) } else { failStart() }
        move(number, to: .gone)
    }

    mutating func failStart() {
        provider.failures += 1
        backedOffUntil = now + startBackOff(after: provider.failures, in: PoolID(1))
    }

    private mutating func reimage(_ number: Int, _ row: ElasticInstance, _ call: Call, _ heard: Bool) {
        guard row.phase == .recycling, let id = row.providerID, machines[id] != nil, !rough(8) else {
            return again(number, heard)
        }
        checkUnused(id, "reimaged")
        let isNew = rough(20)
        if isNew {
            machines[id] = nil
            let other = make(row)
            if heard { ledger.rows[number]?.providerID = other }
        } else {
            machines[id]?.tag.generation = call.generation
            let online = rough(8) ? nil : now + seconds(0...5)
            machines[id]?.onlineAt = online
            machines[id]?.isAlive = true
        }
        if heard { answered[number] = call.generation }
    }

    private mutating func delete(_ number: Int, _ row: ElasticInstance, _ heard: Bool) {
        guard let id = row.providerID, !rough(10) else { return again(number, heard) }
        checkUnused(id, "deleted")
        machines[id]?.isAlive = false
        let time = now + seconds(0...3)
        machines[id]?.goneAt = time
        if heard { answered[number] = -1 }
    }

    private mutating func again(_ number: Int, _ heard: Bool) {
        guard heard else { return }
        ledger.rows[number]?.fail("it did not work", nextAttempt: nil)
        let attempts = ledger.rows[number]?.attempts ?? 1
        retryAt[number] = now + retryBackOff(after: attempts, instance: number, in: PoolID(1))
    }

    mutating func destroy(_ id: String) {
        guard !rough(20) else { return }
        checkUnused(id, "destroyed")
        remove(id)
    }

    private mutating func remove(_ id: String) {
        machines[id] = nil
        isWoken = true
        if quotaUntil > now { quotaUntil = now }
    }

    /// No machine goes while the server believes that a job runs on it, and it does.
    private mutating func checkUnused(_ id: String, _ what: String) {
        guard machines[id]?.isAlive == true else { return }
        for (job, value) in jobs {
            if case .running(let number, id, _) = value.state {
                wrong("machine \(id) of \(number) is \(what) while job \(job) runs on it")
            }
        }
    }

    /// A listing in every third second; while things go wrong it may be missing, or lie.
    mutating func list() -> [ListedMachine]? {
        guard now.components.seconds % 3 == 0, throttledUntil <= now, !rough(15) else { return nil }
        return machines.keys.sorted().compactMap { id in
            guard let machine = machines[id], !rough(3) else { return nil }
            let state: ListedMachine.State = machine.isAlive ? .running : machine.goneAt == nil ? .stopped : .deleting
            return ListedMachine(id: id, tag: machine.tag, state: state)
        }
    }
}
