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
            guard isOnline(instance) else { return false }
            noteStart(of: instance, &change)
            return move(number, in: pool, to: .idle, because: "agent online", &change)
        case .idle:
            guard let request = holding(instance) else { return false }
            guard move(number, in: pool, to: .busy, because: "job \(request)", &change) else { return false }
            elastic[pool]?.instances[number]?.jobs = [request]
            if let busy = elastic[pool]?.instances[number] { put(busy, &change) }
            return true
        case .busy:
            // One whose lease expired is not used again: it stays busy until it is deleted.
            guard holding(instance) == nil, !hasLostLease(instance) else { return false }
            guard let agent = instance.agent.flatMap({ agents[$0] }) else {
                countJob(of: instance, &change)
                return move(number, in: pool, to: .used, because: "had its job", &change)
            }
            guard agent.retiredAt == nil else { return false }
            countJob(of: instance, &change)
            return move(number, in: pool, to: .idle, because: "job done", &change)
        case .planned, .used, .saved, .deleting, .gone: return false
        }
    }

    func isOnline(_ instance: ElasticInstance) -> Bool {
        instance.agent.map { sessionOfAgent[$0] != nil } ?? false
    }

    private func holding(_ instance: ElasticInstance) -> RequestID? {
        instance.agent.flatMap { assigned[$0] }.flatMap { job($0)?.request }
    }

    /// The job it ran was given up because nothing was heard of it.
    func hasLostLease(_ instance: ElasticInstance) -> Bool {
        guard instance.phase == .busy, let request = instance.jobs.last,
            let job = jobOfRequest[request].flatMap({ job($0) })
        else { return false }
        return job.state == .finished(.abandoned)
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
    ///   - image: its digest.
    ///   - pause: until the next one is tried, by how many failed before.
    ///   - words: what the provider said, or what was waited for in vain.
    ///   - tick: now.
    mutating func noteFailure(of image: String, pause: (Int) -> Duration, words: String, tick: Date) {
        failures += 1
        backoffUntil = tick + pause(failures).seconds
        self.words = words
        guard !image.isEmpty else { return }
        var trouble = images[image] ?? ImageTrouble()
        trouble.failures += 1
        trouble.until = tick + pause(trouble.failures).seconds
        images[image] = trouble
    }
}
