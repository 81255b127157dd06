import RoostModel

/// The entries of the cache: the part of ``ControlState`` about them.
struct CacheState: Sendable {
    private(set) var entries: [CacheID: CacheEntry] = [:]
    private var byPipeline: [PipelineID: Set<CacheID>] = [:]

    init() {}

    init(_ stored: [CacheEntry]) { for entry in stored { put(entry) } }

    mutating func put(_ entry: CacheEntry) {
        entries[entry.id] = entry
        byPipeline[entry.pipeline, default: []].insert(entry.id)
    }

    mutating func remove(_ id: CacheID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        byPipeline[entry.pipeline]?.remove(id)
    }

    /// Of a pipeline, in no order.
    func of(_ pipeline: PipelineID) -> [CacheEntry] { (byPipeline[pipeline] ?? []).compactMap { entries[$0] } }
}
