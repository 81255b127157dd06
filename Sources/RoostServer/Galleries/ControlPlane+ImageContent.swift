import FoundationEssentials
import Logging
import RoostContent
import RoostModel
import RoostStore

extension ControlPlane {
    /// Which chunks an upload into a gallery would have to send.
    func missingImageChunks(_ wanted: [ChunkID], in gallery: Gallery, region: String) async throws -> [ChunkID] {
        try await arrival(region).missing(wanted, in: gallery.space)
    }

    /// Takes a chunk in its stored form, whose hash must be its name.
    func putImageChunk(_ chunk: ChunkID, _ stored: [UInt8], in gallery: Gallery, region: String) async throws {
        do throws(ChunkFault) { _ = try ChunkCodec.decode(stored, of: chunk) } catch {
            throw ContentError.chunk(error, owner: "")
        }
        try await arrival(region).put(chunk, stored, in: gallery.space)
    }

    private func arrival(_ region: String) throws -> FolderChunkStore {
        do throws(GalleryError) { return try imageRegions.store(ReplicaKey(region.lowercased(), 1)) } catch {
            throw ControlError.gallery(error)
        }
    }

    /// A chunk of a version, from a good copy in a region, else from any other.
    ///
    /// - Parameters:
    ///   - chunk: must be one of the version's.
    ///   - version: what it is part of.
    ///   - region: where to look first; nil is the version's own.
    ///   - isSuspect: it came with another hash before: each copy is checked.
    /// - Returns: the stored form.
    /// - Throws: ``ContentError/chunk(_:owner:)`` when no copy has it.
    func imageChunk(
        _ chunk: ChunkID,
        of version: ImageVersion,
        region: String?,
        isSuspect: Bool
    ) async throws -> [UInt8] {
        let owner = version.key.description
        let known = try await contentIndex.chunks(of: version.content) { try await imageManifest(of: version) }
        guard known.contains(chunk) else { throw RequestProblem.notFound(what: "piece \(chunk) of \(owner)") }
        for store in try goodStores(of: version, region: region) {
            guard let stored = try await store.read(chunk, in: version.content.space) else { continue }
            if isSuspect, (try? ChunkCodec.decode(stored, of: chunk)) == nil { continue }
            return stored
        }
        throw ContentError.chunk(.missing(chunk), owner: owner)
    }

    /// The list of files, from the first copy that can be read.
    func imageManifest(of version: ImageVersion) async throws -> ContentManifest {
        let owner = version.key.description
        var failure: any Error = GalleryError.notUsable(version.key, .notInRegion(version.location))
        for store in try goodStores(of: version, region: nil) {
            do { return try await ImageContent(content: version.content, owner: owner, store: store).manifest() } catch
            {
                failure = error
            }
        }
        throw failure
    }

    func goodStores(of version: ImageVersion, region: String?) throws -> [FolderChunkStore] {
        let good = version.replicas.filter { $0.state == .completed }.map(\.key)
        let wanted = region?.lowercased() ?? version.location
        let ordered = good.filter { $0.region == wanted } + good.filter { $0.region != wanted }
        // A region that the configuration no longer names has nothing to give.
        return ordered.compactMap { try? imageRegions.store($0) }
    }

    // MARK: Sweeping

    /// Removes chunks of the regions that no version needs any more, in copies that nobody wants any more too.
    func keepImages(usedBefore limit: Date) async throws -> ChunkSweep {
        var total = ChunkSweep()
        for replica in imageRegions.present {
            let store = try imageRegions.store(replica)
            for space in try await store.spaces() {
                guard let kept = await imageChunks(in: space, of: replica) else { continue }
                let sweep = try await store.sweep(space, keeping: kept, usedBefore: limit)
                total.removed += sweep.removed
                total.freed += sweep.freed
                total.left += sweep.left
            }
        }
        return total
    }

    /// What a copy must keep; nil when that cannot be known now, so that nothing may go.
    private func imageChunks(in space: String, of replica: ReplicaKey) async -> Set<ChunkID>? {
        let versions = read { state in
            state.images.allVersions.filter { version in
                version.content.space == space && version.replicas.contains { $0.key == replica }
            }
        }
        var kept: Set<ChunkID> = []
        for version in versions {
            do { kept.formUnion(try await imageManifest(ofAny: version).chunks.map(\.id)) } catch {
                logger.warning(
                    "the content of an image cannot be read",
                    metadata: ["image": "\(version.key)", "error": "\(error)"]
                )
                return nil
            }
            kept.formUnion(version.content.manifest.map(\.id))
        }
        return kept
    }

    /// Also of a version that no copy is verified of yet.
    private func imageManifest(ofAny version: ImageVersion) async throws -> ContentManifest {
        if version.replicas.contains(where: { $0.state == .completed }) {
            return try await imageManifest(of: version)
        }
        let arrival = version.seeds.first ?? ReplicaKey(version.location, 1)
        let store = try imageRegions.store(arrival)
        return try await ImageContent(content: version.content, owner: version.key.description, store: store).manifest()
    }
}
