import CRoostLinux
public import Foundation

/// Layers of root file systems, by what decides their content.
///
/// ```
/// layers/ID/tree          the files; ID is the begin of the layer's identity
/// layers/ID/layer.json    its record; the time of its change is that of the last use
/// keys/KEY                the identity of the layer that a key stands for now
/// work/BUILD/             what a build is making
/// ledger/BUILD.json       what a build may leave behind, locked while it runs
/// ```
/// A layer appears whole or not at all. A build holds the file `lock` with others; who removes layers holds it alone.
public struct LayerCache: Sendable {
    /// Absolute.
    public let folder: String

    /// Opens one, made if need be; a relative path begins in the working folder.
    ///
    /// - Throws: ``LayerCacheFailure/folder(path:reason:)``.
    public init(_ folder: String) throws(LayerCacheFailure) {
        let folder = folder.hasPrefix("/") ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
        self.folder = folder
        for name in ["layers", "keys", "work", "ledger", SandboxPlan.nothing] {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)",
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch { throw .folder(path: folder, reason: "\(folder)/\(name) cannot be made") }
        }
        guard access(folder, R_OK | W_OK | X_OK) == 0 else {
            throw .folder(path: folder, reason: SandboxFailure.text(errno))
        }
    }

    /// Where it is when nobody says: below `$XDG_CACHE_HOME`, or `~/.cache`.
    public static func standardFolder(_ environment: [String: String]) -> String {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.cache"
        return "\(cache)/roost/image-layers"
    }

    /// The layer of a key; its use is noted.
    func layer(_ key: LayerKey) -> LayerRecord? {
        guard let text = try? String(contentsOfFile: "\(folder)/keys/\(key.digest)", encoding: .utf8),
            let identity = LayerIdentity(digest: text), let record = record(identity.folder),
            record.identity == identity.digest
        else { return nil }
        _ = utimensat(AT_FDCWD, "\(folder)/layers/\(identity.folder)/layer.json", nil, 0)
        return record
    }

    private func record(_ name: String) -> LayerRecord? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/layers/\(name)/layer.json") else { return nil }
        return try? JSONDecoder().decode(LayerRecord.self, from: data)
    }

    /// Keeps what is in the folder `tree` of a place in this cache as a layer.
    ///
    /// - Throws: ``LayerCacheFailure/folder(path:reason:)``.
    func keep(_ place: String, as record: LayerRecord) throws(LayerCacheFailure) {
        guard let identity = LayerIdentity(digest: record.identity) else {
            throw .folder(path: folder, reason: "a layer has no identity")
        }
        try write(record, to: "\(place)/layer.json")
        let target = "\(folder)/layers/\(identity.folder)"
        // Whoever made the same meanwhile made it well: the work of this one is dropped with its work folder.
        if rename(place, target) != 0 {
            guard errno == EEXIST || errno == ENOTEMPTY else {
                throw .folder(path: folder, reason: SandboxFailure.text(errno))
            }
        }
        let key = "\(folder)/keys/\(record.key)"
        let staged = "\(key).\(identity.folder)"
        do { try Data(record.identity.utf8).write(to: URL(filePath: staged)) } catch {
            throw .folder(path: folder, reason: "\(staged) cannot be written")
        }
        guard rename(staged, key) == 0 else { throw .folder(path: folder, reason: SandboxFailure.text(errno)) }
    }

    /// Writes the record once everything else of the layer is on the disk.
    private func write(_ record: LayerRecord, to path: String) throws(LayerCacheFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0, let data = try? JSONEncoder().encode(record) else {
            throw .folder(path: folder, reason: SandboxFailure.text(errno))
        }
        defer { close(descriptor) }
        let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == data.count, roost_sync_file_system(descriptor) == 0 else {
            throw .folder(path: folder, reason: SandboxFailure.text(errno))
        }
    }

    // MARK: All of them

    /// All layers, those that were used last first.
    public func layers() async throws -> [StoredLayer] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/layers")) ?? []
        let sizes = try await sizes(names.sorted())
        return names.compactMap { name in
            guard let record = record(name) else { return nil }
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/layers/\(name)/layer.json")
            let used = attributes?[.modificationDate] as? Date ?? record.made
            return StoredLayer(record: record, bytes: sizes[name] ?? 0, used: used)
        }.sorted { $0.used > $1.used }
    }

    /// Removes what is above the limits, and what unfinished builds left.
    ///
    /// - Returns: the layers that are gone.
    /// - Throws: ``LayerCacheFailure/inUse(path:)`` while a build uses the cache.
    public func prune(_ limits: LayerLimits, at now: Date) async throws -> [StoredLayer] {
        guard let lock = FileLock("\(folder)/lock", isShared: false) else {
            throw LayerCacheFailure.inUse(path: folder)
        }
        defer { withExtendedLifetime(lock) {} }
        try await sweep()
        let gone = limits.excess(try await layers(), at: now)
        for layer in gone {
            let key = "\(folder)/keys/\(layer.record.key)"
            if (try? String(contentsOfFile: key, encoding: .utf8)) == layer.record.identity { unlink(key) }
        }
        try await remove(gone.compactMap { LayerIdentity(digest: $0.record.identity) }.map { "layers/\($0.folder)" })
        return gone
    }

    /// Puts layers aside that nothing stands for: those of other keys than these, which nobody used since a moment.
    ///
    /// - Parameters:
    ///   - kept: keys of layers that stay.
    ///   - moment: of the last use.
    ///   - folder: on the same file system; gets their folders under new names.
    func putAside(keeping kept: Set<String>, unusedSince moment: Date, in folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(self.folder)/layers")) ?? [] {
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: "\(self.folder)/layers/\(name)/layer.json"
            )
            guard let record = record(name), !kept.contains(record.key),
                let used = attributes?[.modificationDate] as? Date, used < moment
            else { continue }
            let key = "\(self.folder)/keys/\(record.key)"
            if (try? String(contentsOfFile: key, encoding: .utf8)) == record.identity { unlink(key) }
            rename("\(self.folder)/layers/\(name)", "\(folder)/\(UUID().uuidString)")
        }
    }

    /// Bytes of layers on the disk, by their folders' names.
    private func sizes(_ names: [String]) async throws -> [String: Int] {
        guard !names.isEmpty else { return [:] }
        let text = try await MachineTool("du", ["-sk", "--"] + names.map { "layers/\($0)" }).text(in: folder)
        var sizes: [String: Int] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2, let size = Int(parts[0]) else { continue }
            sizes[String(parts[1].dropFirst("layers/".count))] = size * 1024
        }
        return sizes
    }

    /// Removes folders of this cache, whoever their files belong to.
    func remove(_ places: [String]) async throws {
        for start in stride(from: 0, to: places.count, by: 500) {
            let part = places[start..<min(places.count, start + 500)]
            try await MachineTool("rm", ["-rf", "--"] + part).run(in: folder)
        }
    }
}
