/// An agent as other objects name it.
public struct TaskAgentReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var version: String?
    public var osDescription: String?
    public var enabled: Bool?
    public var status: String?
    public var provisioningState: String?
    public var accessPoint: String?

    public init(
        id: Int? = nil,
        name: String? = nil,
        version: String? = nil,
        osDescription: String? = nil,
        enabled: Bool? = nil,
        status: String? = nil,
        provisioningState: String? = nil,
        accessPoint: String? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.osDescription = osDescription
        self.enabled = enabled
        self.status = status
        self.provisioningState = provisioningState
        self.accessPoint = accessPoint
    }
}
