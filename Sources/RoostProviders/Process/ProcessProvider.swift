public import FoundationEssentials
import RoostControlGroups
public import RoostModel

/// The provider `process`: each machine is a folder and a tree of processes of the server's own user; needs no right at all.
public struct ProcessProvider: MachineProvider {
    /// What a pool calls it.
    public static let name = "process"

    private let machines: LocalMachines<ProcessForm>

    /// - Parameters:
    ///   - folder: where its machines are; made if need be.
    ///   - program: what machines run.
    ///   - keeper: keeps them.
    ///   - keys: for their agents; nil lets each agent make its own.
    /// - Throws: ``ProviderFailure/unavailable(_:advice:)`` when the folder cannot be used.
    public init(
        folder: String,
        program: MachineProgramChoice,
        keeper: KeeperProgram,
        keys: AgentKeyStock? = nil
    ) throws(ProviderFailure) {
        try self.init(folder: folder, program: program, keeper: keeper, keys: keys, ControlGroups.ofThisProcess())
    }

    /// One that has no control groups where `groups` has no place for them.
    init(
        folder: String,
        program: MachineProgramChoice,
        keeper: KeeperProgram,
        keys: AgentKeyStock?,
        _ groups: ControlGroups
    ) throws(ProviderFailure) {
        machines = try LocalMachines(folder, ProcessForm(program: program, groups: groups), groups, keeper, keys)
    }

    public var traits: ProviderTraits { ProviderTraits(images: .none, endsAreCertain: true) }

    public func readiness() async -> ProviderReadiness { await machines.form.readiness() }

    public func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        try await machines.create(order)
    }

    public func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        try await machines.reimage(id, order)
    }

    public func delete(_ id: String) async throws(ProviderFailure) { try await machines.delete(id) }

    public func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine] {
        try machines.machines(of: server, in: pool)
    }

    public func console(of id: String) async -> [String] { machines.console(of: id) }

    public func wakes() -> AsyncStream<Void> { machines.watch.wakes() }

    /// Removes files that an interrupted provider left besides machines; for the start of a server.
    ///
    /// - Throws: ``ProviderFailure`` for what cannot be removed.
    public func sweep() async throws(ProviderFailure) { try await machines.sweep() }
}
