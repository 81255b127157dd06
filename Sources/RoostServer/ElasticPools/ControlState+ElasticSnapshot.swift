import FoundationEssentials
import RoostModel

extension ControlState {
    /// All that a pool's next actions follow from.
    ///
    /// - Parameters:
    ///   - id: the pool.
    ///   - traits: of its provider.
    ///   - change: for the moments.
    /// - Returns: nil for a pool that is not elastic.
    func scalingSnapshot(
        of id: PoolID,
        _ traits: ProviderTraits,
        _ change: borrowing ControlChange
    ) -> ScalingSnapshot? {
        guard let elastic = elastic[id] else { return nil }
        let memory = elastic.memory
        func left(_ moment: Date?) -> Duration? {
            guard let moment, moment > change.tick else { return nil }
            return .seconds(moment.timeIntervalSince(change.tick))
        }
        let quota = memory.quota.flatMap { $0.until > change.tick ? $0 : nil }
        let usage = elastic.row.spending.usage(with: elastic.instances.values.map(\.createdAt), at: change.now)
        return ScalingSnapshot(
            pool: id,
            state: elastic.pool.state,
            policy: elastic.settings.policy(
                at: change.now,
                usage: usage,
                starts: memory.starts,
                listLag: traits.listLag
            ),
            images: scalingImages(of: elastic, usage, change),
            waiting: waitingJobs(in: id, change.now),
            instances: elastic.instances.values.map { facts(of: $0, memory, change.tick) },
            nextNumber: elastic.row.lastNumber + 1,
            listing: memory.listing,
            destroying: memory.destroying.count,
            resting: memory.resting(at: change.tick),
            provider: ProviderFacts(
                retryIn: left(memory.throttledUntil),
                backoff: left(memory.backoffUntil),
                failures: memory.failures,
                quotaRoom: quota?.room,
                quotaEndsIn: left(quota?.until),
                words: quota?.words ?? memory.words,
                endsAreCertain: traits.endsAreCertain
            ),
            settling: left(memory.settlingUntil)
        )
    }

    private func facts(of instance: ElasticInstance, _ memory: ElasticMemory, _ tick: Date) -> InstanceFacts {
        func age(_ moment: Date?) -> Duration { .seconds(moment.map { max(0, tick.timeIntervalSince($0)) } ?? 0) }
        var facts = InstanceFacts(
            instance,
            age: age(memory.entered[instance.number]),
            lifetime: age(memory.made[instance.number])
        )
        let isHeard = instance.agents.contains { sessionOfAgent[$0] != nil }
        facts.isHeard = isHeard
        facts.isSilent = instance.phase == .idle ? !isOnline(instance) : instance.phase == .busy && !isHeard
        facts.freeSlots = freeSlots(of: instance)
        facts.leaseExpired = hasLostLease(instance)
        facts.isUnderWay = memory.underWay.contains(instance.number)
        facts.isDisabled = instance.agents.contains { agents[$0]?.enabled == false }
        facts.retryIn = memory.retryAt[instance.number].map { .seconds($0.timeIntervalSince(tick)) }
        return facts
    }

    /// Jobs that could run now: permitted, and not above the pool's limit of jobs at once.
    private func waitingJobs(in id: PoolID, _ now: Date) -> [WaitingJob] {
        guard let queue = poolQueues[id], let pool = pools[id] else { return [] }
        var jobs = queue.jobs.values.filter(\.isAuthorized).map { job in
            WaitingJob(
                job.request,
                demands: job.demands,
                priority: job.priority,
                age: .seconds(max(0, now.timeIntervalSince(job.queuedAt)))
            )
        }
        guard let limit = pool.concurrencyLimit else { return jobs }
        let room = max(0, limit - agents.values.count { $0.pool == id && assigned[$0.id] != nil })
        guard jobs.count > room else { return jobs }
        jobs.sort { ($1.age, $0.request) < ($0.age, $1.request) }
        return Array(jobs.prefix(room))
    }
}
