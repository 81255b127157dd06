public import FoundationEssentials
public import RoostModel

/// A version in the shape of Azure's `Microsoft.Compute/galleries/images/versions`; in requests, what is nil stays as it is.
public struct ImageVersionWire: Codable, Sendable, Hashable {
    public struct Region: Codable, Sendable, Hashable {
        public var name: String
        public var regionalReplicaCount: Int?
        public var storageAccountType: String?
        public var excludeFromLatest: Bool?

        public init(
            name: String,
            regionalReplicaCount: Int? = nil,
            storageAccountType: String? = nil,
            excludeFromLatest: Bool? = nil
        ) {
            self.name = name
            self.regionalReplicaCount = regionalReplicaCount
            self.storageAccountType = storageAccountType
            self.excludeFromLatest = excludeFromLatest
        }
    }

    public struct Publishing: Codable, Sendable, Hashable {
        public var targetRegions: [Region]?
        public var replicaCount: Int?
        public var excludeFromLatest: Bool?
        public var publishedDate: Date?
        public var endOfLifeDate: Date?

        public init() {}
    }

    public struct Storage: Codable, Sendable, Hashable {
        public struct Source: Codable, Sendable, Hashable {
            /// A version whose content this is, too.
            public var id: String?

            public init(id: String?) { self.id = id }
        }

        public var source: Source?
        /// Roost's own: what was uploaded, in place of a source.
        public var content: ContentWire?

        public init(source: Source? = nil, content: ContentWire? = nil) {
            self.source = source
            self.content = content
        }
    }

    public struct Safety: Codable, Sendable, Hashable {
        public var allowDeletionOfReplicatedLocations: Bool?
        public var blockDeletionBeforeEndOfLife: Bool?

        public init() {}
    }

    public struct Replication: Codable, Sendable, Hashable {
        public struct Summary: Codable, Sendable, Hashable {
            public var region: String
            public var state: String
            public var progress: Int
            public var details: String?
        }

        public var aggregatedState: String
        public var summary: [Summary]
    }

    public struct Properties: Codable, Sendable, Hashable {
        public var publishingProfile: Publishing?
        public var storageProfile: Storage?
        public var safetyProfile: Safety?
        /// In answers to `$expand=ReplicationStatus` only.
        public var replicationStatus: Replication?
        public var provisioningState: String?
        /// Roost's own, as all that follows: why it failed.
        public var provisioningError: String?
        /// SHA-256 of the one file, or of the list of all with their hashes.
        public var contentHash: String?
        public var provenance: ImageProvenance?
        public var capabilities: [String: String]?
        public var revocation: ImageRevocation?
        /// Its own path, or that of the version it was built from, when a revocation reaches it.
        public var revokedThrough: String?

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

    /// - Parameters:
    ///   - version: which.
    ///   - names: of the gallery and the definition, as they were given.
    ///   - revoked: what reaches it.
    ///   - replication: how far it is; nil when nobody asked.
    public init(
        _ version: ImageVersion,
        names: (gallery: String, definition: String),
        revoked: RevokedBy? = nil,
        replication: [RegionReplication]? = nil
    ) {
        var properties = Properties()
        properties.publishingProfile = Publishing(version)
        properties.storageProfile = Storage(
            source: version.copiedFrom.map { .init(id: $0.description) },
            content: ContentWire(version.content)
        )
        properties.safetyProfile = Safety(version.publishing)
        properties.provisioningState = version.state.name
        if case .failed(let reason) = version.state { properties.provisioningError = reason }
        properties.contentHash = version.contentHash
        properties.provenance = version.provenance
        properties.capabilities = version.capabilities
        properties.revocation = version.revocation
        properties.revokedThrough = revoked?.version.description
        properties.replicationStatus = replication.map { Replication($0) }
        self.init(location: version.location, tags: version.publishing.tags, properties: properties)
        id = "/galleries/\(names.gallery)/images/\(names.definition)/versions/\(version.number)"
        name = version.number.description
        type = "Microsoft.Compute/galleries/images/versions"
    }
}

extension ImageVersionWire.Publishing {
    fileprivate init(_ version: ImageVersion) {
        let publishing = version.publishing
        targetRegions = publishing.targets.map { target in
            ImageVersionWire.Region(
                name: target.name,
                regionalReplicaCount: publishing.count(in: target),
                storageAccountType: target.storage?.rawValue,
                excludeFromLatest: target.isExcludedFromLatest
            )
        }
        replicaCount = publishing.replicas
        excludeFromLatest = publishing.isExcludedFromLatest
        endOfLifeDate = publishing.endOfLife
        publishedDate = version.publishedAt
    }
}

extension ImageVersionWire.Safety {
    fileprivate init(_ publishing: ImageVersion.Publishing) {
        allowDeletionOfReplicatedLocations = publishing.allowsRegionRemoval
        blockDeletionBeforeEndOfLife = publishing.isKeptUntilEndOfLife
    }
}

extension ImageVersionWire.Replication {
    fileprivate init(_ regions: [RegionReplication]) {
        let states = Set(regions.map(\.state))
        aggregatedState =
            states.contains(.failed) ? "Failed" : states.contains(.replicating) ? "InProgress" : "Completed"
        summary = regions.map {
            Summary(region: $0.region, state: $0.state.rawValue, progress: $0.progress, details: $0.details)
        }
    }
}

/// A version that was found, and what was passed over for it.
public struct ImageResolutionWire: Codable, Sendable, Hashable {
    public struct Passed: Codable, Sendable, Hashable {
        public var version: String
        public var reason: String
    }

    public var version: ImageVersionWire
    /// Higher versions that did not fit.
    public var passed: [Passed]
    public var warnings: [String]

    public init(_ version: ImageVersionWire, passed: [ImageResolution.Passed], warnings: [String]) {
        self.version = version
        self.passed = passed.map { Passed(version: $0.number.description, reason: $0.obstacle.description) }
        self.warnings = warnings
    }
}

/// What retention did, or would do.
public struct ImageRetentionWire: Codable, Sendable, Hashable {
    public var version: String
    public var deleted: Bool
    /// `tooOld`, `revoked`, `recent`, `channel`, `safety` or `atWork`.
    public var reason: String

    public init(_ decision: RetentionDecision) {
        version = decision.number.description
        deleted = decision.isDeleted
        reason =
            switch decision.reason {
            case .tooOld: "tooOld"
            case .revoked: "revoked"
            case .recent: "recent"
            case .kept(.channel): "channel"
            case .kept(.safety): "safety"
            case .atWork: "atWork"
            }
    }
}

/// The body of a revocation.
public struct ImageReasonWire: Codable, Sendable, Hashable {
    public var reason: String

    public init(reason: String) { self.reason = reason }
}

/// The body with which a channel is pointed at a version.
public struct ImageChannelWire: Codable, Sendable, Hashable {
    public var version: String

    public init(version: String) { self.version = version }
}

/// The regions of a server.
public struct ImageRegionWire: Codable, Sendable, Hashable {
    public var name: String

    public init(name: String) { self.name = name }
}
