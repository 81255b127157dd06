import Hummingbird
import RoostContent
import RoostModel
import RoostWire

/// The cache: looked through and added to by jobs, listed and cleared by people.
func addCacheRoutes(to table: RouteTable) {
    let caches = "roost/runs/{buildId}/caches"
    let job = RouteAccess.job(.ownRun)

    table.post("\(caches)/find", access: job) { call in
        let wanted = try await call.decode(CacheQueryWire.self)
        let own = try await call.run().run
        guard let choice = try await call.plane.findCache(wanted.keys, run: own) else { return call.nothing }
        return try call.answer(CacheEntryWire(choice.entry, isExact: choice.isExact))
    }
    table.post(caches, access: job) { call in
        let draft = try await call.decode(CacheDraftWire.self)
        let own = try await call.run().run
        let (entry, isNew) = try await call.plane.saveCache(run: own, draft, by: call.caller)
        return try call.answer(CacheEntryWire(entry, isNew: isNew))
    }
    table.get("\(caches)/{cacheId}/{chunkId}", access: job) { call in
        let chunk = try call.chunk()
        let own = try await call.run().run
        let entry = try call.plane.cache(CacheID(call.number("cacheId")), readableBy: own)
        do {
            let stored = try await call.plane.chunk(
                chunk,
                of: entry.content,
                owner: "the cache entry '\(entry.key)'",
                isSuspect: call.query.flag("suspect")
            )
            return call.bytes(stored, type: "application/octet-stream")
        } catch let error as ContentError {
            // A key is written once: an entry that can no longer be read must not keep others from writing it.
            try await call.plane.deleteCache(entry.id, by: .system)
            throw error
        }
    }
    table.get("roost/caches", .service(.optional), access: .scope(.build)) { call in
        let pipeline = try call.query.number("pipeline").map { PipelineID($0) }
        let entries = try call.plane.caches(project: call.project()?.id, pipeline: pipeline)
        return try call.list(
            entries.map { entry in
                CacheEntryWire(entry, pipelineName: try? call.plane.pipeline(entry.pipeline).name)
            }
        )
    }
    table.delete("roost/caches/{cacheId}", access: .scope(.buildExecute)) { call in
        try await call.plane.deleteCache(CacheID(call.number("cacheId")), by: call.caller)
        return call.nothing
    }
}
