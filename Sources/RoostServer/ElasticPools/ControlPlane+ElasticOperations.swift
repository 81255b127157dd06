import FoundationEssentials
import Logging
import RoostModel

extension ControlPlane {
    /// Makes a call of a provider and notes what came of it.
    func carryOut(_ operation: ElasticOperation) async {
        guard let elastic = read({ $0.elastic[operation.pool] }) else { return }
        guard let provider = machineProviders[elastic.pool.provider] else {
            let known = machineProviders.keys.sorted()
            let text = ElasticPoolError.providerUnknown(elastic.pool.provider, known: known).summary
            await note(.failure(.unavailable(text, advice: "")), of: operation)
            return
        }
        switch operation.kind {
        case .create(let number): await create(number, elastic, provider, operation)
        case .reimage(let number): await reimage(number, elastic, provider, operation)
        case .delete(let number):
            // Without a name nothing was made as far as is known; a listing finds what was made all the same.
            guard let machine = elastic.instances[number]?.providerID else {
                return await note(.success(nil), of: operation)
            }
            await delete(machine, provider, operation)
        case .destroy(let machine): await delete(machine, provider, operation)
        case .list: await list(elastic, provider)
        }
    }

    private func delete(_ machine: String, _ provider: any MachineProvider, _ operation: ElasticOperation) async {
        let result = await Self.answer(within: provider.traits.patience) {
            () throws(ProviderFailure) -> ListedMachine? in
            try await provider.delete(machine)
            return nil
        }
        await note(result, of: operation)
    }

