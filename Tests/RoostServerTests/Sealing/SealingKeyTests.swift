import Crypto
import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostServer

@Suite("Sealing keys")
struct SealingKeyTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await body(folder.path)
    }

    @Test("a value names its key and its place, and opens nowhere else")
    func envelope() async throws {
        try await withFolder { folder in
            let sealer = try AESSealer(keyFile: "\(folder)/key")
            let sealed = try sealer.seal("hush", for: "a/b")
            #expect(SealedEnvelope(sealed)?.key == sealer.keys.current.id)
            #expect(try sealer.open(sealed, for: "a/b") == "hush")
            #expect(throws: SealingKeyError.self) { try sealer.open(sealed, for: "a/c") }
            let other = try AESSealer(keyFile: "\(folder)/other")
            #expect(throws: SealingKeyError.self) { try other.open(sealed, for: "a/b") }
            for index in [4, 13, 15, sealed.count - 1] {
                var bent = sealed
                bent[index] ^= 1
                #expect(throws: SealingKeyError.self) { try sealer.open(bent, for: "a/b") }
            }
        }
    }

    @Test("a value and a key of an earlier release are read")
    func earlier() async throws {
        try await withFolder { folder in
            let bytes = Data((0..<32).map { UInt8($0) })
            #expect(
                FileManager.default.createFile(
                    atPath: "\(folder)/key",
                    contents: bytes,
                    attributes: [.posixPermissions: 0o600]
                )
            )
            let box = try AES.GCM.seal(
                Data("old".utf8),
                using: SymmetricKey(data: bytes),
                authenticating: Data("place".utf8)
            )
            let sealer = try AESSealer(keyFile: "\(folder)/key")
            let sealed = try #require(box.combined)
            #expect(try sealer.open(sealed, for: "place") == "old")
            let rotating = AESSealer(keys: try sealer.keys.addingGeneration())
            #expect(try rotating.open(sealed, for: "place") == "old")
            #expect(try SealingKeys(.file("\(folder)/key"), isFirstStart: false).generations.count == 2)
        }
    }

    @Test("a text is sealed anew value by value, and nothing else of it changes")
    func texts() async throws {
        try await withFolder { folder in
            let old = try AESSealer(keyFile: "\(folder)/key")
            let new = AESSealer(keys: try old.keys.addingGeneration())
            let value = try old.seal("hush", for: "p").base64EncodedString()
            let escaped = value.replacing("/", with: "\\/")
            let text = #"{"a":"\#(value)","b":["\#(escaped)","UlNLMjunk"],"c":"ö"}"#
            let changed = try #require(try new.reseal(text))
            #expect(changed.hasSuffix(#","UlNLMjunk"],"c":"ö"}"#) && changed.hasPrefix(#"{"a":"UlNLM"#))
            #expect(!changed.contains(value) && !changed.contains(escaped))
            let found = try #require(JSONSerialization.jsonObject(with: Data(changed.utf8)) as? [String: Any])
            let again = try #require(found["a"] as? String)
            let sealed = try #require(Data(base64Encoded: again))
            #expect(try new.open(sealed, for: "p") == "hush" && new.isCurrent(sealed))
            #expect(try new.reseal(changed) == nil)
        }
    }

    @Test("a key that is missing, damaged or open to others is refused, each with its own words")
    func refusals() async throws {
        try await withFolder { folder in
            let path = "\(folder)/key"
            func problem(firstStart: Bool = false) -> SealingKeyError? {
                do throws(SealingKeyError) {
                    _ = try SealingKeys(.file(path), isFirstStart: firstStart)
                    return nil
                } catch { return error }
            }
            #expect(problem() == .missing(path: path))
            #expect(problem(firstStart: true) == nil)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(problem() == .exposed(path: path, mode: "640"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            try Data("# keys\nnonsense\n".utf8).write(to: URL(filePath: path))
            #expect(problem() == .malformed(path: path, line: 2))
        }
    }

    @Test("the path that is configured comes before a credential, and that before the file beside the store")
    func sources() async throws {
        try await withFolder { folder in
            var configuration = ServerConfiguration()
            configuration.data = folder
            func find(_ environment: [String: String] = [:]) -> SealingKeySource {
                SealingKeySource.find(configuration, environment: environment)
            }
            #expect(find() == .file("\(folder)/seal.key"))
            #expect(find(["CREDENTIALS_DIRECTORY": folder]) == .file("\(folder)/seal.key"))
            let credential = "\(folder)/roost-sealing-key"
            let line = Data(repeating: 7, count: 32).base64EncodedString()
            try Data(line.utf8).write(to: URL(filePath: credential))
            #expect(find(["CREDENTIALS_DIRECTORY": folder]) == .credential(credential))
            let keys = try SealingKeys(.credential(credential), isFirstStart: true)
            #expect(throws: SealingKeyError.needsNewKey(path: credential)) { try keys.addingGeneration() }
            configuration.sealingKey = "/keys/roost"
            #expect(find(["CREDENTIALS_DIRECTORY": folder]) == .file("/keys/roost"))
        }
    }
}
