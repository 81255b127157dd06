import Foundation
import RoostModel
import RoostProviders

/// A scripted provider some of whose calls are held up or refused first.
struct HookedProvider: MachineProvider {
    let base: ScriptedProvider
    var beforeCreate: @Sendable (MachineOrder) async throws(ProviderFailure) -> Void = { _ in }
    var afterCreate: @Sendable (String) -> Void = { _ in }
    var beforeDelete: @Sendable (String) async throws(ProviderFailure) -> Void = { _ in }
    var afterDelete: @Sendable (String) -> Void = { _ in }
    var beforeListing: @Sendable () async -> Void = {}
    /// How long the next call may take, when that is not what the provider says.
    var patience: @Sendable () -> Duration? = { nil }

    init(_ base: ScriptedProvider) { self.base = base }

    var traits: ProviderTraits {
        var traits = base.traits
        if let patience = patience() { (traits.patience, traits.listPatience) = (patience, patience) }
        return traits
    }

    func readiness() async -> ProviderReadiness { await base.readiness() }

    func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        try await beforeCreate(order)
        let machine = try await base.create(order)
        afterCreate(machine.id)
        return machine
    }

    func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        try await base.reimage(id, order)
    }

    func delete(_ id: String) async throws(ProviderFailure) {
        try await beforeDelete(id)
        try await base.delete(id)
        afterDelete(id)
    }

    func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine] {
        await beforeListing()
        return try await base.machines(of: server, in: pool)
    }

    func console(of id: String) async -> [String] { await base.console(of: id) }

    func wakes() -> AsyncStream<Void> { base.wakes() }
}
