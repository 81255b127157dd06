public import FoundationEssentials

/// An artifact as Azure DevOps shows it.
public struct BuildArtifactWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    /// Id of the job that published it.
    public var source: String?
    public var resource: Resource?

    public struct Resource: Codable, Sendable, Hashable {
        /// Such as `PipelineArtifact`, `Container` or `FilePath`.
        public var type: String?
        public var data: String?
        public var properties: [String: String]?
        public var url: String?
        public var downloadUrl: String?

        public init(
            type: String? = nil,
            data: String? = nil,
            properties: [String: String]? = nil,
            url: String? = nil,
            downloadUrl: String? = nil
        ) {
            self.type = type
            self.data = data
            self.properties = properties
            self.url = url
            self.downloadUrl = downloadUrl
        }
    }

    public init(id: Int? = nil, name: String? = nil, source: String? = nil, resource: Resource? = nil) {
        self.id = id
        self.name = name
        self.source = source
        self.resource = resource
    }
}

/// A file or folder of a file container.
public struct FileContainerItemWire: Codable, Sendable, Hashable {
    public var containerId: Int?
    public var path: String?
    /// `file` or `folder`.
    public var itemType: String?
    public var status: String?
    public var fileLength: Int?
    public var dateLastModified: Date?
    public var contentLocation: String?
    public var itemLocation: String?

    public init(
        containerId: Int? = nil,
        path: String? = nil,
        itemType: String? = nil,
        status: String? = nil,
        fileLength: Int? = nil,
        dateLastModified: Date? = nil,
        contentLocation: String? = nil,
        itemLocation: String? = nil
    ) {
        self.containerId = containerId
        self.path = path
        self.itemType = itemType
        self.status = status
        self.fileLength = fileLength
        self.dateLastModified = dateLastModified
        self.contentLocation = contentLocation
        self.itemLocation = itemLocation
    }
}

/// An artifact of a run of a pipeline, as the `pipelines` area shows it.
public struct PipelineArtifactWire: Codable, Sendable, Hashable {
    public var name: String?
    public var url: String?
    public var signedContent: SignedContent?

    public struct SignedContent: Codable, Sendable, Hashable {
        public var url: String?

        public init(url: String? = nil) { self.url = url }
    }

    public init(name: String? = nil, url: String? = nil, signedContent: SignedContent? = nil) {
        self.name = name
        self.url = url
        self.signedContent = signedContent
    }
}
