import RoostModel

/// What machines of this computer are made of; the rest is the same for all of them.
protocol MachineForm: Sendable {
    /// What a machine needs besides its order, such as the layer of its image.
    associatedtype Base: Sendable

    /// Jobs of other machines, and this computer's user, are out of reach of a machine's jobs.
    static var keepsApart: Bool { get }

    /// Whether such machines can be made here.
    func readiness() async -> ProviderReadiness

    /// Gets ready what a machine stands on; may take long.
    func base(for order: MachineOrder) async throws(ProviderFailure) -> Base

    /// Fills the folder of a generation and says what the keeper starts.
    ///
    /// - Parameters:
    ///   - order: of the machine.
    ///   - base: what it stands on.
    ///   - place: of the machine.
    ///   - leaves: control groups that are there for it.
    /// - Returns: the keeper's order.
    /// - Throws: ``ProviderFailure``.
    func keeperOrder(
        _ order: MachineOrder,
        _ base: Base,
        _ place: MachinePlace,
        leaves: [String]
    ) async throws(ProviderFailure) -> KeeperOrder

    /// Ends what is left of a machine whose keeper was killed.
    func endStrays(of id: String)

    /// Removes files of machines, whoever they belong to.
    func remove(_ path: String) async throws(ProviderFailure)
}
