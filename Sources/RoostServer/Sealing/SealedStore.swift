import FoundationEssentials
public import Logging
import RoostContent
import RoostModel
public import RoostStore

/// A store together with the keys that its secrets are sealed with.
///
/// A change of the key goes so: the new key is written before the old one; from then on new secrets are sealed with it. All that is
/// stored is sealed anew. Then the old key is dropped. Ended anywhere, it is taken up at the next start.
public struct SealedStore: Sendable {
    /// Open, used by nobody else.
    public let store: SQLiteStore
    /// With all keys.
    public private(set) var sealer: AESSealer
    private let folder: String
    private let logger: Logger

    /// Opens the store of a data folder.
    ///
    /// - Parameters:
    ///   - configuration: says where the store and its keys are.
    ///   - environment: names the folder of systemd's credentials.
    ///   - logger: is told of migrations and of changes of the key.
    /// - Returns: the store, open.
    /// - Throws: ``SealingKeyError`` when the keys are not those of the store, `StoreError`.
    public static func open(
        _ configuration: ServerConfiguration,
        environment: [String: String],
        logger: Logger = Logger(label: "roost.store")
    ) async throws -> SealedStore {
        let path = "\(configuration.data)/roost.db"
        let source = SealingKeySource.find(configuration, environment: environment)
        let keys = try SealingKeys(source, isFirstStart: !FileManager.default.fileExists(atPath: path))
        return try await open(configuration.data, keys, logger)
    }

    private static func open(_ folder: String, _ keys: SealingKeys, _ logger: Logger) async throws -> SealedStore {
        let sealer = AESSealer(keys: keys)
        let store = try SQLiteStore(path: "\(folder)/roost.db", sealer: sealer, logger: logger)
        do {
            if let marker = try await store.settings(prefix: SealingMarker.name)[SealingMarker.name] {
                try SealingMarker.check(marker, sealer)
            } else {
                let marker = try SealingMarker.make(sealer)
                try await store.submit([.putSetting(name: SealingMarker.name, value: marker)]).durable()
            }
        } catch {
            await store.close()
            throw error
        }
        return SealedStore(store: store, sealer: sealer, folder: folder, logger: logger)
    }

    /// Changes to a new key, or finishes the change that was begun.
    ///
    /// - Parameters:
    ///   - batch: most rows of one transaction.
    ///   - passed: told after each; an error it throws ends the change, which can be taken up later.
    /// - Returns: the store with the new key alone.
    /// - Throws: ``SealingKeyError``, `StoreError`.
    public func rotated(
        batch: Int = 200,
        passed: @Sendable () async throws -> Void = {}
    ) async throws -> SealedStore {
        if sealer.keys.isRotating { return try await finished(batch: batch, passed: passed) }
        let keys: SealingKeys
        do { keys = try sealer.keys.addingGeneration() } catch {
            await store.close()
            throw error
        }
        // The store seals with the keys it was opened with.
        await store.close()
        return try await Self.open(folder, keys, logger).finished(batch: batch, passed: passed)
    }

    /// Seals everything anew when there is more than one key, then drops the older ones.
    public func finished(
        batch: Int = 200,
        passed: @Sendable () async throws -> Void = {}
    ) async throws -> SealedStore {
        guard sealer.keys.isRotating else { return self }
        logger.notice("secrets are sealed anew", metadata: ["key": "\(sealer.keys.current.id)"])
        do {
            try await resealFiles()
            try await store.resealAll(batch: batch, setting: Self.reseal(sealer), passed: passed)
            var done = self
            let keys = try sealer.keys.droppingOldGenerations()
            done.sealer = AESSealer(keys: keys)
            if case .credential(let path) = keys.source {
                logger.notice("the older keys are needed no more; take them out", metadata: ["path": "\(path)"])
            }
            return done
        } catch {
            await store.close()
            throw error
        }
    }

    /// Values of earlier releases do not name their place; those in settings are known here.
    private static func reseal(_ sealer: AESSealer) -> @Sendable (String, Data) throws -> Data? {
        { name, value in
            guard name.hasPrefix(TaskConnection.prefix),
                var connection = try? JSONDecoder().decode(TaskConnection.self, from: value),
                SealedEnvelope(connection.sealed) == nil
            else { return nil }
            connection.sealed = try sealer.seal(
                sealer.open(connection.sealed, for: connection.place),
                for: connection.place
            )
            return try JSONEncoder().encode(connection)
        }
    }

    /// The bytes of secure files are in the chunk store: new chunks first, then the row that names them.
    private func resealFiles() async throws {
        let chunks = FolderChunkStore(path: "\(folder)/content")
        for (name, value) in try await store.settings(prefix: SecureFile.prefix) {
            guard var file = try? JSONDecoder().decode(SecureFile.self, from: value) else { continue }
            let sealed = try await file.sealedBytes(chunks)
            guard !sealer.isCurrent(sealed) else { continue }
            let text = try sealer.open(sealed, for: file.place)
            file.chunks = try await SecureFile.keep(sealer.seal(text, for: file.place), in: chunks)
            let change = StoreChange.putSetting(name: name, value: try JSONEncoder().encode(file))
            try await store.submit([change]).durable()
        }
    }
}