    /// The answer to a call, or that there was none in time; a call that is given up is cancelled, and what it answers later is not heard.
    ///
    /// Whoever is cancelled meanwhile cancels the call, and waits for its end all the same: what it does is a fact.
    private static func answer<Value: Sendable>(
        within limit: Duration,
        _ call: @escaping @Sendable () async throws(ProviderFailure) -> Value
    ) async -> Result<Value, ProviderFailure> {
        let (answers, tell) = AsyncStream<Result<Value, ProviderFailure>>.makeStream()
        let asking = Task {
            do throws(ProviderFailure) { tell.yield(.success(try await call())) } catch { tell.yield(.failure(error)) }
        }
        let clock = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            asking.cancel()
            tell.yield(.failure(.unknown("It did not answer within \(limit.components.seconds) s, and was given up.")))
        }
        let first = Task {
            for await answer in answers { return answer }
            return .failure(.unknown("It did not answer."))
        }
        defer { clock.cancel() }
        return await withTaskCancellationHandler {
            await first.value
        } onCancel: {
            asking.cancel()
        }
    }

    // MARK: Making

    private func create(
        _ number: Int,
        _ elastic: ElasticState,
        _ provider: any MachineProvider,
        _ operation: ElasticOperation
    ) async {
        guard let instance = elastic.instances[number], instance.phase == .creating else { return await end(operation) }
        let order: MachineOrder
        do { order = try await self.order(instance, elastic) } catch {
            return await note(.failure(Self.failure(error, instance)), of: operation)
        }
        let result = await Self.answer(within: provider.traits.patience) { () throws(ProviderFailure) in
            Optional(try await provider.create(order))
        }
        await note(result, of: operation)
    }

    private func reimage(
        _ number: Int,
        _ elastic: ElasticState,
        _ provider: any MachineProvider,
        _ operation: ElasticOperation
    ) async {
        guard let instance = elastic.instances[number], instance.phase == .recycling, let id = instance.providerID
        else { return await end(operation) }
        let order: MachineOrder
        do { order = try await self.order(instance, elastic) } catch {
            return await note(.failure(Self.failure(error, instance)), of: operation)
        }
        let result = await Self.answer(within: provider.traits.patience) { () throws(ProviderFailure) in
            Optional(try await provider.reimage(id, order))
        }
        await note(result, of: operation)
    }

    private static func failure(_ error: any Error, _ instance: ElasticInstance) -> ProviderFailure {
        let text = (error as? any UserFacingError)?.summary ?? "\(error)"
        if let own = error as? ElasticPoolError { return .unavailable(text, advice: own.advice ?? "") }
        // What else may be wrong, such as the store, is not the image's fault.
        if case .gallery? = error as? ControlError { return .image(name: instance.image.version, text) }
        return .failed(text)
    }

    private func order(_ instance: ElasticInstance, _ elastic: ElasticState) async throws -> MachineOrder {
        var image: MachineImage?
        if let key = instance.image.key {
            guard let version = read({ $0.images[key] }) else {
                throw ControlError.gallery(.notFound(.version, instance.image.version, near: nil))
            }
            image = ElasticImageSource(plane: self, version: version).image
        }
        let tag = tag(of: instance)
        let pool = try pool(instance.pool)
        guard let url = URL(string: settings.publicURL) else {
            throw ControlError.invalid(what: "The server's address", problem: "it is no URL", advice: nil)
        }
        let authority = try settings.machineAuthority.map { file throws(ElasticPoolError) in
            try MachineAuthority(file: file)
        }
        var joinings: [MachineJoining] = []
        for agent in tag.agents(instance.slots) {
            let token = try await createMachineToken(for: instance, agent: agent)
            joinings.append(
                MachineJoining(
                    url: url,
                    pool: pool.name,
                    agent: agent,
                    token: token,
                    authority: authority?.certificates,
                    isForOneJob: instance.slots == 1 && elastic.settings.recycle != .reuse
                )
            )
        }
        return MachineOrder(
            tag: tag,
            image: image,
            size: elastic.settings.size,
            network: elastic.settings.network,
            joining: joinings[0],
            others: Array(joinings.dropFirst())
        )
    }

    // MARK: What came of it

    private func end(_ operation: ElasticOperation) async {
        await noteChange { state, change in state.finish(operation, &change) }
    }

    private func note(_ result: Result<ListedMachine?, ProviderFailure>, of operation: ElasticOperation) async {
        let lag = read { $0.elastic[operation.pool]?.pool.provider }.flatMap { machineProviders[$0]?.traits.listLag }
        if case .failure(let failure) = result {
            logger.warning(
                "a provider failed",
                metadata: ["pool": "\(operation.pool)", "call": "\(operation.kind)", "error": "\(failure)"]
            )
        }
        await noteChange { state, change in
            state.finish(operation, &change)
            switch result {
            case .success(let machine):
                state.succeed(operation, machine, isGoneAtOnce: lag == .zero, settings: self.settings, &change)
            case .failure(let failure): state.fail(operation, failure, settings: self.settings, &change)
            }
        }
    }

    /// What the other side did is a fact: it is noted as soon as the store takes it.
    private func noteChange(_ body: @Sendable (inout ControlState, inout ControlChange) -> Void) async {
        while !Task.isCancelled {
            do {
                try await change { state, change throws(ControlError) in body(&state, &change) }
                return
            } catch {
                logger.error("what a provider did could not be noted", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    // MARK: Listing

    private func list(_ elastic: ElasticState, _ provider: any MachineProvider) async {
        let pool = elastic.pool.pool
        let before = elastic.memory.changes
        let found = await Self.answer(within: provider.traits.listPatience) { [instanceID] () throws(ProviderFailure) in
            try await provider.machines(of: instanceID, in: pool)
        }
        await noteChange { state, change in
            state.elastic[pool]?.memory.isListing = false
            state.elastic[pool]?.memory.listedAt = change.tick
            change.dirtyElastic.insert(pool)
            switch found {
            case .success(let machines):
                guard state.elastic[pool]?.memory.changes == before else {
                    // Something was made or removed meanwhile.
                    state.elastic[pool]?.memory.wantsListing = true
                    return
                }
                state.elastic[pool]?.memory.listing = machines
                state.elastic[pool]?.memory.noteAnswer(change.tick)
            case .failure(let failure):
                if case .throttled(let time, _) = failure {
                    state.elastic[pool]?.memory.throttledUntil = change.tick + time.seconds
                }
                state.elastic[pool]?.memory.words = failure.summary
                state.elastic[pool]?.memory.noteListing(agrees: false)
            }
        }
    }
}

extension ControlState {
    fileprivate mutating func finish(_ operation: ElasticOperation, _ change: inout ControlChange) {
        let pool = operation.pool
        elastic[pool]?.memory.changes += 1
        elastic[pool]?.memory.emptyListings = 0
        change.dirtyElastic.insert(pool)
        switch operation.kind {
        case .create(let number), .reimage(let number):
            elastic[pool]?.memory.underWay.remove(number)
            // What was to be removed meanwhile can be now.
            if elastic[pool]?.instances[number]?.phase == .deleting {
                elastic[pool]?.memory.retryAt[number] = change.tick
            }
        case .delete(let number): elastic[pool]?.memory.underWay.remove(number)
        case .destroy(let machine): elastic[pool]?.memory.destroying.remove(machine)
        case .list: break
        }
    }

    fileprivate mutating func succeed(
        _ operation: ElasticOperation,
        _ machine: ListedMachine?,
        isGoneAtOnce: Bool,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        let pool = operation.pool
        elastic[pool]?.memory.noteAnswer(change.tick)
        switch operation.kind {
        case .delete, .destroy: elastic[pool]?.memory.quota = nil
        // What was made before the provider said that it has no room is no room.
        case .create, .reimage, .list: break
        }
        switch operation.kind {
        case .create(let number), .reimage(let number):
            if case .create = operation.kind { elastic[pool]?.memory.quotaRefusals = 0 }
            // What another call had begun and not ended is not running: its end is to be seen at once.
            if machine?.state != .running { elastic[pool]?.memory.wantsListing = true }
            guard var instance = elastic[pool]?.instances[number], let machine else {
                // Its row is gone: a listing finds the machine, which is then removed.
                elastic[pool]?.memory.wantsListing = true
                return
            }
            instance.providerID = machine.id
            put(instance, &change)
            if instance.phase == .creating { move(number, in: pool, to: .booting, because: "made", &change) }
        case .delete(let number):
            if isGoneAtOnce {
                move(number, in: pool, to: .gone, because: "deleted", &change)
            } else {
                elastic[pool]?.memory.wantsListing = true
            }
        case .destroy(let machine):
            elastic[pool]?.memory.strays[machine] = nil
            let isEmptying = elastic[pool]?.isEmptying == true
            elastic[pool]?.memory.wantsListing = !isGoneAtOnce || isEmptying
        case .list: break
        }
    }

    fileprivate mutating func fail(
        _ operation: ElasticOperation,
        _ failure: ProviderFailure,
        settings: ControlSettings,
        _ change: inout ControlChange
    ) {
        let pool = operation.pool
        elastic[pool]?.memory.words = failure.summary
        if case .throttled(let time, _) = failure {
            elastic[pool]?.memory.throttledUntil = change.tick + time.seconds
        }
        switch operation.kind {
        case .create(let number): failCreate(number, failure, in: pool, &change)
        case .reimage(let number), .delete(let number):
            let isDeletion = operation.kind == .delete(number)
            change.log(.error, isDeletion ? .deleteVMs : .reimage, in: pool, number, failure.summary)
            tryAgain(number, failure, in: pool, &change)
        case .destroy(let machine):
            change.log(.error, .deleteVMs, in: pool, nil, "Machine '\(machine)': \(failure.summary)")
            // The next listing shows it again.
            elastic[pool]?.memory.noteStray(
                machine,
                pause: { retryBackOff(after: $0, machine: machine, in: pool) },
                tick: change.tick
            )
        case .list: break
        }
    }

    private mutating func failCreate(
        _ number: Int,
        _ failure: ProviderFailure,
        in pool: PoolID,
        _ change: inout ControlChange
    ) {
        change.log(.error, .increaseCapacity, in: pool, number, failure.summary)
        switch failure {
        case .throttled: tryAgain(number, failure, in: pool, &change)
        case .unknown:
            // It may be there: the listing says.
            elastic[pool]?.memory.wantsListing = true
            tryAgain(number, failure, in: pool, &change)
        case .quota(let room, _):
            elastic[pool]?.memory.noteQuota(
                room: room ?? 0,
                pause: { quotaBackOff(after: $0, in: pool) },
                words: failure.summary,
                tick: change.tick
            )
            move(number, in: pool, to: .gone, because: "no room", failure: failure.summary, &change)
        case .image, .unavailable, .failed:
            noteFailedCreate(number, failure, in: pool, &change)
            move(number, in: pool, to: .gone, because: "not made", failure: failure.summary, &change)
        }
    }

    /// What the provider says of an image counts against that image alone: machines of others are made all the same.
    private mutating func noteFailedCreate(
        _ number: Int,
        _ failure: ProviderFailure,
        in pool: PoolID,
        _ change: inout ControlChange
    ) {
        guard let instance = elastic[pool]?.instances[number] else { return }
        let pause = { startBackOff(after: $0, in: pool) }
        if case .image = failure, !instance.image.digest.isEmpty {
            countStart(of: instance, failed: true, &change)
            elastic[pool]?.memory.noteFailure(of: instance.image.digest, pause: pause, tick: change.tick)
            return
        }
        let before = elastic[pool]?.memory.failures ?? 0
        elastic[pool]?.memory.doubts.noteFailedStart(after: before)
        elastic[pool]?.memory.noteFailure(pause: pause, words: failure.summary, tick: change.tick)
    }

    private mutating func tryAgain(
        _ number: Int,
        _ failure: ProviderFailure,
        in pool: PoolID,
        _ change: inout ControlChange
    ) {
        guard var instance = elastic[pool]?.instances[number] else { return }
        let pause = retryBackOff(after: instance.attempts + 1, instance: number, in: pool).seconds
        elastic[pool]?.memory.doubts.noteFailure(of: number, after: instance.attempts)
        instance.fail(failure.summary, nextAttempt: change.now + pause)
        elastic[pool]?.memory.retryAt[number] = change.tick + pause
        put(instance, &change)
    }
}
