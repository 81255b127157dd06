import FoundationEssentials
import Logging
import RoostModel

extension ControlPlane {
    /// Plans an elastic pool, and writes down what the plan says; it is done once that is durable.
    func planElastic(_ pool: PoolID, _ state: inout ControlState, _ change: inout ControlChange) {
        guard let elastic = state.elastic[pool] else { return }
        state.refreshSelections(of: pool)
        state.followAgents(of: pool, &change)
        state.followImages(of: pool, &change)
        state.refreshTemplates(of: pool, &change)
        guard let snapshot = state.scalingSnapshot(of: pool, traits(of: elastic), change) else { return }
        let plan = planScaling(snapshot)
        state.elastic[pool]?.memory.shortages = []
        state.elastic[pool]?.memory.prospects = plan.prospects
        let delay = elastic.settings.idleDelay
        state.elastic[pool]?.memory.surplus.note(plan, at: ElasticMemory.uptime(change.tick), delay: delay)
        for action in plan.actions { state.note(action, in: pool, settings: settings, &change) }
        state.noteListing(of: pool, &change)
        state.elastic[pool]?.memory.wakeAt = plan.wakeIn.map { change.tick + max(0.001, $0.seconds) }
        if let wake = state.elastic[pool]?.memory.wakeAt { elasticWork.deadlines.arm(for: wake) }
        state.followLeaving(of: pool, &change)
        state.askForListing(of: pool, change.tick, &change)
        change.effects.append { $0.poolEvents.publish(.machinesChanged(pool), to: pool) }
        // Who lists late may not have listed yet what is there.
        let listings = machineProviders[elastic.pool.provider] == nil ? 0 : traits(of: elastic).listLag == .zero ? 1 : 2
        state.endDeletedPool(pool, after: listings, &change)
    }
}

extension ControlPlane {
    /// What never changes of a pool's provider; one that this server does not have is believed nothing.
    func traits(of elastic: ElasticState) -> ProviderTraits {
        machineProviders[elastic.pool.provider]?.traits ?? ProviderTraits()
    }
}

extension ControlState {
    /// Writes one action of a plan down.
    mutating func note(
        _ action: ScalingAction,
        in pool: PoolID,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        switch action {
        case .create(let number, let image, let reason): create(number, image, reason, in: pool, &change)
        case .cancel(let number, let reason):
            close(number, in: pool, because: reason, settings: settings, &change)
        case .adopt(let number, let machine): adopt(number, machine, in: pool, &change)
        case .destroy(let machine, let reason):
            if let until = elastic[pool]?.memory.throttle(at: change.tick) {
                elastic[pool]?.memory.strays[machine, default: .init(until: until)].until = until
                return
            }
            elastic[pool]?.memory.destroying.insert(machine)
            change.log(.warning, .deleteVMs, in: pool, nil, "Machine '\(machine)' is removed: \(reason.text).")
            begin(.destroy(machine), in: pool, &change)
        case .forget(let number, let reason):
            close(number, in: pool, because: reason, settings: settings, &change)
        case .fence(let number, let reason):
            guard let instance = elastic[pool]?.instances[number] else { return }
            change.log(.warning, .sizingJob, in: pool, number, "Its agent is shut out: \(reason.text).")
            removeAgents(of: instance, settings: settings, &change)
        case .loseJob(let request, let number, let reason):
            lose(request, on: number, in: pool, reason, settings, &change)
        case .save(let number, let reason):
            noteFailure(of: number, in: pool, reason, &change)
            guard move(number, in: pool, to: .saved, because: reason.text, &change) else { return }
            change.log(.warning, .sizingJob, in: pool, number, "It is kept for study: \(reason.text).")
        case .reimage(let number, let reason): reimage(number, reason, in: pool, settings: settings, &change)
        case .delete(let number, let reason): delete(number, reason, in: pool, settings: settings, &change)
        case .retry(let number, let phase): retry(number, phase, in: pool, &change)
        case .explain(let shortage): elastic[pool]?.memory.shortages.append(shortage)
        }
    }

    /// Sends a call on its way; while the provider takes none, one for a machine waits as one that failed does.
    private mutating func begin(_ kind: ElasticOperation.Kind, in pool: PoolID, _ change: inout ControlChange) {
        switch kind {
        case .create(let number), .reimage(let number), .delete(let number):
            if let until = elastic[pool]?.memory.throttle(at: change.tick) {
                elastic[pool]?.memory.retryAt[number] = until
                return
            }
            elastic[pool]?.memory.underWay.insert(number)
            elastic[pool]?.memory.retryAt[number] = nil
        case .destroy, .list: break
        }
        let operation = ElasticOperation(kind, in: pool)
        change.effects.append { $0.elasticWork.send(operation) }
    }

