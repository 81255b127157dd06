public import FoundationEssentials

/// What the server is.
public struct ServerInfoWire: Codable, Sendable, Hashable {
    public var name: String?
    public var version: String?
    public var organization: String?
    public var instanceId: UUID?

    public init(
        name: String? = nil,
        version: String? = nil,
        organization: String? = nil,
        instanceId: UUID? = nil
    ) {
        self.name = name
        self.version = version
        self.organization = organization
        self.instanceId = instanceId
    }
}
