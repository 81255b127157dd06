import FoundationEssentials
import RoostModel
import Testing

@testable import RoostStore

@Suite("Sealing all secrets anew")
struct SealingSweepTests {
    /// Seals with one byte and opens with several.
    private struct ByteSealer: SecretSealer {
        struct WrongKey: Error {}
        var keys: [UInt8]

        func seal(_ secret: String, for place: String) throws -> Data {
            Data([keys[0]] + "\(place)\n\(secret)".utf8.map { $0 ^ keys[0] })
        }

        func open(_ sealed: Data, for place: String) throws -> String {
            guard let key = sealed.first, keys.contains(key) else { throw WrongKey() }
            let text = String(decoding: sealed.dropFirst().map { $0 ^ key }, as: UTF8.self)
            guard text.hasPrefix("\(place)\n") else { throw WrongKey() }
            return String(text.dropFirst(place.count + 1))
        }

        /// Values in texts are whole texts here.
        func reseal(_ text: String) throws -> String? {
            guard let sealed = Data(base64Encoded: text), let key = sealed.first, key != keys[0], keys.contains(key)
            else { return nil }
            let parts = String(decoding: sealed.dropFirst().map { $0 ^ key }, as: UTF8.self).split(
                separator: "\n",
                maxSplits: 1
            )
            return try seal(String(parts[1]), for: String(parts[0])).base64EncodedString()
        }
    }

    private struct Killed: Error {}

    @Test("is complete however often it was ended; with the new key alone all is there")
    func sweep() async throws {
        try await withScratchFolder { folder in
            func open(_ keys: UInt8...) throws -> SQLiteStore {
                try SQLiteStore(path: "\(folder)/s", sealer: ByteSealer(keys: keys), logger: .silent)
            }
            let secret = Sample.secret("db", 2)
            let sealed = try ByteSealer(keys: [0x11]).seal("hush", for: "setting").base64EncodedString()
            let old = try open(0x11)
            try await old.submit(
                SQLiteStoreTests.everything + [
                    .addSecret(secret, value: Secret("s3cret")),
                    .addSecret(Sample.secret("db", 3), value: Secret("s3cret 3")),
                    .putSetting(name: "sealed", value: Data(sealed.utf8)),
                ]
            ).durable()
            let before = try await old.load()
            await old.close()
            var batches = 0
            for limit in 1...30 {
                let both = try open(0x22, 0x11)
                let count = Counter()
                do {
                    try await both.resealAll(
                        batch: 1,
                        passed: { if await count.add() == limit { throw Killed() } }
                    )
                    batches = limit
                } catch is Killed {}
                await both.close()
                if batches > 0 { break }
            }
            #expect(batches > 9)
            let new = try open(0x22)
            var expected = before
            expected.settings["sealed"] = nil
            var after = try await new.load()
            let setting = String(decoding: after.settings.removeValue(forKey: "sealed") ?? Data(), as: UTF8.self)
            #expect(after == expected)
            let opened = try ByteSealer(keys: [0x22]).open(Data(base64Encoded: setting) ?? Data(), for: "setting")
            #expect(opened == "hush")
            #expect(try await new.secretValue(secret)?.exposed == "s3cret")
            #expect(try await new.secretVersion(secret.key, nil) == Sample.secret("db", 3))
            await new.close()
        }
    }

    private actor Counter {
        private var count = 0
        func add() -> Int {
            count += 1
            return count
        }
    }
}
