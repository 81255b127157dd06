public import FoundationEssentials

/// A machine with identities: what is asked for, and what the server says of it.
public struct MachineWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    /// Names of identities of the directory, the first is the one of requests that name none.
    public var identities: [String]?
    /// Ranges of addresses from which its key is good; empty is anywhere.
    public var from: [String]?
    public var createdAt: Date?
    public var createdBy: String?
    public var lastSeenAt: Date?
    /// The text of its key, once.
    public var key: String?
    /// The server's address, ending in a slash, as the machine itself asks for it.
    public var url: String?
    /// What follows a vault's name in its host name, as the machine itself asks for it.
    public var vaultSuffix: String?

    public init(name: String? = nil, identities: [String]? = nil, from: [String]? = nil) {
        self.name = name
        self.identities = identities
        self.from = from
    }
}

/// What a machine's metadata endpoint asks for.
public struct MachineTokenRequestWire: Codable, Sendable, Hashable {
    /// The token's audience.
    public var resource: String
    /// Client id or object id of one of its identities; nil is the first.
    public var identity: String?

    public init(resource: String, identity: String?) {
        self.resource = resource
        self.identity = identity
    }
}

/// A token of a machine's identity.
public struct MachineTokenWire: Codable, Sendable, Hashable {
    public var accessToken: String
    /// Seconds.
    public var expiresIn: Int
    public var clientId: String

    public init(accessToken: String, expiresIn: Int, clientId: String) {
        self.accessToken = accessToken
        self.expiresIn = expiresIn
        self.clientId = clientId
    }
}
