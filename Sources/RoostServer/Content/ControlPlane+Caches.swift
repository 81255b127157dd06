import FoundationEssentials
public import RoostModel
import RoostStore
public import RoostWire

extension ControlPlane {
    /// The entry that serves a step of a run; it counts as used now.
    public func findCache(_ keys: [CacheKey], run: Run) async throws -> CacheChoice? {
        try Self.check(keys)
        return try await change { state, change in
            let entries = state.caches.of(run.pipeline)
            guard var choice = chooseCache(keys, scopes: CacheScopes(run), among: entries) else { return nil }
            // A row a minute is exact enough for an age of days.
            if change.now.timeIntervalSince(choice.entry.lastUsedAt) > 60 {
                choice.entry.lastUsedAt = change.now
                state.caches.put(choice.entry)
                change.store.append(.putCache(choice.entry))
            }
            return choice
        }
    }

    /// Keeps files whose chunks have been sent under a key of the run's own scope.
    ///
    /// A key is written once: of two writers the first wins, and the second gets the entry of the first.
    ///
    /// - Returns: the entry of the key, and whether it is this one.
    public func saveCache(
        run: Run,
        _ draft: CacheDraftWire,
        by caller: Caller
    ) async throws -> (entry: CacheEntry, isNew: Bool) {
        try Self.check([draft.key])
        let content = try await accept(
            manifest: draft.content.manifest,
            in: ContentReference.space(of: run)
        ).content
        return try await change { state, change throws(ControlError) in
            let scope = CacheScopes(run).own
            guard state.pipelines[run.pipeline] != nil else { throw .pipelineNotFound(run.pipelineName) }
            let known = state.caches.of(run.pipeline).first { $0.scope == scope && $0.key == draft.key }
            if let known { return (known, false) }
            state.counters.cache += 1
            let entry = CacheEntry(
                id: CacheID(state.counters.cache),
                project: run.project,
                pipeline: run.pipeline,
                scope: scope,
                key: draft.key,
                content: content,
                run: run.id,
                createdAt: change.now,
                lastUsedAt: change.now
            )
            state.caches.put(entry)
            change.store.append(.putCache(entry))
            return (entry, true)
        }
    }

    /// An entry that a run may read.
    ///
    /// - Throws: ``ContentError/cacheNotFound(_:)``, ``ContentError/notReadable(what:reason:advice:)`` for another pipeline's or a less trusted branch's.
    func cache(_ id: CacheID, readableBy run: Run) throws -> CacheEntry {
        guard let entry = read({ $0.caches.entries[id] }), entry.project == run.project else {
            throw ContentError.cacheNotFound(id.rawValue)
        }
        let what = "the cache entry '\(entry.key)' of \(entry.scope)"
        guard entry.pipeline == run.pipeline else {
            throw ContentError.notReadable(
                what: what,
                reason: "it belongs to another pipeline",
                advice: "Each pipeline has a cache of its own."
            )
        }
        guard CacheScopes(run).readable.contains(entry.scope) else {
            throw ContentError.notReadable(
                what: what,
                reason: "runs of \(run.sourceBranch) read \(CacheScopes(run).readable.joined(separator: ", ")) only",
                advice: "What a pull request or a fork keeps is for its own runs."
            )
        }
        return entry
    }

    /// Entries of the cache, newest first.
    public func caches(project: ProjectID?, pipeline: PipelineID?) -> [CacheEntry] {
        read { state in
            state.caches.entries.values.filter { entry in
                (project == nil || entry.project == project) && (pipeline == nil || entry.pipeline == pipeline)
            }.sorted { $0.id > $1.id }
        }
    }

    /// Removes an entry.
    public func deleteCache(_ id: CacheID, by caller: Caller) async throws {
        guard read({ $0.caches.entries[id] }) != nil else { throw ContentError.cacheNotFound(id.rawValue) }
        try await change { state, change in
            guard let entry = state.caches.entries[id] else { return }
            state.caches.remove(id)
            change.store.append(.deleteCache(id))
            change.audit(caller, "cache.delete", "pipeline:\(entry.pipeline)", "\(entry.scope) \(entry.key)")
        }
    }

    private static func check(_ keys: [CacheKey]) throws(ControlError) {
        let isFine =
            !keys.isEmpty && keys.count <= 100
            && keys.allSatisfy { key in
                !key.segments.isEmpty && key.segments.allSatisfy { !$0.isEmpty } && key.description.utf8.count <= 4096
            }
        guard !isFine else { return }
        throw .invalid(
            what: "The key of the cache",
            problem: "it has no parts, an empty part, or more than 4096 bytes",
            advice: "Write it as 'name | \"$(Agent.OS)\" | package-lock.json'."
        )
    }
}
