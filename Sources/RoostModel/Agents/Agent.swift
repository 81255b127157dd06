public import FoundationEssentials

/// The agent's RSA public key, as the wire carries it.
public struct AgentPublicKey: Hashable, Sendable, Codable {
    /// Big-endian bytes.
    public var exponent: Data
    /// Big-endian bytes, 256 for the usual 2048 bits.
    public var modulus: Data

    public init(exponent: Data, modulus: Data) {
        self.exponent = exponent
        self.modulus = modulus
    }
}

/// A program on a machine that runs jobs of a pool.
///
/// Whether it is online is not part of it: that is known from its session, which lives in memory only.
public struct Agent: Hashable, Sendable, Codable {
    public var id: AgentID
    public var pool: PoolID
    /// Unique in its pool, ignoring case.
    public var name: String
    /// `major.minor.patch`.
    public var version: String
    public var osDescription: String
    /// A disabled agent keeps its session and gets no job.
    public var enabled: Bool
    public var systemCapabilities: Capabilities
    /// Set by people; they add to the system's and win over them.
    public var userCapabilities: Capabilities
    public var clientID: ClientID
    public var publicKey: AgentPublicKey
    public var createdAt: Date
    /// Who registered it, as in audit events.
    public var createdBy: String
    /// Does one job and is then removed.
    public var singleUse: Bool
    /// When the assignment of its one job retired it; such an agent gets no further job.
    public var retiredAt: Date?
    /// The moment it last came online or went offline.
    public var statusChangedAt: Date?
    /// The request it last finished.
    public var lastRequest: RequestID?
    /// Nil for one that has none, or is done with it.
    public var warmUp: AgentWarmUp?
    /// Nil for agents of stores that did not keep it.
    public var enrolledBy: AgentEnrolment?
    /// Why it is disabled, and by whom; nil for one that is not, or of stores that did not keep it.
    public var pause: Pause?

    public init(
        id: AgentID,
        pool: PoolID,
        name: String,
        version: String,
        osDescription: String,
        enabled: Bool = true,
        systemCapabilities: Capabilities = [:],
        userCapabilities: Capabilities = [:],
        clientID: ClientID,
        publicKey: AgentPublicKey,
        createdAt: Date,
        createdBy: String,
        singleUse: Bool = false,
        retiredAt: Date? = nil,
        statusChangedAt: Date? = nil,
        lastRequest: RequestID? = nil,
        warmUp: AgentWarmUp? = nil,
        enrolledBy: AgentEnrolment? = nil,
        pause: Pause? = nil
    ) {
        self.id = id
        self.pool = pool
        self.name = name
        self.version = version
        self.osDescription = osDescription
        self.enabled = enabled
        self.systemCapabilities = systemCapabilities
        self.userCapabilities = userCapabilities
        self.clientID = clientID
        self.publicKey = publicKey
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.singleUse = singleUse
        self.retiredAt = retiredAt
        self.statusChangedAt = statusChangedAt
        self.lastRequest = lastRequest
        self.warmUp = warmUp
        self.enrolledBy = enrolledBy
        self.pause = pause
    }
}
