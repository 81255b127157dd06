public import RoostClient
public import RoostContent
public import RoostModel
public import RoostWire

/// Where the artifacts of a job's run and the cache are: a server, or this machine.
public protocol ContentHost: Sendable {
    /// The run of the job.
    var run: Int { get }
    /// Where chunks are sent before they are published.
    var sink: any ChunkSink { get }

    /// Publishes files whose chunks were sent.
    func publish(_ draft: ArtifactDraftWire) async throws -> StoredArtifactWire
    /// Remembers files that are elsewhere.
    func associate(_ draft: BuildArtifactWire) async throws
    /// The artifacts of a run, or the one of a name; one that is not there is an error.
    func artifacts(of run: Int, name: String?) async throws -> [StoredArtifactWire]
    /// Where the chunks of an artifact come from.
    func source(of artifact: StoredArtifactWire) -> any ChunkSource
    /// The run of another pipeline that a step asks for.
    func sourceRun(_ query: [(String, String?)]) async throws -> ArtifactSourceWire
    /// Copies of repositories that the job may fetch from; nil where there are none.
    var mirrors: (any MirrorHost)? { get }
    /// Whether there is a cache at all.
    var keepsCaches: Bool { get }
    /// The entry of the cache that serves a step; nil when none does.
    func findCache(_ keys: [CacheKey]) async throws -> CacheEntryWire?
    func saveCache(_ draft: CacheDraftWire) async throws -> CacheEntryWire
    /// Where the chunks of an entry come from.
    func source(of cache: CacheEntryWire) -> any ChunkSource
    /// Where test results and coverage go; nil when nobody keeps them.
    var tests: (any TestHost)? { get }
}

extension ContentHost {
    public var keepsCaches: Bool { true }
    public var mirrors: (any MirrorHost)? { nil }
}

/// The server that sent the job.
public struct ServerContent: ContentHost {
    public let run: Int
    private let client: RoostClient
    public let mirrors: (any MirrorHost)?

    /// - Parameters:
    ///   - client: with the job's token.
    ///   - run: the run of the job.
    ///   - mirrors: the server's copies of repositories.
    public init(client: RoostClient, run: Int, mirrors: (any MirrorHost)? = nil) {
        self.client = client
        self.run = run
        self.mirrors = mirrors
    }

    public var tests: (any TestHost)? { ServerTests(client: client, run: run) }

    public var sink: any ChunkSink { RunChunkSink(client: client, run: run) }

    public func publish(_ draft: ArtifactDraftWire) async throws -> StoredArtifactWire {
        try await client.publishArtifact(run: run, draft)
    }

    public func associate(_ draft: BuildArtifactWire) async throws {
        _ = try await client.associateArtifact(run: run, draft)
    }

    public func artifacts(of source: Int, name: String?) async throws -> [StoredArtifactWire] {
        try await client.artifacts(run: run, source: source, name: name)
    }

    public func source(of artifact: StoredArtifactWire) -> any ChunkSource {
        RunChunkSource(client: client, run: run, owner: .artifact(artifact.id))
    }

    public func sourceRun(_ query: [(String, String?)]) async throws -> ArtifactSourceWire {
        try await client.artifactSource(run: run, query)
    }

    public func findCache(_ keys: [CacheKey]) async throws -> CacheEntryWire? {
        try await client.findCache(run: run, keys: keys)
    }

    public func saveCache(_ draft: CacheDraftWire) async throws -> CacheEntryWire {
        try await client.saveCache(run: run, draft)
    }

    public func source(of cache: CacheEntryWire) -> any ChunkSource {
        RunChunkSource(client: client, run: run, owner: .cache(cache.id))
    }
}
