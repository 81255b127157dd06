import Crypto
import Foundation
import Logging
import RoostModel
import RoostStore
import RoostTesting
import Testing

@testable import RoostServer

@Suite("A store and its sealing key")
struct SealedStoreTests {
    private struct Killed: Error {}
    private static let vault = VaultID(UUID())

    private var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    private func withFolder(_ body: (ServerConfiguration) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var configuration = ServerConfiguration()
        configuration.data = folder.path
        try await body(configuration)
    }

    private func open(_ configuration: ServerConfiguration) async throws -> SealedStore {
        try await SealedStore.open(configuration, environment: [:], logger: quiet)
    }

    private func secret(_ number: Int) -> SecretVersion {
        SecretVersion(
            vault: Self.vault,
            name: "secret-\(number)",
            version: String(repeating: "a", count: 32),
            createdAt: Date(timeIntervalSinceReferenceDate: 0),
            updatedAt: Date(timeIntervalSinceReferenceDate: 0)
        )
    }

    /// A connection as an earlier release wrote it: sealed without naming key or place.
    private func earlierConnection(_ sealer: AESSealer) throws -> TaskConnection {
        var connection = TaskConnection(
            id: UUID(),
            project: UUID(),
            name: "c",
            type: "generic",
            url: "https://x",
            description: "",
            scheme: "Token",
            data: [:],
            sealed: Data(),
            parameterNames: ["apitoken"],
            createdAt: Date(timeIntervalSinceReferenceDate: 0),
            createdBy: "x"
        )
        let box = try AES.GCM.seal(
            Data(#"{"apitoken":"old"}"#.utf8),
            using: sealer.keys.current.key,
            authenticating: Data(connection.place.utf8)
        )
        connection.sealed = try #require(box.combined)
        return connection
    }

    private func fill(_ sealed: SealedStore, _ configuration: ServerConfiguration) async throws -> UUID {
        let connection = try earlierConnection(sealed.sealer)
        var file = SecureFile(
            id: UUID(),
            project: UUID(),
            name: "f",
            size: 3,
            chunks: [],
            createdAt: Date(timeIntervalSinceReferenceDate: 0),
            createdBy: "x"
        )
        let chunks = FolderChunkStore(path: "\(configuration.data)/content")
        file.chunks = try await SecureFile.keep(
            sealed.sealer.seal(Data("abc".utf8).base64EncodedString(), for: file.place),
            in: chunks
        )
        try await sealed.store.submit(
            (1...20).map { .addSecret(secret($0), value: Secret("value \($0)")) } + [
                .putSetting(name: connection.settingName, value: try JSONEncoder().encode(connection)),
                .putSetting(name: file.settingName, value: try JSONEncoder().encode(file)),
            ]
        ).durable()
        return file.id
    }

    @Test("the key is changed, also when the change was ended in the middle; then the old key is gone")
    func rotation() async throws {
        try await withFolder { configuration in
            let first = try await open(configuration)
            let old = first.sealer.keys.current.id
            _ = try await fill(first, configuration)
            let path = "\(configuration.data)/seal.key"
            await #expect(throws: Killed.self) {
                let count = Steps(5)
                _ = try await first.rotated(batch: 3) { if await count.isOver() { throw Killed() } }
            }
            let between = try SealingKeys(.file(path), isFirstStart: false)
            #expect(between.generations.count == 2 && between.generations.last?.id == old)
            // What a server that starts now does.
            let done = try await open(configuration).finished()
            await done.store.close()
            let after = try SealingKeys(.file(path), isFirstStart: false)
            #expect(after.generations.map(\.id) == [between.current.id] && after.current.id != old)
            try await check(configuration)
        }
    }

    private actor Steps {
        private var left: Int
        init(_ left: Int) { self.left = left }
        func isOver() -> Bool {
            left -= 1
            return left < 0
        }
    }

    private func check(_ configuration: ServerConfiguration) async throws {
        let sealed = try await open(configuration)
        for number in 1...20 {
            #expect(try await sealed.store.secretValue(secret(number))?.exposed == "value \(number)")
        }
        let settings = try await sealed.store.settings(prefix: "")
        let connection = try #require(TaskConnection.all(settings).values.first)
        #expect(try sealed.sealer.open(connection.sealed, for: connection.place).contains("old"))
        #expect(sealed.sealer.isCurrent(connection.sealed))
        let file = try #require(SecureFile.all(settings).values.first)
        let bytes = try await file.sealedBytes(FolderChunkStore(path: "\(configuration.data)/content"))
        #expect(try sealed.sealer.open(bytes, for: file.place) == Data("abc".utf8).base64EncodedString())
        await sealed.store.close()
    }

    @Test("a start with another key, or without one, says what is missing and changes nothing")
    func lost() async throws {
        try await withFolder { configuration in
            let first = try await open(configuration)
            let id = first.sealer.keys.current.id
            await first.store.close()
            let path = "\(configuration.data)/seal.key"
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).away")
            await #expect(throws: SealingKeyError.missing(path: path)) { try await open(configuration) }
            #expect(!FileManager.default.fileExists(atPath: path))
            _ = try SealingKeys(.file(path), isFirstStart: true)
            await #expect(throws: SealingKeyError.lost(path: path, key: id.description)) {
                try await open(configuration)
            }
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: "\(path).away", toPath: path)
            await (try open(configuration)).store.close()
        }
    }
}
