import Foundation

/// What one build may leave behind, written down before it is made.
///
/// The file is locked as long as the build lives, so another can tell what nobody will clean up any more.
final class BuildLedger: Sendable {
    let build: String
    private let cache: LayerCache
    private let lock: FileLock

    struct Record: Codable {
        /// Outside the cache.
        var paths: [String]
    }

    /// Begins one, with the folder `work/BUILD` of the cache.
    ///
    /// - Throws: ``LayerCacheFailure/folder(path:reason:)``.
    init(_ build: String, in cache: LayerCache) throws(LayerCacheFailure) {
        self.build = build
        self.cache = cache
        // A sweep must not find the lock before it is held.
        let door = FileLock(cache.ledgerDoor, isShared: false, waits: true)
        defer { withExtendedLifetime(door) {} }
        guard let lock = FileLock(Self.lockPath(build, cache), isShared: false) else {
            throw .folder(path: cache.folder, reason: "a build has the name \(build) already")
        }
        self.lock = lock
        do {
            try Self.write(Record(paths: []), build, cache)
            try FileManager.default.createDirectory(
                atPath: "\(cache.folder)/work/\(build)",
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch { throw .folder(path: cache.folder, reason: "work/\(build) cannot be made") }
    }

    /// Notes a path outside the cache, which is about to be made.
    func note(_ path: String) throws {
        var record = Self.record(build, cache)
        record.paths.append(path)
        try Self.write(record, build, cache)
    }

    /// Removes what is there still, and the ledger with it.
    func close() async throws { try await Self.clear(build, cache) }

    static func lockPath(_ build: String, _ cache: LayerCache) -> String { "\(cache.folder)/ledger/\(build).lock" }

    private static func path(_ build: String, _ cache: LayerCache) -> String {
        "\(cache.folder)/ledger/\(build).json"
    }

    private static func record(_ build: String, _ cache: LayerCache) -> Record {
        FileManager.default.contents(atPath: path(build, cache)).flatMap {
            try? JSONDecoder().decode(Record.self, from: $0)
        } ?? Record(paths: [])
    }

    private static func write(_ record: Record, _ build: String, _ cache: LayerCache) throws {
        try JSONEncoder().encode(record).write(to: URL(filePath: path(build, cache)), options: .atomic)
    }

    /// Strikes a build off once everything it made is gone.
    static func clear(_ build: String, _ cache: LayerCache) async throws {
        try await cache.remove(["work/\(build)"] + record(build, cache).paths)
        unlink(path(build, cache))
        unlink(lockPath(build, cache))
    }
}

extension LayerCache {
    /// Removes what builds that are no more left behind.
    ///
    /// - Returns: the builds that were cleaned up after.
    @discardableResult
    func sweep() async throws -> [String] {
        let dead = deadBuilds()
        for (build, lock) in dead {
            try await BuildLedger.clear(build, self)
            withExtendedLifetime(lock) {}
        }
        return dead.map(\.build)
    }

    /// Builds whose locks nobody held, with the locks.
    private func deadBuilds() -> [(build: String, lock: FileLock)] {
        let door = FileLock(ledgerDoor, isShared: false, waits: true)
        defer { withExtendedLifetime(door) {} }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/ledger")) ?? []
        return names.sorted().filter { $0.hasSuffix(".lock") }.compactMap { name in
            let build = String(name.dropLast(".lock".count))
            return FileLock(BuildLedger.lockPath(build, self), isShared: false).map { (build, $0) }
        }
    }

    var ledgerDoor: String { "\(folder)/ledger.door" }
}
