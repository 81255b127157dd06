public import FoundationEssentials

/// A service connection.
public struct ServiceConnectionID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// What a project knows of a system outside, which files name under `connection`.
public struct ServiceConnection: Hashable, Sendable {
    public var id: ServiceConnectionID
    public var project: ProjectID
    /// Unique in the project, ignoring case.
    public var name: String
    public var description: String
    /// An address for messages; nil for a connection of another kind.
    public var webhook: IncomingWebhook?
    /// An account at a registry of images; nil for a connection of another kind.
    public var registry: RegistryAccount?
    public var createdAt: Date
    public var createdBy: String

    public init(
        id: ServiceConnectionID,
        project: ProjectID,
        name: String,
        description: String = "",
        webhook: IncomingWebhook? = nil,
        registry: RegistryAccount? = nil,
        createdAt: Date,
        createdBy: String
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.webhook = webhook
        self.registry = registry
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// An address of this server to which another system sends what happened to it.
public struct IncomingWebhook: Hashable, Sendable {
    /// The last part of the address; unique on the server, ignoring case.
    public var name: String
    /// What messages are signed with; nil takes every message.
    public var secret: Secret?
    /// The header that has the signature: the HMAC of the body with SHA-1 or SHA-256, in hexadecimal.
    public var header: String

    public init(name: String, secret: Secret? = nil, header: String = IncomingWebhook.usualHeader) {
        self.name = name
        self.secret = secret
        self.header = header
    }

    /// Where GitHub and those who follow it sign.
    public static let usualHeader = "X-Hub-Signature-256"
}
