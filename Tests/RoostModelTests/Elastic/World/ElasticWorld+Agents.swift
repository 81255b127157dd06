import Foundation
import RoostModel

extension ElasticWorld {
    /// Agents come online and are heard.
    mutating func speak() {
        for id in machines.keys.sorted() {
            guard let machine = machines[id], machine.isAlive, machine.cutUntil <= now else { continue }
            let number = machine.tag.instance
            if let session = sessions[number], session.machine == id, session.generation == machine.tag.generation {
                sessions[number]?.heard = now
            } else if let time = machine.onlineAt, time <= now {
                enrol(id, machine)
            }
        }
    }

    /// The token is good for one registration in this generation of the machine.
    private mutating func enrol(_ id: String, _ machine: Machine) {
        let number = machine.tag.instance
        guard let row = ledger.rows[number], row.generation == machine.tag.generation else { return }
        guard sessions[number]?.generation != row.generation else { return }
        guard [.creating, .booting, .recycling].contains(row.phase) else { return }
        sessions[number] = Session(machine: id, generation: row.generation, heard: now)
        move(number, to: .idle)
        provider.failures = 0
        backedOffUntil = .zero
        note("\(id) online as \(number)")
    }

    mutating func move(_ number: Int, to phase: ElasticPhase) {
        do {
            try ledger.rows[number]?.move(to: phase, at: wall, because: "world")
        } catch {
            wrong("\(error)")
        }
        remember()
        isWoken = true
    }

    mutating func remember() {
        ages.note(ledger.rows.values.filter { $0.phase != .gone }, at: now, wall, limit: policy.bootDeadline)
    }

    mutating func endJobs() {
        for (id, job) in jobs {
            guard case .running(let number, let machine, let until) = job.state, until <= now else { continue }
            guard let truth = machines[machine], truth.isAlive, truth.cutUntil <= now else { continue }
            // One whose agent was shut out can report nothing.
            guard sessions[number]?.machine == machine, ledger.rows[number]?.phase == .busy else { continue }
            jobs[id]?.state = .done
            jobs[id]?.finishes += 1
            ledger.rows[number]?.jobs.removeAll { $0 == RequestID(id) }
            isWoken = true
            guard let row = ledger.rows[number], row.jobs.isEmpty else { continue }
            move(number, to: policy.recycle == .reuse && takesJobs(row) ? .idle : .used)
        }
    }

    /// Jobs that a machine with an agent can take: each slot takes one, unless machines are used again.
    func freeSlots(of row: ElasticInstance) -> Int {
        guard takesJobs(row) else { return 0 }
        switch row.phase {
        case .idle: return row.slots
        case .busy where policy.recycle == .reuse: return row.slots - row.jobs.count
        case .busy: return row.slots - (taken[row.number] ?? 0)
        default: return 0
        }
    }

    /// Gives waiting jobs to machines that run some, and to the youngest idle ones.
    mutating func assign() {
        let waiting = jobs.filter { if case .waiting = $0.value.state { true } else { false } }.keys.sorted()
        guard !waiting.isEmpty else { return }
        for id in waiting {
            let free = ledger.rows.values.filter { freeSlots(of: $0) > 0 && canTake($0, id) }
            let youngest = free.min { left, right in
                if left.phase != right.phase { return left.phase == .busy }
                let ages = [left, right].map { self.ages.age(of: $0.number, at: now) }
                return (ages[0], left.number) < (ages[1], right.number)
            }
            guard let row = youngest, let session = sessions[row.number], let job = jobs[id] else { continue }
            jobs[id]?.state = .running(on: row.number, machine: session.machine, until: now + job.length)
            ledger.rows[row.number]?.jobs.append(RequestID(id))
            taken[row.number] = row.phase == .idle ? 1 : (taken[row.number] ?? 0) + 1
            isWoken = true
            if row.phase == .idle { move(row.number, to: .busy) }
        }
    }

    /// As the server asks it before it matches.
    private func takesJobs(_ row: ElasticInstance) -> Bool {
        let lifetime = ages.lifetime(of: row.number, at: now)
        let image = images.first { $0.name == row.image.name }
        return InstanceFacts(row, age: .zero, lifetime: lifetime).takesJobs(
            in: .active,
            isWithdrawn: image?.quarantined.contains(row.image.digest) ?? false,
            timeToLive: policy.timeToLive
        )
    }

    private func canTake(_ row: ElasticInstance, _ job: Int) -> Bool {
        guard let session = sessions[row.number], session.generation == row.generation else { return false }
        guard now - session.heard <= .seconds(15), let demands = jobs[job]?.demands else { return false }
        guard let image = images.first(where: { $0.name == row.image.name }) else { return false }
        guard takesJobs(row) else { return false }
        let offer: Capabilities = [ElasticOffer.image: image.name]
        guard demands.allSatisfy({ $0.isMet(by: [:], offer) }) else { return false }
        guard row.image.digest == image.candidate?.image.digest else { return true }
        return mayMeetCandidate(RequestID(job), digest: row.image.digest, share: policy.canaryShare)
    }
}
