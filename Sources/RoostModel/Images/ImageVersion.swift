public import FoundationEssentials

/// A version of an image: its content, which never changes, and where copies of it are.
public struct ImageVersion: Hashable, Sendable, Codable {
    /// What may be changed after it was made.
    public struct Publishing: Hashable, Sendable, Codable {
        public var targets: [TargetRegion]
        /// Copies in each region that says no count of its own.
        public var replicas: Int
        /// Nobody gets the version as the latest.
        public var isExcludedFromLatest: Bool
        /// Information only: such a version is still found and used.
        public var endOfLife: Date?
        /// A region may be taken away although a copy is there.
        public var allowsRegionRemoval: Bool
        /// It cannot be deleted before ``endOfLife``.
        public var isKeptUntilEndOfLife: Bool
        public var tags: [String: String]

        public init(
            targets: [TargetRegion],
            replicas: Int = 1,
            isExcludedFromLatest: Bool = false,
            endOfLife: Date? = nil,
            allowsRegionRemoval: Bool = true,
            isKeptUntilEndOfLife: Bool = false,
            tags: [String: String] = [:]
        ) {
            self.targets = targets
            self.replicas = replicas
            self.isExcludedFromLatest = isExcludedFromLatest
            self.endOfLife = endOfLife
            self.allowsRegionRemoval = allowsRegionRemoval
            self.isKeptUntilEndOfLife = isKeptUntilEndOfLife
            self.tags = tags
        }

        /// Copies in a region: its own count, else the version's.
        public func count(in target: TargetRegion) -> Int { target.replicas ?? replicas }

        /// All copies that there shall be, those of the home region first.
        public func wanted(home: String) -> [ReplicaKey] {
            let ordered = targets.filter { $0.name == home } + targets.filter { $0.name != home }
            return ordered.flatMap { target in (1...max(1, count(in: target))).map { ReplicaKey(target.name, $0) } }
        }
    }

    public let key: ImageVersionKey
    /// The region in which its content arrived.
    public let location: String
    public let content: ContentReference
    /// SHA-256 of the content, see `ImageDigest`; nil until the first copy was read.
    public var contentHash: String?
    /// The version of a gallery whose content this is, too; its copies at that moment.
    public let copiedFrom: ImageVersionKey?
    public let seeds: [ReplicaKey]
    public let provenance: ImageProvenance
    /// Capabilities that agents of this image will have.
    public let capabilities: [String: String]
    public internal(set) var publishing: Publishing
    public internal(set) var state: ImageVersionState
    public internal(set) var replicas: [ImageReplica]
    public var revocation: ImageRevocation?
    public let createdAt: Date
    public let createdBy: String
    /// When all its regions were verified for the first time.
    public internal(set) var publishedAt: Date?

    /// A version whose content has arrived in its home region; nothing of it is verified yet.
    public init(
        key: ImageVersionKey,
        location: String,
        content: ContentReference,
        contentHash: String? = nil,
        copiedFrom: ImageVersionKey? = nil,
        seeds: [ReplicaKey] = [],
        provenance: ImageProvenance = ImageProvenance(),
        capabilities: [String: String] = [:],
        publishing: Publishing,
        createdAt: Date,
        createdBy: String
    ) {
        self.key = key
        self.location = location
        self.content = content
        self.contentHash = contentHash
        self.copiedFrom = copiedFrom
        self.seeds = seeds
        self.provenance = provenance
        self.capabilities = capabilities
        self.publishing = publishing
        self.createdAt = createdAt
        self.createdBy = createdBy
        state = .creating
        replicas = publishing.wanted(home: location).map { ImageReplica($0) }
    }

    public var number: ImageVersionNumber { key.number }
    /// It was whole in all its regions once.
    public var isPublished: Bool { publishedAt != nil }

    /// A region has a copy that was verified.
    public func isAvailable(in region: String) -> Bool {
        replicas.contains { $0.key.region == region && $0.state == .completed }
    }

    /// Versions this one was made from: by its provenance, and by its content.
    public var parents: [ImageVersionKey] { [provenance.parent, copiedFrom].compactMap(\.self) }
}
