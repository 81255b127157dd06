public import FoundationEssentials

/// Whose machine it is: every machine that a provider makes carries it, so that one without a row can be found and removed.
public struct MachineTag: Hashable, Sendable, Codable {
    /// The server that made it.
    public var server: UUID
    public var pool: PoolID
    /// The number of its row in the pool; positive, never used again.
    public var instance: Int
    /// Rises with each reimage; 1 for a machine that was just made.
    public var generation: Int

    public init(server: UUID, pool: PoolID, instance: Int, generation: Int = 1) {
        self.server = server
        self.pool = pool
        self.instance = instance
        self.generation = generation
    }

    /// Name of the machine, and of its agent: letters, digits and dashes.
    public var name: String { "\(server.uuidString.prefix(8).lowercased())-\(pool)-\(instance)" }

    /// Names of its agents: the machine's own where there is one, else with the number of the slot.
    ///
    /// - Parameter slots: 1 or more.
    /// - Returns: at least one.
    public func agents(_ slots: Int) -> [String] { slots > 1 ? (1...slots).map { "\(name)-\($0)" } : [name] }
}
