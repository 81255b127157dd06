public import FoundationEssentials
import Logging
import RoostContent
import RoostModel
public import RoostStore

extension ControlPlane {
    /// Evicts cache entries whose time is over or for which there is no room, then removes chunks that nothing refers to any more.
    ///
    /// - Parameters:
    ///   - now: the present.
    ///   - grace: chunks put, or found not missing, more lately than this stay: an upload may be on its way to refer to them.
    /// - Returns: what was removed.
    /// - Throws: `StoreError`, ``ControlError``; what was removed before stays so.
    @discardableResult
    public func keepContent(at now: Date = Date(), grace: Duration = .seconds(86_400)) async throws -> ChunkSweep {
        try await evictCaches(at: now)
        let limit = now - grace.seconds
        var total = ChunkSweep()
        for space in try await chunks.spaces() {
            let kept = try await referredChunks(in: space)
            let sweep = try await chunks.sweep(space, keeping: kept, usedBefore: limit)
            total.removed += sweep.removed
            total.freed += sweep.freed
            total.left += sweep.left
        }
        let images = try await keepImages(usedBefore: limit)
        total.removed += images.removed
        total.freed += images.freed
        total.left += images.left
        if total.removed > 0 {
            logger.info(
                "content that nothing refers to was removed",
                metadata: ["chunks": "\(total.removed)", "bytes": "\(total.freed)", "left": "\(total.left)"]
            )
        }
        return total
    }

    private func evictCaches(at now: Date) async throws {
        let evictions = try await change { [settings] state, change in
            let plan = planCacheEviction(
                Array(state.caches.entries.values),
                keep: settings.cacheRetention,
                limit: settings.cacheLimit,
                at: now
            )
            for eviction in plan {
                state.caches.remove(eviction.entry)
                change.store.append(.deleteCache(eviction.entry))
            }
            return plan
        }
        for eviction in evictions {
            logger.info(
                "a cache entry was evicted",
                metadata: ["cache": "\(eviction.entry)", "reason": "\(eviction.reason)"]
            )
        }
    }

    /// The chunks of all artifacts and cache entries of a space.
    ///
    /// A list of files that is damaged refers to nothing any more; one that cannot be read now ends the sweep.
    private func referredChunks(in space: String) async throws -> Set<ChunkID> {
        let contents = try await store.artifactContents() + read { $0.caches.entries.values.map(\.content) }
        var kept: Set<ChunkID> = []
        for content in Set(contents) where content.space == space {
            for page in content.manifest { kept.insert(page.id) }
            do {
                for chunk in try await manifest(content, owner: "").chunks { kept.insert(chunk.id) }
            } catch let error as ContentError {
                logger.warning(
                    "a list of files is damaged",
                    metadata: ["space": "\(space)", "error": "\(error.summary)"]
                )
            }
        }
        return kept.union(read { $0.ownChunks(of: space) })
    }
}
