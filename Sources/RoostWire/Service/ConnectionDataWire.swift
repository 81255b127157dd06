public import FoundationEssentials

/// Who one is and where the services are.
public struct ConnectionDataWire: Codable, Sendable, Hashable {
    public var authenticatedUser: IdentityWire?
    public var authorizedUser: IdentityWire?
    public var instanceId: UUID?
    public var deploymentId: UUID?
    public var deploymentType: String?
    public var lastUserAccess: Date?
    public var locationServiceData: LocationServiceDataWire?

    public init(
        authenticatedUser: IdentityWire? = nil,
        authorizedUser: IdentityWire? = nil,
        instanceId: UUID? = nil,
        deploymentId: UUID? = nil,
        deploymentType: String? = nil,
        lastUserAccess: Date? = nil,
        locationServiceData: LocationServiceDataWire? = nil
    ) {
        self.authenticatedUser = authenticatedUser
        self.authorizedUser = authorizedUser
        self.instanceId = instanceId
        self.deploymentId = deploymentId
        self.deploymentType = deploymentType
        self.lastUserAccess = lastUserAccess
        self.locationServiceData = locationServiceData
    }
}
