import Foundation
import RoostModel
import RoostTesting
import Synchronization

/// A real provider, some of whose calls go wrong by a seed.
final class FaultyProvider: MachineProvider {
    private struct State {
        var dice: SeededNumbers
        /// The last true listing.
        var listed: (machines: [ListedMachine], at: ContinuousClock.Instant)?
    }

    /// How old a listing may be: what the traits promise.
    static let lag = Duration.seconds(1)

    private let inner: any MachineProvider
    /// What its machines are made of, whatever the pool says; nil leaves that to the pool.
    private let image: MachineImage?
    private let ledger: FaultLedger
    /// Of 1,000 calls so many go wrong.
    private let perThousand: Int
    private let state: Mutex<State>

    init(_ inner: any MachineProvider, image: MachineImage?, _ ledger: FaultLedger, seed: UInt64, perThousand: Int) {
        (self.inner, self.image, self.ledger, self.perThousand) = (inner, image, ledger, perThousand)
        state = Mutex(State(dice: SeededNumbers(seed: seed)))
    }

    var traits: ProviderTraits {
        ProviderTraits(images: .none, listLag: Self.lag, endsAreCertain: inner.traits.endsAreCertain)
    }

    func readiness() async -> ProviderReadiness { await inner.readiness() }
    func console(of id: String) async -> [String] { await inner.console(of: id) }
    func sweep() async throws(ProviderFailure) { try await inner.sweep() }
    func wakes() -> AsyncStream<Void> { inner.wakes() }

    func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        var order = order
        order.image = order.image ?? image
        let tag = order.tag
        let id = "\(tag.server.uuidString.lowercased())-\(tag.pool)-\(tag.instance)"
        let lie = ListedMachine(id: id, tag: tag, state: .running, image: order.image?.digest)
        return try await call(.ofCreations, lie: lie) { [inner, order] () throws(ProviderFailure) in
            try await inner.create(order)
        }
    }

    func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        var order = order
        order.image = order.image ?? image
        let lie = ListedMachine(id: id, tag: order.tag, state: .running, image: order.image?.digest)
        return try await call(.ofChanges, lie: lie) { [inner, order] () throws(ProviderFailure) in
            try await inner.reimage(id, order)
        }
    }

    func delete(_ id: String) async throws(ProviderFailure) {
        try await call(.ofChanges, lie: ()) { [inner] () throws(ProviderFailure) in try await inner.delete(id) }
    }

    func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine] {
        let fault = draw(ProviderFault.ofListings)
        switch fault {
        case .listingFailed: throw .failed("the engine does not list")
        case .throttled: throw .throttled(retryAfter: .seconds(1), "too many listings")
        case .delayed: await pause()
        default: break
        }
        let before = state.withLock { $0.listed }
        let machines = try await inner.machines(of: server, in: pool)
        state.withLock { $0.listed = (machines, .now) }
        if fault == .listedOld, let before, ContinuousClock.now - before.at < Self.lag { return before.machines }
        guard fault == .listedInPart else { return machines }
        return state.withLock { state in machines.filter { _ in Bool.random(using: &state.dice) } }
    }

    private func call<Value: Sendable>(
        _ faults: [ProviderFault],
        lie: Value,
        _ body: () async throws(ProviderFailure) -> Value
    ) async throws(ProviderFailure) -> Value {
        switch draw(faults) {
        case .answerLost:
            _ = try await body()
            throw .unknown("the engine did not answer in time")
        case .callLost: throw .unknown("the engine did not answer in time")
        case .refused: throw .failed("the engine is out of order")
        case .lied: return lie
        case .throttled: throw .throttled(retryAfter: .seconds(1), "too many calls")
        case .quota: throw .quota(room: 0, "all machines of the contract are in use")
        case .repeated: _ = try await body()
        case .delayed: await pause()
        default: break
        }
        return try await body()
    }

    private func draw(_ faults: [ProviderFault]) -> ProviderFault? {
        guard !ledger.isCalm else { return nil }
        let fault = state.withLock { state -> ProviderFault? in
            guard Int.random(in: 0..<1_000, using: &state.dice) < perThousand else { return nil }
            return faults.randomElement(using: &state.dice)
        }
        if let fault { ledger.note(fault) }
        return fault
    }

    private func pause() async {
        let time = state.withLock { $0.dice.milliseconds(50...800) }
        try? await Task.sleep(for: time)
    }
}

extension [ProviderFault] {
    fileprivate static var ofCreations: [ProviderFault] { ProviderFault.ofCreations }
    fileprivate static var ofChanges: [ProviderFault] { ProviderFault.ofChanges }
}
