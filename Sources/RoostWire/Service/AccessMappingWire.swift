public import FoundationEssentials

/// An address of the organization.
public struct AccessMappingWire: Codable, Sendable, Hashable {
    public var displayName: String?
    public var moniker: String?
    public var accessPoint: String?
    public var serviceOwner: UUID?
    public var virtualDirectory: String?

    public init(
        displayName: String? = nil,
        moniker: String? = nil,
        accessPoint: String? = nil,
        serviceOwner: UUID? = nil,
        virtualDirectory: String? = nil
    ) {
        self.displayName = displayName
        self.moniker = moniker
        self.accessPoint = accessPoint
        self.serviceOwner = serviceOwner
        self.virtualDirectory = virtualDirectory
    }
}
