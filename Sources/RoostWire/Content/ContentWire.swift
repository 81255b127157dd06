public import FoundationEssentials
public import RoostModel

/// Chunks by name: asked about, or missing.
public struct ChunkListWire: Codable, Sendable, Hashable {
    public var chunks: [ChunkID]

    public init(_ chunks: [ChunkID]) { self.chunks = chunks }
}

/// What an artifact or a cache entry holds.
public struct ContentWire: Codable, Sendable, Hashable {
    /// The chunks of the list of files.
    public var manifest: [ContentChunk]
    public var files: Int
    public var size: Int

    public init(manifest: [ContentChunk], files: Int, size: Int) {
        self.manifest = manifest
        self.files = files
        self.size = size
    }

    public init(_ content: ContentReference) {
        self.init(manifest: content.manifest, files: content.files, size: content.size)
    }
}

/// An artifact to be published, after its chunks.
public struct ArtifactDraftWire: Codable, Sendable, Hashable {
    public var name: String
    /// `PipelineArtifact`, or `Container` for one to which several steps add.
    public var type: String
    public var content: ContentWire
    public var properties: [String: String]?

    public init(name: String, type: String, content: ContentWire, properties: [String: String]? = nil) {
        self.name = name
        self.type = type
        self.content = content
        self.properties = properties
    }
}

/// An artifact with what is needed to fetch its files chunk by chunk.
public struct StoredArtifactWire: Codable, Sendable, Hashable {
    public var id: Int
    public var name: String
    public var type: String
    public var run: Int
    /// Absent when its files are elsewhere.
    public var content: ContentWire?
    /// Where they are then.
    public var data: String?
    public var properties: [String: String]?
    public var createdOn: Date?

    public init(_ artifact: Artifact) {
        id = artifact.id.rawValue
        name = artifact.name
        type = artifact.kind.name
        run = artifact.run.rawValue
        content = artifact.content.map { ContentWire($0) }
        if case .place(_, let data) = artifact.kind { self.data = data }
        properties = artifact.properties
        createdOn = artifact.createdAt
    }
}

/// A file of an artifact.
public struct ArtifactFileWire: Codable, Sendable, Hashable {
    public var path: String
    public var size: Int
    /// Of a symbolic link.
    public var target: String?

    public init(path: String, size: Int, target: String? = nil) {
        self.path = path
        self.size = size
        self.target = target
    }
}

/// A run whose artifacts a step may fetch.
public struct ArtifactSourceWire: Codable, Sendable, Hashable {
    public var run: Int
    public var number: String
    public var pipeline: String

    public init(run: Int, number: String, pipeline: String) {
        self.run = run
        self.number = number
        self.pipeline = pipeline
    }
}

/// Keys a step looks for: its own, then those to fall back to.
public struct CacheQueryWire: Codable, Sendable, Hashable {
    public var keys: [CacheKey]

    public init(keys: [CacheKey]) { self.keys = keys }
}

/// An entry to be kept, after its chunks.
public struct CacheDraftWire: Codable, Sendable, Hashable {
    public var key: CacheKey
    public var content: ContentWire

    public init(key: CacheKey, content: ContentWire) {
        self.key = key
        self.content = content
    }
}

/// An entry of the cache.
public struct CacheEntryWire: Codable, Sendable, Hashable {
    public var id: Int
    public var pipeline: ReferenceWire?
    public var scope: String
    public var key: CacheKey
    public var run: Int
    public var content: ContentWire
    public var createdOn: Date?
    public var lastUsedOn: Date?
    /// In an answer to a query: the whole key is the same.
    public var isExact: Bool?
    /// In an answer to a draft: it was kept just now, and there was none of its key.
    public var isNew: Bool?

    public init(
        _ entry: CacheEntry,
        pipelineName: String? = nil,
        isExact: Bool? = nil,
        isNew: Bool? = nil
    ) {
        id = entry.id.rawValue
        pipeline = ReferenceWire(id: entry.pipeline.rawValue, name: pipelineName)
        scope = entry.scope
        key = entry.key
        run = entry.run.rawValue
        content = ContentWire(entry.content)
        createdOn = entry.createdAt
        lastUsedOn = entry.lastUsedAt
        self.isExact = isExact
        self.isNew = isNew
    }
}
