public import RoostModel
public import RoostWire
public import RoostContent

/// Calls about artifacts and the cache; all are below the run that speaks.
extension RoostClient {
    /// Which chunks the server does not have.
    public func missingChunks(run: Int, _ chunks: [ChunkID]) async throws(ClientError) -> [ChunkID] {
        guard !chunks.isEmpty else { return [] }
        return try await call(
            Call(
                method: "POST",
                path: "_apis/roost/runs/\(run)/content/missing",
                body: try Self.body(ChunkListWire(chunks))
            ),
            as: ChunkListWire.self
        ).chunks
    }

    /// Sends a chunk in its stored form.
    public func putChunk(run: Int, _ chunk: ChunkID, _ stored: [UInt8]) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "PUT",
                path: "_apis/roost/runs/\(run)/content/\(chunk)",
                body: .init(stored),
                contentType: "application/octet-stream"
            )
        )
    }

    /// The artifacts of a run with what is needed to fetch them.
    ///
    /// - Parameters:
    ///   - run: the run that speaks.
    ///   - source: whose artifacts; nil is the run's own.
    ///   - name: only this one.
    /// - Returns: in the order in which they were made.
    /// - Throws: ``ClientError/refused(_:)`` for a name that is not there, and for a run whose artifacts are not to be read.
    public func artifacts(
        run: Int,
        source: Int? = nil,
        name: String? = nil
    ) async throws(ClientError) -> [StoredArtifactWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/roost/runs/\(run)/artifacts",
                query: [("source", source.map(String.init)), ("artifactName", name)]
            ),
            as: WireList<StoredArtifactWire>.self
        ).value
    }

    /// Publishes an artifact whose chunks have been sent.
    public func publishArtifact(
        run: Int,
        _ draft: ArtifactDraftWire
    ) async throws(ClientError) -> StoredArtifactWire {
        try await call(
            Call(method: "POST", path: "_apis/roost/runs/\(run)/artifacts", body: try Self.body(draft))
        )
    }

    /// Remembers where files of a run are that are not on the server.
    public func associateArtifact(run: Int, _ draft: BuildArtifactWire) async throws(ClientError) -> BuildArtifactWire {
        try await call(
            Call(method: "POST", path: "_apis/build/builds/\(run)/artifacts", body: try Self.body(draft))
        )
    }

    /// Removes an artifact.
    public func deleteArtifact(run: Int, name: String) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "_apis/roost/runs/\(run)/artifacts/\(Self.escape(name))")
        )
    }

    /// The files of an artifact.
    public func artifactFiles(run: Int, name: String) async throws(ClientError) -> [ArtifactFileWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/runs/\(run)/artifacts/\(Self.escape(name))/files"),
            as: WireList<ArtifactFileWire>.self
        ).value
    }

    /// A chunk of an artifact in its stored form.
    public func artifactChunk(
        run: Int,
        artifact: Int,
        _ chunk: ChunkID,
        isSuspect: Bool = false
    ) async throws(ClientError) -> [UInt8] {
        try await storedChunk(at: "_apis/roost/runs/\(run)/artifactcontent/\(artifact)/\(chunk)", isSuspect)
    }

    private func storedChunk(at path: String, _ isSuspect: Bool) async throws(ClientError) -> [UInt8] {
        let call = Call(
            method: "GET",
            path: path,
            query: isSuspect ? [("suspect", "true")] : [],
            accept: "application/octet-stream"
        )
        return Array(try await send(call).body)
    }

    /// The run of another pipeline that a step asks for.
    public func artifactSource(
        run: Int,
        _ query: [(String, String?)]
    ) async throws(ClientError) -> ArtifactSourceWire {
        try await call(Call(method: "GET", path: "_apis/roost/runs/\(run)/artifactsource", query: query))
    }

    // MARK: The cache

    /// The entry that serves a step; nil when none does.
    public func findCache(run: Int, keys: [CacheKey]) async throws(ClientError) -> CacheEntryWire? {
        try await callOptional(
            Call(
                method: "POST",
                path: "_apis/roost/runs/\(run)/caches/find",
                body: try Self.body(CacheQueryWire(keys: keys))
            ),
            as: CacheEntryWire.self
        )
    }

    /// Keeps an entry whose chunks have been sent.
    public func saveCache(run: Int, _ draft: CacheDraftWire) async throws(ClientError) -> CacheEntryWire {
        try await call(Call(method: "POST", path: "_apis/roost/runs/\(run)/caches", body: try Self.body(draft)))
    }

    /// A chunk of an entry in its stored form.
    public func cacheChunk(
        run: Int,
        cache: Int,
        _ chunk: ChunkID,
        isSuspect: Bool = false
    ) async throws(ClientError) -> [UInt8] {
        try await storedChunk(at: "_apis/roost/runs/\(run)/caches/\(cache)/\(chunk)", isSuspect)
    }

    /// The entries of the cache, newest first.
    public func caches(project: String? = nil, pipeline: Int? = nil) async throws(ClientError) -> [CacheEntryWire] {
        let prefix = project.map { "\(Self.escape($0))/" } ?? ""
        return try await call(
            Call(
                method: "GET",
                path: "\(prefix)_apis/roost/caches",
                query: [("pipeline", pipeline.map(String.init))]
            ),
            as: WireList<CacheEntryWire>.self
        ).value
    }

    public func deleteCache(_ id: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "_apis/roost/caches/\(id)"))
    }
}

/// The server as the far side of an upload.
public struct RunChunkSink: ChunkSink {
    private let client: RoostClient
    private let run: Int

    public init(client: RoostClient, run: Int) {
        self.client = client
        self.run = run
    }

    public func missing(_ chunks: [ChunkID]) async throws -> Set<ChunkID> {
        Set(try await client.missingChunks(run: run, chunks))
    }

    public func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws {
        try await client.putChunk(run: run, chunk, stored)
    }
}

/// The server as the far side of a download.
public struct RunChunkSource: ChunkSource {
    /// What the chunks are part of.
    public enum Owner: Sendable {
        case artifact(Int)
        case cache(Int)
    }

    private let client: RoostClient
    private let run: Int
    private let owner: Owner

    public init(client: RoostClient, run: Int, owner: Owner) {
        self.client = client
        self.run = run
        self.owner = owner
    }

    public func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
        do throws(ClientError) {
            switch owner {
            case .artifact(let id):
                return try await client.artifactChunk(run: run, artifact: id, chunk, isSuspect: isSuspect)
            case .cache(let id): return try await client.cacheChunk(run: run, cache: id, chunk, isSuspect: isSuspect)
            }
        } catch {
            switch error.code {
            case "content.damaged": throw ChunkFault.damaged(chunk, reason: "the server's copy has another SHA-256")
            case "content.missing": throw ChunkFault.missing(chunk)
            default: throw error
            }
        }
    }
}