    private mutating func create(
        _ number: Int,
        _ image: ElasticInstance.Image,
        _ reason: ScalingReason,
        in pool: PoolID,
        _ change: inout ControlChange
    ) {
        let last = elastic[pool]?.row.lastNumber ?? 0
        elastic[pool]?.row.lastNumber = max(number, last)
        putElastic(pool, &change)
        elastic[pool]?.memory.made[number] = change.tick
        let planned = ElasticInstance(
            pool: pool,
            number: number,
            image: image,
            slots: elastic[pool]?.settings.slots ?? 1,
            at: change.now,
            because: reason.text
        )
        put(planned, &change)
        move(number, in: pool, to: .creating, because: reason.text, &change)
        let title = image.version.isEmpty ? "" : " of \(image.version)"
        change.log(.info, .increaseCapacity, in: pool, number, "A machine\(title) is made: \(reason.text).")
        begin(.create(number), in: pool, &change)
    }

    private mutating func adopt(_ number: Int, _ machine: String, in pool: PoolID, _ change: inout ControlChange) {
        guard var instance = elastic[pool]?.instances[number] else { return }
        instance.providerID = machine
        put(instance, &change)
        change.log(.info, .increaseCapacity, in: pool, number, "Its machine was found: '\(machine)'.")
        if instance.phase == .creating { move(number, in: pool, to: .booting, because: "found", &change) }
    }

    /// There is no machine any more, or there never was one.
    private mutating func close(
        _ number: Int,
        in pool: PoolID,
        because reason: ScalingReason,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        guard let instance = elastic[pool]?.instances[number] else { return }
        removeAgents(of: instance, settings: settings, &change)
        if instance.phase != .deleting {
            change.log(.warning, .sizingJob, in: pool, number, "It is given up: \(reason.text).")
        }
        move(number, in: pool, to: .gone, because: reason.text, &change)
    }

    private mutating func lose(
        _ request: RequestID,
        on number: Int,
        in pool: PoolID,
        _ reason: ScalingReason,
        _ settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        guard let id = jobOfRequest[request], let job = job(id) else { return }
        if job.state.lease != nil {
            change.log(.error, .sizingJob, in: pool, number, "Its job \(request) is lost: \(reason.text).")
            apply(.leaseExpired, to: id, settings: settings, &change)
        }
        // A machine that a person takes away says nothing of its version.
        if case .person = reason { return }
        guard let instance = elastic[pool]?.instances[number] else { return }
        countJob(request, of: instance, &change)
    }

    private mutating func reimage(
        _ number: Int,
        _ reason: ScalingReason,
        in pool: PoolID,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        guard let instance = elastic[pool]?.instances[number] else { return }
        removeAgents(of: instance, settings: settings, &change)
        guard move(number, in: pool, to: .recycling, because: reason.text, &change) else { return }
        if let slots = elastic[pool]?.settings.slots, var anew = elastic[pool]?.instances[number], anew.slots != slots {
            anew.slots = slots
            put(anew, &change)
        }
        change.log(.info, .reimage, in: pool, number, "It is made anew: \(reason.text).")
        begin(.reimage(number), in: pool, &change)
    }

    private mutating func delete(
        _ number: Int,
        _ reason: ScalingReason,
        in pool: PoolID,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        guard let instance = elastic[pool]?.instances[number] else { return }
        noteFailure(of: number, in: pool, reason, &change)
        removeAgents(of: instance, settings: settings, &change)
        guard move(number, in: pool, to: .deleting, because: reason.text, &change) else { return }
        let level: ElasticPoolLog.Level = reason.isFault ? .warning : .info
        change.log(level, .deleteVMs, in: pool, number, "It is deleted: \(reason.text).")
        // A call that makes it and is under way may end after its removal had: the removal waits for that end.
        guard elastic[pool]?.memory.underWay.contains(number) == false else { return }
        begin(.delete(number), in: pool, &change)
    }

    private mutating func retry(_ number: Int, _ phase: ElasticPhase, in pool: PoolID, _ change: inout ControlChange) {
        switch phase {
        case .planned:
            move(number, in: pool, to: .creating, because: "begun", &change)
            begin(.create(number), in: pool, &change)
        case .creating: begin(.create(number), in: pool, &change)
        case .recycling: begin(.reimage(number), in: pool, &change)
        case .deleting: begin(.delete(number), in: pool, &change)
        case .booting, .idle, .busy, .used, .saved, .gone: break
        }
    }

