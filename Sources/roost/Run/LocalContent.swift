import Foundation
import RoostAgent
import RoostContent
import RoostModel
import RoostStore
import RoostWire
import Synchronization

/// The artifacts of a local run, which are gone with it.
///
/// There is no cache: the working tree is the cache of a machine.
final class LocalContent: ContentHost {
    let run = 1
    private let chunks: LocalChunks
    private let artifacts = Mutex<[Artifact]>([])

    init(folder: String) { chunks = LocalChunks(store: FolderChunkStore(path: "\(folder)/content")) }

    var sink: any ChunkSink { chunks }

    func publish(_ draft: ArtifactDraftWire) async throws -> StoredArtifactWire {
        let isContainer = draft.type.lowercased() == "container"
        var content = draft.content
        if let known = artifacts.withLock({ $0.first { $0.name.lowercased() == draft.name.lowercased() } }) {
            guard isContainer, known.kind == .container, let before = known.content else {
                throw LocalArtifactFault.exists(draft.name)
            }
            let download = ContentDownload(from: chunks)
            let old = try await download.manifest(before.manifest)
            content = try await keep(old.adding(download.manifest(content.manifest)))
        }
        let artifact = Artifact(
            id: ArtifactID(artifacts.withLock { $0.count + 1 }),
            run: RunID(run),
            name: draft.name,
            kind: isContainer ? .container : .pipeline,
            content: ContentReference(
                space: LocalChunks.space,
                manifest: content.manifest,
                files: content.files,
                size: content.size
            ),
            createdAt: Date()
        )
        artifacts.withLock { artifacts in
            artifacts.removeAll { $0.name.lowercased() == draft.name.lowercased() }
            artifacts.append(artifact)
        }
        return StoredArtifactWire(artifact)
    }

    private func keep(_ manifest: ContentManifest) async throws -> ContentWire {
        var pages: [ContentChunk] = []
        for page in ManifestPages.split(manifest) {
            pages.append(page.chunk)
            try await chunks.send(page.chunk.id, page.stored)
        }
        return ContentWire(manifest: pages, files: manifest.fileCount, size: manifest.size)
    }

    func associate(_ draft: BuildArtifactWire) async throws {}

    func artifacts(of run: Int, name: String?) async throws -> [StoredArtifactWire] {
        guard run == self.run else { throw LocalArtifactFault.otherRun(run) }
        let all = artifacts.withLock { $0 }
        guard let name else { return all.map { StoredArtifactWire($0) } }
        guard let found = all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw LocalArtifactFault.missing(name, known: all.map(\.name))
        }
        return [StoredArtifactWire(found)]
    }

    func source(of artifact: StoredArtifactWire) -> any ChunkSource { chunks }

    func sourceRun(_ query: [(String, String?)]) async throws -> ArtifactSourceWire {
        let pipeline = query.first { $0.0 == "pipeline" }?.1 ?? ""
        throw LocalArtifactFault.otherPipeline(pipeline)
    }

    func findCache(_ keys: [CacheKey]) async throws -> CacheEntryWire? { nil }
    func saveCache(_ draft: CacheDraftWire) async throws -> CacheEntryWire { throw LocalArtifactFault.noCache }
    func source(of cache: CacheEntryWire) -> any ChunkSource { chunks }
    var keepsCaches: Bool { false }
}

/// Chunks in the scratch folder of a local run.
private struct LocalChunks: ChunkSink, ChunkSource {
    static let space = "local"
    let store: FolderChunkStore

    func missing(_ wanted: [ChunkID]) async throws -> Set<ChunkID> {
        Set(try await store.missing(wanted, in: Self.space))
    }

    func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws { try await store.put(chunk, stored, in: Self.space) }

    func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
        guard let stored = try await store.read(chunk, in: Self.space) else { throw ChunkFault.missing(chunk) }
        return stored
    }
}

/// What a local run cannot do with artifacts.
private enum LocalArtifactFault: UserFacingError, Hashable {
    case exists(String)
    case missing(String, known: [String])
    case otherRun(Int)
    case otherPipeline(String)
    case noCache

    var code: String { "artifact.local" }
    var summary: String {
        switch self {
        case .exists(let name): "Artifact \(name) already exists in this run."
        case .missing(let name, _): "Artifact \(name) was not found in this run."
        case .otherRun(let run): "A run without a server has no artifacts of run \(run)."
        case .otherPipeline(let name): "A run without a server has no artifacts of pipeline '\(name)'."
        case .noCache: "A run without a server has no cache."
        }
    }
    var location: String? { nil }
    var advice: String? {
        switch self {
        case .exists: "Give it another name."
        case .missing(_, let known):
            known.isEmpty ? "Publish it in a step before." : "There is \(known.joined(separator: ", "))."
        case .otherRun, .otherPipeline, .noCache: "Queue the pipeline on a server with 'roost run queue'."
        }
    }
}
