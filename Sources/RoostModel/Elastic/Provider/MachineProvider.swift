public import FoundationEssentials

/// Makes and removes machines; one for each kind of engine.
///
/// Every call may be repeated: with the same tag `create` makes nothing new, and `delete` of what is gone succeeds. Machines outlive the provider's own process: a new
/// one lists and removes what an earlier one made. No call waits for a machine to be up; that its agent comes online says so. A provider keeps no count and decides nothing.
public protocol MachineProvider: Sendable {
    var traits: ProviderTraits { get }

    /// Whether it works on this machine at all, and what of it does not; asked when a pool is made, and shown.
    func readiness() async -> ProviderReadiness

    /// Starts a machine.
    ///
    /// - Parameter order: what it shall be.
    /// - Returns: the machine as it is now; one with the same tag that was there before stays as it is.
    /// - Throws: ``ProviderFailure``.
    func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine

    /// Makes a clean machine in the place of one: nothing that was on it is there any more.
    ///
    /// - Parameters:
    ///   - id: of the machine, stopped or not.
    ///   - order: with a higher generation.
    /// - Returns: the machine as it is now; its id may be another one.
    /// - Throws: ``ProviderFailure``.
    func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine

    /// Ends a machine and everything of it; one that is not there is no error.
    ///
    /// - Parameter id: the provider's name of it.
    /// - Throws: ``ProviderFailure``.
    func delete(_ id: String) async throws(ProviderFailure)

    /// All machines of a pool that carry the server's tag, in any state, also those left by half a call.
    ///
    /// - Parameters:
    ///   - server: in their tags.
    ///   - pool: in their tags; nil lists those of all pools.
    /// - Returns: one entry for each machine, in no order.
    /// - Throws: ``ProviderFailure``; an error is never an empty list.
    func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine]

    /// Removes what calls that were cut short have left besides machines; asked at the start of a server and once a day.
    ///
    /// - Throws: ``ProviderFailure`` for what cannot be removed.
    func sweep() async throws(ProviderFailure)

    /// The last lines that a machine wrote while it started, for people; empty when there are none.
    func console(of id: String) async -> [String]

    /// Wakes whoever listens when something may have changed that nobody asked for, such as a machine that ended; carries no facts.
    func wakes() -> AsyncStream<Void>
}

/// What a provider can do where it runs.
public struct ProviderReadiness: Hashable, Sendable {
    /// Why it cannot work here; nil when it can.
    public var failure: ProviderFailure?
    /// What it cannot do here while the rest works, such as limits of memory; one sentence each.
    public var limits: [String]

    public init(failure: ProviderFailure? = nil, limits: [String] = []) {
        self.failure = failure
        self.limits = limits
    }
}

extension MachineProvider {
    public var traits: ProviderTraits { ProviderTraits() }
    public func sweep() async throws(ProviderFailure) {}
}
