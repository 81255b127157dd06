/// All machines that a provider has for one pool; it begins with the pool's first machine and ends with the pool.
public struct MachineSet: Hashable, Sendable {
    public var provider: String
    /// Unique at its provider.
    public var name: String
    /// Of the machines' tags.
    public var pool: PoolID
    /// The pool as people know it; nil for a set that is left of one.
    public var poolName: String?
    /// What may be done in the pool; nil for a set that is left of one.
    public var state: ElasticPool.State?
    /// What the provider has.
    public var machines: [ListedMachine]

    public init(
        provider: String,
        name: String,
        pool: PoolID,
        poolName: String? = nil,
        state: ElasticPool.State? = nil,
        machines: [ListedMachine]
    ) {
        self.provider = provider
        self.name = name
        self.pool = pool
        self.poolName = poolName
        self.state = state
        self.machines = machines
    }

    /// No pool knows it, such as after an older copy of the database was brought back.
    public var isOrphan: Bool { state == nil }

    /// Azure DevOps' `azureId`.
    public var resource: String { Self.resource(provider, name) }

    // MARK: Names

    public static func resource(_ provider: String, _ name: String) -> String {
        "/providers/roost/\(provider)/sets/\(name)"
    }

    /// What the set of a pool is called when nobody says otherwise.
    public static func name(of pool: PoolID) -> String { "pool-\(pool)" }

    /// Whether a name is of the form that sets get by themselves.
    public static func isOwnName(_ name: String) -> Bool {
        name.hasPrefix("pool-") && Int(name.dropFirst(5)) != nil
    }

    /// The provider and, where it is there, the name of a set in a `/providers/roost/KIND/sets/NAME`; nil for a resource of another kind.
    public static func parts(of resource: String) -> (provider: String, set: String?)? {
        let parts = resource.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[0].lowercased() == "providers", parts[1].lowercased() == "roost" else {
            return nil
        }
        guard parts.count == 5, parts[3].lowercased() == "sets" else { return (parts[2], nil) }
        return (parts[2], parts[4])
    }
}

extension ElasticPool {
    /// The name of its set: the one that was given when it was made, or one by its number.
    public var setName: String {
        let given = origin?.resource.flatMap { MachineSet.parts(of: $0)?.set }
        return given.flatMap { MachineSet.isOwnName($0) ? nil : $0 } ?? MachineSet.name(of: pool)
    }
}
