import Synchronization
public import FoundationEssentials
public import RoostModel

extension ScriptedProvider {
    public func readiness() async -> ProviderReadiness { state.withLock { $0.readiness } }

    public func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let tag = order.tag
        let fate = await fate(of: .create, tag.name, UInt64(tag.instance), UInt64(tag.generation))
        try Self.refuse(fate)
        let listed = ListedMachine(id: tag.name, tag: tag, state: .running, image: order.image?.digest)
        if fate == .lies { return listed }
        let made = try make(listed, order, fate)
        if fate == .twins {
            var twin = listed
            twin.id += "-twin"
            _ = try make(twin, order, .works)
        }
        if fate == .answerIsLost { throw .unknown("the answer to the creation of \(tag.name) was lost") }
        return made
    }

    /// Makes a machine unless there is one of the name.
    private func make(
        _ listed: ListedMachine,
        _ order: MachineOrder,
        _ fate: ScriptedFate
    ) throws(ProviderFailure) -> ListedMachine {
        let made = state.withLock { state -> Result<ListedMachine, ProviderFailure> in
            if let known = state.machines[listed.id] { return .success(known.listed) }
            if let quota = state.quota, state.machines.count >= quota {
                return .failure(.quota(room: 0, "there are \(quota) machines, as many as there may be"))
            }
            state.machines[listed.id] = Self.record(listed, order, fate)
            return .success(listed)
        }
        start(listed.id)
        return try made.get()
    }

    private static func record(
        _ listed: ListedMachine,
        _ order: MachineOrder,
        _ fate: ScriptedFate
    ) -> ScriptedRecord {
        var record = ScriptedRecord(listed: listed, order: order)
        switch fate {
        case .listedLate(let listings): record.hiddenFor = listings
        case .bootsNever: record.isDead = true
        case .dies: record.dies = true
        default: break
        }
        return record
    }

    public func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let tag = order.tag
        let fate = await fate(of: .reimage, id, UInt64(tag.instance), UInt64(tag.generation))
        try Self.refuse(fate)
        let listed = ListedMachine(id: id, tag: tag, state: .running, image: order.image?.digest)
        if fate == .lies { return listed }
        let known = state.withLock { $0.machines[id]?.listed }
        guard let known else { throw .failed("there is no machine \(id)") }
        guard known.tag.generation < tag.generation else { return known }
        halt(id) { $0.machines[id] = Self.record(listed, order, fate) }
        start(id)
        if fate == .answerIsLost { throw .unknown("the answer to the reimage of \(id) was lost") }
        return listed
    }

    public func delete(_ id: String) async throws(ProviderFailure) {
        let instance = state.withLock { $0.machines[id]?.listed.tag.instance } ?? 0
        let fate = await fate(of: .delete, id, UInt64(instance))
        try Self.refuse(fate)
        if fate == .lies { return }
        halt(id) { $0.machines.removeValue(forKey: id) }
        if fate == .answerIsLost { throw .unknown("the answer to the deletion of \(id) was lost") }
    }

    public func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine] {
        let fate = await fate(of: .list, "")
        if case .fails(let text) = fate { throw .unknown(text) }
        if case .throttled(let time) = fate { throw .throttled(retryAfter: time, "too many calls") }
        let all = state.withLock { state in
            if fate == .stale { return state.lastListing }
            var shown: [ListedMachine] = []
            for id in state.machines.keys.sorted() {
                if let hidden = state.machines[id]?.hiddenFor, hidden > 0 {
                    state.machines[id]?.hiddenFor = hidden - 1
                } else if let machine = state.machines[id]?.listed {
                    shown.append(machine)
                }
            }
            state.lastListing = shown
            return shown
        }
        let shown = fate == .partial ? all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) : all
        return shown.filter { $0.tag.server == server && (pool == nil || $0.tag.pool == pool) }
    }

    public func console(of id: String) async -> [String] {
        guard let record = state.withLock({ $0.machines[id] }) else { return [] }
        return record.isDead ? ["the machine was started", "its agent was not"] : ["the machine was started"]
    }

    public func wakes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = state.withLock { state in
                state.listenerCount += 1
                state.listeners[state.listenerCount] = continuation
                return state.listenerCount
            }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
            }
        }
    }

    private static func refuse(_ fate: ScriptedFate) throws(ProviderFailure) {
        switch fate {
        case .fails(let text): throw .failed(text)
        case .throttled(let time): throw .throttled(retryAfter: time, "too many calls")
        default: return
        }
    }
}
