import Crypto
import RoostContent
import RoostModel
import RoostStore

/// The content of a copy as one store holds it.
struct ImageContent: Sendable {
    let content: ContentReference
    /// For messages.
    let owner: String
    let store: any ChunkStore

    /// The list of files.
    func manifest() async throws -> ContentManifest {
        var text: [UInt8] = []
        for page in content.manifest {
            text += try await ContentReader.chunk(page.id, in: content.space, of: owner, store)
        }
        do throws(ManifestFault) { return try ContentManifest(text: text) } catch { throw ContentError.manifest(error) }
    }

    /// How many chunks are not there.
    func missing(_ manifest: ContentManifest) async throws -> Int {
        try await store.missing(Array(Set(manifest.chunks.map(\.id))), in: content.space).count
    }

    /// Reads all of it back and gives its SHA-256: of the file when it is one file, else of the list of all, with the hash of each.
    ///
    ///     file 644 SHA256 PATH
    ///     folder 755 PATH
    ///     link PATH -> TARGET
    func digest() async throws -> String {
        let manifest = try await manifest()
        var reader = ContentReader(manifest, space: content.space, owner: owner, chunks: store)
        var list = SHA256()
        var only = ""
        for entry in manifest.entries.sorted(by: { $0.path < $1.path }) {
            try Task.checkCancellation()
            let mode = String(entry.mode, radix: 8)
            switch entry.kind {
            case .folder: list.update(data: Array("folder \(mode) \(entry.path)\n".utf8))
            case .link(let target): list.update(data: Array("link \(entry.path) -> \(target)\n".utf8))
            case .file:
                var hash = SHA256()
                try await reader.read(entry) { hash.update(data: $0) }
                only = Self.text(hash.finalize())
                list.update(data: Array("file \(mode) \(only) \(entry.path)\n".utf8))
            }
        }
        return manifest.entries.count == 1 && manifest.entries[0].isFile ? only : Self.text(list.finalize())
    }

    private static func text(_ digest: SHA256.Digest) -> String { ChunkID(bytes: digest)?.description ?? "" }
}
