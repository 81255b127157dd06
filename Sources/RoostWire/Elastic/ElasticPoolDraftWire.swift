public import FoundationEssentials
public import RoostModel

/// An elastic pool in Roost's own shape: what is asked for, and what there is.
public struct RoostElasticPoolWire: Codable, Sendable, Hashable {
    public var poolId: Int?
    public var name: String?
    /// The kind of engine that makes its machines, such as `sandbox`.
    public var provider: String?
    /// `active`, `paused`, `draining` or `deleting`.
    public var state: String?
    public var stateChangedAt: Date?
    public var stateChangedBy: String?
    public var settings: ElasticSettingsWire?
    /// The set of its machines, `/providers/roost/KIND/sets/NAME`.
    public var set: String?
    /// The service connection with which it is made, by its name or id; empty lets it be forgotten.
    public var connection: String?
    public var connectionId: String?
    /// The project of the connection; without it that of the pool.
    public var connectionProject: String?
    /// The project in whose settings it is made, and which gets a queue for it.
    public var project: String?
    /// Every project gets a queue for it; only who may make pools in the organization.
    public var autoProvision: Bool?
    public var openToAll: Bool?
    public var createdAt: Date?
    public var createdBy: String?
    /// Settings that are accepted and do nothing, and what the provider cannot do here.
    public var warnings: [String]?

    public init() {}

    public init(_ pool: ElasticPool, name: String, warnings: [String] = []) {
        poolId = pool.pool.rawValue
        self.name = name
        provider = pool.provider
        set = MachineSet.resource(pool.provider, pool.setName)
        connection = pool.origin?.connectionName
        connectionId = pool.origin?.connection?.uuidString.lowercased()
        state = pool.state.rawValue
        stateChangedAt = pool.stateChangedAt
        stateChangedBy = pool.stateChangedBy
        settings = ElasticSettingsWire(pool.settings)
        createdAt = pool.createdAt
        createdBy = pool.createdBy
        let all = pool.settings.warnings + warnings
        self.warnings = all.isEmpty ? nil : all
    }
}

/// A kind of engine that makes machines, as this server has it.
public struct MachineProviderWire: Codable, Sendable, Hashable {
    public var name: String
    public var works: Bool
    /// Why it does not work here, and what to do.
    public var problem: String?
    public var advice: String?
    /// What of it does not work here.
    public var limits: [String]
    /// `required`, `optional` or `none`.
    public var images: String

    public init(name: String, _ readiness: ProviderReadiness, _ traits: ProviderTraits) {
        self.name = name
        works = readiness.failure == nil
        problem = readiness.failure?.summary
        advice = readiness.failure?.advice
        limits = readiness.limits
        switch traits.images {
        case .required: images = "required"
        case .optional: images = "optional"
        case .none: images = "none"
        }
    }
}

/// What a person asks of a machine: `reimage`, `delete` or `save`.
public struct MachineWishWire: Codable, Sendable, Hashable {
    public var wish: String
    /// A job that runs on it is ended.
    public var force: Bool?

    public init(wish: String, force: Bool? = nil) {
        self.wish = wish
        self.force = force
    }
}
