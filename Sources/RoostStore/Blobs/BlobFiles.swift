import Synchronization

/// The blobs in use, one object for each key, with a bounded number of open files.
///
/// A blob is pinned while something is done with it and while a follower waits for it. When there are too many, those that were
/// used longest ago go first: unpinned ones are forgotten, pinned ones only close their file.
final class BlobFiles: Sendable {
    private struct Entry {
        let file: BlobFile
        var pins: Int
        var lastUse: Int
    }

    private struct State {
        var entries: [BlobKey: Entry] = [:]
        var uses = 0
        /// The use at which the entries were last looked through.
        var lastSweep = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let path: @Sendable (BlobKey) -> String

    /// An empty set.
    ///
    /// - Parameters:
    ///   - limit: most files kept open; those in the middle of an operation may exceed it.
    ///   - path: where the file of a key is.
    init(limit: Int, path: @escaping @Sendable (BlobKey) -> String) {
        self.limit = max(limit, 4)
        self.path = path
    }

    /// The blob of a key; ``unpin(_:)`` must follow.
    func pin(_ key: BlobKey) -> BlobFile {
        state.withLock { state in
            state.uses += 1
            var entry = state.entries[key] ?? Entry(file: BlobFile(path: path(key)), pins: 0, lastUse: 0)
            entry.pins += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            sweep(&state)
            return entry.file
        }
    }

    func unpin(_ key: BlobKey) {
        state.withLock { state in
            guard var entry = state.entries[key] else { return }
            entry.pins -= 1
            state.entries[key] = entry.pins == 0 && entry.file.isForgettable ? nil : entry
        }
    }

    /// Does something with a blob.
    func with<Value>(_ key: BlobKey, _ body: (BlobFile) throws(StoreError) -> Value) throws(StoreError) -> Value {
        let file = pin(key)
        defer { unpin(key) }
        return try body(file)
    }

    /// The blobs in use whose key begins with `prefix/`.
    func under(_ prefix: BlobKey) -> [BlobFile] {
        let start = prefix.description + "/"
        return state.withLock { state in
            state.entries.filter { $0.key.description.hasPrefix(start) }.map(\.value.file)
        }
    }

    /// Looks through the entries only every so many uses, because followers may keep more than the limit pinned for long.
    private func sweep(_ state: inout State) {
        guard state.entries.count > limit, state.uses - state.lastSweep >= limit / 4 else { return }
        state.lastSweep = state.uses
        let byAge = state.entries.sorted { $0.value.lastUse < $1.value.lastUse }
        for (key, entry) in byAge.prefix(state.entries.count - limit * 3 / 4) {
            if entry.pins == 0 { state.entries[key] = nil } else { entry.file.closeIfIdle() }
        }
    }
}