    /// A machine whose agent never came counts as a start that failed, also one that ended before: or one would be made after another.
    private mutating func noteFailure(
        of number: Int,
        in pool: PoolID,
        _ reason: ScalingReason,
        _ change: inout ControlChange
    ) {
        guard let instance = elastic[pool]?.instances[number], instance.phase.isComing else { return }
        let what: String
        switch reason {
        case .notMade: return noteUnmade(instance, &change)
        case .neverRegistered: what = "started and its agent did not come online"
        case .stopped(let words): what = "ended before its agent came online\(words.isEmpty ? "" : ": \(words)")"
        default: return
        }
        elastic[pool]?.memory.doubts.starts = false
        countStart(of: instance, failed: true, &change)
        let pause = { startBackOff(after: $0, in: pool) }
        elastic[pool]?.memory.noteFailure(of: instance.image.digest, pause: pause, tick: change.tick)
        elastic[pool]?.memory.noteFailure(pause: pause, words: "machine \(number) \(what)", tick: change.tick)
    }

    /// That a machine was not made says something of the provider and nothing of its image, which is fetched meanwhile.
    private mutating func noteUnmade(_ instance: ElasticInstance, _ change: inout ControlChange) {
        let pool = instance.pool
        elastic[pool]?.memory.noteFailure(
            pause: { startBackOff(after: $0, in: pool) },
            words: "machine \(instance.number) was not made in time",
            tick: change.tick
        )
    }

    // MARK: Listings

    /// Counts which machines a listing lacked; it was acted upon, and the next one is of another moment.
    mutating func noteListing(of pool: PoolID, _ change: inout ControlChange) {
        guard let listing = elastic[pool]?.memory.listing else { return }
        elastic[pool]?.memory.listing = nil
        if listing.isEmpty { elastic[pool]?.memory.emptyListings += 1 } else { elastic[pool]?.memory.emptyListings = 0 }
        let listed = Set(listing.map(\.tag.instance))
        let names = Set(listing.map(\.id))
        let strays = elastic[pool]?.memory.strays ?? [:]
        elastic[pool]?.memory.strays = strays.filter { names.contains($0.key) }
        let agrees = listing.count == listed.count && listed == elastic[pool].map { Set($0.instances.keys) }
        elastic[pool]?.memory.noteListing(agrees: agrees)
        for (number, instance) in elastic[pool]?.instances ?? [:] {
            let count = listed.contains(number) ? 0 : instance.unlisted + 1
            guard count != instance.unlisted, var row = elastic[pool]?.instances[number] else { continue }
            row.unlisted = count
            put(row, &change)
        }
    }

    /// How often a pool with machines is compared with what its provider has.
    private static let listingPause = 60.0
    /// The same while something is on its way, or until so many listings had what the rows say.
    private static let busyListingPause = 5.0
    private static let agreementsNeeded = 2

    mutating func askForListing(of pool: PoolID, _ tick: Date, _ change: inout ControlChange) {
        guard let memory = elastic[pool]?.memory, !memory.isListing else { return }
        if let until = memory.throttle(at: tick) { return lookAgain(at: until, pool, &change) }
        let isOnTheMove = elastic[pool]?.instances.values.contains { $0.phase != .idle && $0.phase != .busy } ?? false
        let isDoubtful = memory.agreements < Self.agreementsNeeded
        let isBusy = isOnTheMove || isDoubtful || elastic[pool]?.isEmptying == true
        // A provider that is away while there is nothing of the pool is asked less and less often.
        let longest = elastic[pool]?.instances.isEmpty == true ? Self.listingPause : Self.busyListingPause
        let busyPause = min(longest, memory.doubtfulListingPause ?? Self.busyListingPause)
        let due = memory.listedAt.map { $0 + (isBusy ? busyPause : Self.listingPause) }
        let isDue = due.map { $0 <= tick } ?? true
        // A pool without rows may have a machine that a listing which lied has made it forget.
        let isNeeded = isDoubtful || elastic[pool].map { !$0.instances.isEmpty || $0.isEmptying } ?? false
        // The last machine of a deleted pool is gone: nothing else has to be waited for.
        let isLast = elastic[pool]?.isEmptying == true && !memory.looksThroughSet
        if memory.wantsListing || isLast || isDue && isNeeded {
            elastic[pool]?.memory.isListing = true
            elastic[pool]?.memory.wantsListing = false
            begin(.list, in: pool, &change)
        } else if let due, isNeeded {
            lookAgain(at: due, pool, &change)
        }
    }

    private mutating func lookAgain(at moment: Date, _ pool: PoolID, _ change: inout ControlChange) {
        let wake = min(elastic[pool]?.memory.wakeAt ?? moment, moment)
        elastic[pool]?.memory.wakeAt = wake
        change.effects.append { $0.elasticWork.deadlines.arm(for: wake) }
    }
}

extension ScalingReason {
    /// Something did not go as it should.
    fileprivate var isFault: Bool {
        switch self {
        case .neverRegistered, .notMade, .leaseExpired, .silent, .stopped, .lost, .orphan, .twin, .withdrawnImage: true
        default: false
        }
    }
}
