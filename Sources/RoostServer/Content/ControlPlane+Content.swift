import Logging
import RoostContent
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Which of some chunks a run would have to send.
    public func missingChunks(_ chunks: [ChunkID], run: Run) async throws -> [ChunkID] {
        try await self.chunks.missing(chunks, in: ContentReference.space(of: run))
    }

    /// Takes a chunk in its stored form, whose hash must be its name.
    public func putChunk(_ chunk: ChunkID, _ stored: [UInt8], run: Run) async throws {
        do throws(ChunkFault) { _ = try ChunkCodec.decode(stored, of: chunk) } catch {
            throw ContentError.chunk(error, owner: "")
        }
        try await chunks.put(chunk, stored, in: ContentReference.space(of: run))
    }

    /// The list of files of a content.
    func manifest(_ content: ContentReference, owner: String) async throws -> ContentManifest {
        var text: [UInt8] = []
        for chunk in content.manifest {
            text += try await ContentReader.chunk(chunk.id, in: content.space, of: owner, chunks)
        }
        do throws(ManifestFault) { return try ContentManifest(text: text) } catch { throw ContentError.manifest(error) }
    }

    /// A chunk of a content in its stored form.
    ///
    /// - Parameters:
    ///   - chunk: must be one of the content's.
    ///   - content: what it is part of.
    ///   - owner: for messages.
    ///   - isSuspect: the client got it with another hash: the copy is checked here, and one that is damaged removed, so that it is sent anew with
    ///     the next upload.
    /// - Returns: the stored form.
    /// - Throws: ``ContentError/chunk(_:owner:)`` when it is none of the content's, missing or damaged.
    func chunk(
        _ chunk: ChunkID,
        of content: ContentReference,
        owner: String,
        isSuspect: Bool
    ) async throws -> [UInt8] {
        let known = try await contentIndex.chunks(of: content) { try await manifest(content, owner: owner) }
        // Another error than that of a piece that is lost: a wrong question says nothing about the content.
        guard known.contains(chunk) else { throw RequestProblem.notFound(what: "piece \(chunk) of \(owner)") }
        guard let stored = try await chunks.read(chunk, in: content.space) else {
            throw ContentError.chunk(.missing(chunk), owner: owner)
        }
        guard isSuspect else { return stored }
        do throws(ChunkFault) { _ = try ChunkCodec.decode(stored, of: chunk) } catch {
            logger.error(
                "a stored piece is damaged and was removed",
                metadata: ["chunk": "\(chunk)", "space": "\(content.space)", "of": "\(owner)", "error": "\(error)"]
            )
            try await chunks.delete(chunk, in: content.space)
            throw ContentError.chunk(error, owner: owner)
        }
        return stored
    }

    /// The reference of an upload whose chunks are all there.
    ///
    /// - Throws: ``ContentError/chunksMissing(count:)``, ``ContentError/manifest(_:)``.
    func accept(
        manifest pages: [ContentChunk],
        in space: String
    ) async throws -> (content: ContentReference, manifest: ContentManifest) {
        let absent = try await chunks.missing(pages.map(\.id), in: space)
        guard absent.isEmpty else { throw ContentError.chunksMissing(count: absent.count) }
        var content = ContentReference(space: space, manifest: pages, files: 0, size: 0)
        let manifest = try await manifest(content, owner: "")
        let missing = try await chunks.missing(Array(Set(manifest.chunks.map(\.id))), in: space)
        guard missing.isEmpty else { throw ContentError.chunksMissing(count: missing.count) }
        (content.files, content.size) = (manifest.fileCount, manifest.size)
        return (content, manifest)
    }

    /// Keeps a list of files that was made here.
    func keep(_ manifest: ContentManifest, in space: String) async throws -> ContentReference {
        var pages: [ContentChunk] = []
        for page in ManifestPages.split(manifest) {
            pages.append(page.chunk)
            try await chunks.put(page.chunk.id, page.stored, in: space)
        }
        return ContentReference(space: space, manifest: pages, files: manifest.fileCount, size: manifest.size)
    }
}
