public import FoundationEssentials
import RoostControlGroups
public import RoostModel

/// The provider `sandbox`: each machine has processes, mounts, names and a network of its own, over the layers of an image or over the programs of this computer.
public struct SandboxProvider: MachineProvider {
    /// What a pool calls it.
    public static let name = "sandbox"

    private let machines: LocalMachines<SandboxForm>

    /// - Parameters:
    ///   - folder: where its machines and the layers of their images are; made if need be.
    ///   - program: what machines run.
    ///   - keeper: keeps them.
    ///   - keys: for their agents; nil lets each agent make its own.
    ///   - shown: absolute paths of this computer that machines without an image see besides its programs, read only.
    /// - Throws: ``ProviderFailure/unavailable(_:advice:)`` when the folder cannot be used.
    public init(
        folder: String,
        program: SandboxProgram,
        keeper: KeeperProgram,
        keys: AgentKeyStock? = nil,
        shown: [String] = []
    ) throws(ProviderFailure) {
        let groups = ControlGroups.ofThisProcess()
        let form = SandboxForm(folder: folder, program: program, groups: groups, shown: shown)
        machines = try LocalMachines(folder, form, groups, keeper, keys)
    }

    public var traits: ProviderTraits {
        let needsImage = machines.form.computer.shows(machines.form.folder)
        return ProviderTraits(images: needsImage ? .required : .optional, endsAreCertain: true)
    }

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

    public func sweep() async throws(ProviderFailure) { try await sweep(at: Date()) }

    /// Removes files that an interrupted provider left besides machines, and layers that no machine has needed for a day.
    ///
    /// For the start of a server, and now and then.
    ///
    /// - Parameter now: the moment.
    /// - Throws: ``ProviderFailure`` for what cannot be removed.
    public func sweep(at now: Date) async throws(ProviderFailure) {
        try await machines.form.desk.prune(machines.ground, at: now)
        try await machines.form.computerLayer.prune(machines.ground)
        try await machines.sweep()
    }
}
