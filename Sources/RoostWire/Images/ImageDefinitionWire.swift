public import FoundationEssentials
public import RoostModel

/// A definition in the shape of Azure's `Microsoft.Compute/galleries/images`; in requests, what is nil stays as it is.
public struct ImageDefinitionWire: Codable, Sendable, Hashable {
    public struct Identifier: Codable, Sendable, Hashable {
        public var publisher: String?
        public var offer: String?
        public var sku: String?

        public init(publisher: String?, offer: String?, sku: String?) {
            self.publisher = publisher
            self.offer = offer
            self.sku = sku
        }
    }

    public struct Recommended: Codable, Sendable, Hashable {
        public var vCPUs: ImageDefinition.Bounds?
        /// In GB.
        public var memory: ImageDefinition.Bounds?

        public init(vCPUs: ImageDefinition.Bounds?, memory: ImageDefinition.Bounds?) {
            self.vCPUs = vCPUs
            self.memory = memory
        }
    }

    public struct Disallowed: Codable, Sendable, Hashable {
        public var diskTypes: [String]?

        public init(diskTypes: [String]?) { self.diskTypes = diskTypes }
    }

    public struct Properties: Codable, Sendable, Hashable {
        public var identifier: Identifier?
        public var osType: String?
        public var osState: String?
        public var hyperVGeneration: String?
        public var architecture: String?
        public var description: String?
        public var eula: String?
        public var privacyStatementUri: String?
        public var releaseNoteUri: String?
        public var endOfLifeDate: Date?
        public var recommended: Recommended?
        public var disallowed: Disallowed?
        public var features: [ImageDefinition.Feature]?
        public var provisioningState: String?
        /// Roost's own: names that point at versions.
        public var channels: [String: String]?

        public init() {}
    }

    public var id: String?
    public var name: String?
    public var type: String?
    public var location: String?
    public var tags: [String: String]?
    public var properties: Properties?

    public init(location: String? = nil, tags: [String: String]? = nil, properties: Properties = Properties()) {
        self.location = location
        self.tags = tags
        self.properties = properties
    }

    public init(_ definition: ImageDefinition) {
        let settings = definition.settings
        var properties = Properties()
        properties.identifier = Identifier(
            publisher: definition.identifier.publisher,
            offer: definition.identifier.offer,
            sku: definition.identifier.sku
        )
        properties.osType = definition.system.rawValue
        properties.osState = definition.systemState.rawValue
        properties.hyperVGeneration = definition.generation.rawValue
        properties.architecture = definition.architecture.rawValue
        properties.description = settings.description
        properties.eula = settings.eula
        properties.privacyStatementUri = settings.privacyStatement
        properties.releaseNoteUri = settings.releaseNotes
        properties.endOfLifeDate = settings.endOfLife
        if settings.processors != nil || settings.memory != nil {
            properties.recommended = Recommended(vCPUs: settings.processors, memory: settings.memory)
        }
        if !settings.disallowedDisks.isEmpty {
            properties.disallowed = Disallowed(diskTypes: settings.disallowedDisks)
        }
        properties.features = settings.features
        properties.provisioningState = "Succeeded"
        properties.channels = definition.channels.mapValues(\.description)
        self.init(location: definition.location, tags: settings.tags, properties: properties)
        id = "/galleries/\(definition.gallery)/images/\(definition.name)"
        name = definition.name
        type = "Microsoft.Compute/galleries/images"
    }
}
