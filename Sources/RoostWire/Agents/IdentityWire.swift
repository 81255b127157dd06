/// Who, as the service shows it.
public struct IdentityWire: Codable, Sendable, Hashable {
    public var id: String?
    public var displayName: String?
    public var uniqueName: String?
    public var descriptor: String?
    public var subjectDescriptor: String?
    public var providerDisplayName: String?
    public var customDisplayName: String?
    public var isActive: Bool?
    public var properties: [String: PropertyWire]?

    public init(
        id: String? = nil,
        displayName: String? = nil,
        uniqueName: String? = nil,
        descriptor: String? = nil,
        subjectDescriptor: String? = nil,
        providerDisplayName: String? = nil,
        customDisplayName: String? = nil,
        isActive: Bool? = nil,
        properties: [String: PropertyWire]? = nil
    ) {
        self.id = id
        self.displayName = displayName
        self.uniqueName = uniqueName
        self.descriptor = descriptor
        self.subjectDescriptor = subjectDescriptor
        self.providerDisplayName = providerDisplayName
        self.customDisplayName = customDisplayName
        self.isActive = isActive
        self.properties = properties
    }
}
