public import FoundationEssentials

/// Where services are.
public struct LocationServiceDataWire: Codable, Sendable, Hashable {
    public var serviceOwner: UUID?
    public var accessMappings: [AccessMappingWire]?
    public var defaultAccessMappingMoniker: String?
    public var clientCacheFresh: Bool?
    public var clientCacheTimeToLive: Int?
    public var lastChangeId: Int?
    public var lastChangeId64: Int?
    public var serviceDefinitions: [ReferenceWire]?

    public init(
        serviceOwner: UUID? = nil,
        accessMappings: [AccessMappingWire]? = nil,
        defaultAccessMappingMoniker: String? = nil,
        clientCacheFresh: Bool? = nil,
        clientCacheTimeToLive: Int? = nil,
        lastChangeId: Int? = nil,
        lastChangeId64: Int? = nil,
        serviceDefinitions: [ReferenceWire]? = nil
    ) {
        self.serviceOwner = serviceOwner
        self.accessMappings = accessMappings
        self.defaultAccessMappingMoniker = defaultAccessMappingMoniker
        self.clientCacheFresh = clientCacheFresh
        self.clientCacheTimeToLive = clientCacheTimeToLive
        self.lastChangeId = lastChangeId
        self.lastChangeId64 = lastChangeId64
        self.serviceDefinitions = serviceDefinitions
    }
}
