import FoundationEssentials
import RoostModel

extension ControlState {
    /// Lets the phases of machines follow what their agents do: who is online is idle, who has a job is busy, who had it is used.
    mutating func followAgents(of pool: PoolID, _ change: inout ControlChange) {
        for number in elastic[pool]?.instances.keys.sorted() ?? [] {
            // Several moves may have come together.
            while let instance = elastic[pool]?.instances[number], follow(instance, &change) {}
        }
    }

    /// - Returns: whether it moved.
    private mutating func follow(_ instance: ElasticInstance, _ change: inout ControlChange) -> Bool {
        let (number, pool) = (instance.number, instance.pool)
        switch instance.phase {
        case .creating, .booting, .recycling:
            // One of several may have a job before the last has come.
            guard isOnline(instance) || !held(instance).isEmpty else { return false }
            noteStart(of: instance, &change)
            return move(number, in: pool, to: .idle, because: "agent online", &change)
        case .idle:
            let jobs = held(instance)
            guard !jobs.isEmpty else { return false }
            let names = jobs.map(\.description).joined(separator: ", ")
            guard move(number, in: pool, to: .busy, because: "job \(names)", &change) else { return false }
            elastic[pool]?.instances[number]?.jobs = jobs
            if let busy = elastic[pool]?.instances[number] { put(busy, &change) }
            return true
        case .busy: return followJobs(of: instance, &change)
        case .planned, .used, .saved, .deleting, .gone: return false
        }
    }

    /// A machine is busy as long as one of its jobs runs; after that it is used, unless all of its agents take another one.
    private mutating func followJobs(of busy: ElasticInstance, _ change: inout ControlChange) -> Bool {
        let (number, pool) = (busy.number, busy.pool)
        let running = held(busy)
        let ended = busy.jobs.filter { !running.contains($0) }
        let lost = ended.filter { isLost($0) }
        for request in ended where !lost.contains(request) { countJob(request, of: busy, &change) }
        var instance = busy
        instance.jobs = lost + running
        if instance.jobs != busy.jobs { put(instance, &change) }
        // One whose lease expired is not used again: it stays busy until it is deleted.
        guard instance.jobs.isEmpty else { return false }
        let known = busy.agents.compactMap { agents[$0] }
        let isLeaving = busy.agents.contains { elastic[pool]?.memory.leaving.contains($0) == true }
        guard known.count == busy.agents.count, !isLeaving else {
            // Those that had no job yet would get one on a machine that is not clean, or that goes.
            for agent in known { remove(agent, &change) }
            return move(number, in: pool, to: .used, because: "had its job\(busy.slots > 1 ? "s" : "")", &change)
        }
        guard known.allSatisfy({ $0.retiredAt == nil }) else { return false }
        return move(number, in: pool, to: .idle, because: "job done", &change)
    }

    /// Tells the matcher whose machine goes: no job that waits keeps one from what was decided of it.
    ///
    /// Asked before each matching, and after each plan, so that agents are there again when the pool goes on.
    mutating func followLeaving(of pool: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[pool] else { return }
        let quarantined = elastic.row.rolls.mapValues(\.quarantined).filter { !$0.value.isEmpty }
        let machines = elastic.instances.values.filter { instance in
            guard !instance.agents.isEmpty else { return false }
            let made = elastic.memory.made[instance.number]
            let lifetime = made.map { max(0, change.tick.timeIntervalSince($0)) } ?? 0
            return !InstanceFacts(instance, age: .zero, lifetime: .seconds(lifetime)).takesJobs(
                in: elastic.pool.state,
                isWithdrawn: quarantined[instance.image.name.lowercased()]?.contains(instance.image.digest) ?? false,
                timeToLive: elastic.settings.timeToLive
            )
        }
        let (before, leaving) = (elastic.memory.leaving, Set(machines.flatMap(\.agents)))
        guard leaving != before else { return }
        self.elastic[pool]?.memory.leaving = leaving
        for id in leaving.symmetricDifference(before) { agentChanged(id, &change) }
    }

    /// All of its agents are there.
    func isOnline(_ instance: ElasticInstance) -> Bool {
        instance.agents.count >= instance.slots && instance.agents.allSatisfy { sessionOfAgent[$0] != nil }
    }

    /// Jobs that its agents hold, by agent.
    private func held(_ instance: ElasticInstance) -> [RequestID] {
        instance.agents.compactMap { assigned[$0] }.compactMap { job($0)?.request }
    }

    /// A job that it ran was given up because nothing was heard of it, and no other runs on it.
    func hasLostLease(_ instance: ElasticInstance) -> Bool {
        instance.phase == .busy && instance.jobs.contains(where: isLost) && held(instance).isEmpty
    }

    /// Jobs that a busy machine could take besides those it runs; none where one was lost.
    func freeSlots(of instance: ElasticInstance) -> Int {
        guard instance.phase == .busy, !instance.jobs.contains(where: isLost) else { return 0 }
        return instance.agents.count { id in
            guard let agent = agents[id], agent.enabled, agent.retiredAt == nil else { return false }
            let isLeaving = elastic[instance.pool]?.memory.leaving.contains(id) == true
            return sessionOfAgent[id] != nil && assigned[id] == nil && !isLeaving
        }
    }

    private func isLost(_ request: RequestID) -> Bool {
        jobOfRequest[request].flatMap { job($0) }?.state == .finished(.abandoned)
    }

    /// A start that worked ends a row of those that did not.
    private mutating func noteStart(of instance: ElasticInstance, _ change: inout ControlChange) {
        countStart(of: instance, failed: false, &change)
        guard let begun = elastic[instance.pool]?.memory.entered[instance.number] else { return }
        elastic[instance.pool]?.memory.noteStart(of: instance.image.digest, took: change.tick.timeIntervalSince(begun))
    }
}

extension ElasticMemory {
    /// How many starts are remembered.
    private static let startCount = 50

    mutating func noteStart(of image: String, took seconds: Double) {
        starts.append(.seconds(max(0, seconds)))
        if starts.count > Self.startCount { starts.removeFirst(starts.count - Self.startCount) }
        failures = 0
        backoffUntil = nil
        words = nil
        images[image] = nil
    }

    /// A machine did not come up, or could not be made.
    ///
    /// - Parameters:
    ///   - pause: until the next one is tried, by how many failed before.
    ///   - words: what the provider said, or what was waited for in vain.
    ///   - tick: now.
    mutating func noteFailure(pause: (Int) -> Duration, words: String, tick: Date) {
        failures += 1
        backoffUntil = tick + pause(failures).seconds
        self.words = words
    }

    /// The same of an image, which holds up no machine of another one.
    ///
    /// - Parameters:
    ///   - image: its digest; nothing is noted of an empty one.
    ///   - pause: until the next one is tried, by how many failed before.
    ///   - tick: now.
    mutating func noteFailure(of image: String, pause: (Int) -> Duration, tick: Date) {
        guard !image.isEmpty else { return }
        var trouble = images[image] ?? ImageTrouble()
        trouble.failures += 1
        trouble.until = tick + pause(trouble.failures).seconds
        images[image] = trouble
    }
}
