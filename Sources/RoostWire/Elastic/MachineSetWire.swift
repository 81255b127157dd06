public import RoostModel

/// All machines that a provider has for one pool.
public struct MachineSetWire: Codable, Sendable, Hashable {
    public struct Machine: Codable, Sendable, Hashable {
        /// The provider's name of it.
        public var id: String
        /// Its number in the pool.
        public var number: Int
        /// `creating`, `running`, `stopped`, `deleting` or `failed`.
        public var state: String
        /// The provider's words about a failure.
        public var problem: String?
    }

    /// `/providers/roost/KIND/sets/NAME`.
    public var id: String
    public var provider: String
    public var name: String
    /// Nil when no pool has it.
    public var poolId: Int?
    public var pool: String?
    /// That of the pool: `active`, `paused`, `draining` or `deleting`; `orphan` when no pool has it.
    public var state: String
    public var machines: [Machine]

    public init(_ set: MachineSet) {
        id = set.resource
        provider = set.provider
        name = set.name
        poolId = set.isOrphan ? nil : set.pool.rawValue
        pool = set.poolName
        state = set.state?.rawValue ?? "orphan"
        machines = set.machines.map { Machine($0) }
    }
}

extension MachineSetWire.Machine {
    fileprivate init(_ machine: ListedMachine) {
        (id, number) = (machine.id, machine.tag.instance)
        switch machine.state {
        case .creating: state = "creating"
        case .running: state = "running"
        case .stopped: state = "stopped"
        case .deleting: state = "deleting"
        case .failed(let words): (state, problem) = ("failed", words)
        }
    }
}
