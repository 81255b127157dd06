import Crypto
import FoundationEssentials
import Glibc
import Logging
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostAgent

/// What an agent does with packages that are not what they are said to be, whoever changed them.
@Suite("Preparing another version of the agent", .timeLimit(.minutes(2)))
struct AgentUpdaterTests {
    private static let release = AgentRelease(9, 1, 0)

    /// A server with one package, and somebody between it and the agent.
    private struct Ground {
        let root: AgentRoot
        let key = Curve25519.Signing.PrivateKey()
        var archive: [UInt8]
        /// What the server says of it.
        var wire: PackageMetadataWire
        /// It has the package.
        var hasIt = true

        init(_ folder: String) throws {
            root = AgentRoot("\(folder)/agent")
            let package = "\(folder)/package"
            #expect(FileTree.make("\(package)/bin") == 0 && FileTree.make(root.path) == 0)
            let program = "#!/bin/sh\necho 9.1.0\n"
            #expect(SmallFile.write(program, to: "\(package)/bin/roost-agent", mode: 0o755) == 0)
            let path = "\(folder)/package.tar.gz"
            let tar = ["/usr/bin/env", "tar", "-czf", path, "-C", package, "."]
            #expect(try ShortCommand.run(tar).code == 0)
            let file = open(path, O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = read(file, &bytes, bytes.count)
            archive = Array(bytes[..<max(0, count)])
            let hash = SHA256.hash(data: archive).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            wire = PackageMetadataWire(platform: UpdateBlocker.platform, hashValue: hash, size: archive.count)
            wire.signatures = [try signature(release, hash)]
        }

        var publicKey: PackageKeyWire {
            let bytes = key.publicKey.rawRepresentation
            return PackageKeyWire(id: PackageKeyWire.id(of: bytes), publicKey: bytes)
        }

        func signature(
            _ release: AgentRelease,
            _ hash: String,
            platform: String? = UpdateBlocker.platform
        ) throws -> PackageSignatureWire {
            let statement = AgentPackageStatement(
                platform: platform ?? "",
                release: release,
                sha256: hash,
                size: archive.count
            )
            return PackageSignatureWire(keyId: publicKey.id, value: try key.signature(for: statement.bytes))
        }

        /// What comes of preparing it.
        func prepare() async throws -> Result<PreparedUpdate, UpdateFailure> {
            let (archive, package) = (archive, hasIt ? try WireJSON.encode(wire) : Data("null".utf8))
            let keys = try WireJSON.encode(WireList([publicKey]))
            let server = try SocketServer { request in
                if request.path.hasSuffix("/content") { return SocketServer.Answer(body: archive) }
                let json = ["Content-Type: application/json"]
                let body = request.path.hasSuffix("packagekeys") ? keys : package
                return SocketServer.Answer(body: Array(body), headers: json)
            }
            defer { server.close() }
            let client = try RoostClient(
                url: "http://127.0.0.1:\(server.port)",
                credential: .personalToken(Secret("x")),
                options: ClientOptions(userAgent: "test")
            )
            let updater = AgentUpdater(
                root: root,
                client: client,
                environment: ProcessEnvironment.own(),
                logger: Logger(label: "test")
            )
            let result: Result<PreparedUpdate, UpdateFailure>
            do throws(UpdateFailure) { result = .success(try await updater.prepare(release)) } catch {
                result = .failure(error)
            }
            await client.close()
            return result
        }
    }

    private static func with(
        _ change: (inout Ground) throws -> Void
    ) async throws -> (
        Result<PreparedUpdate, UpdateFailure>, left: [String]
    ) {
        try await ScratchFolder.with { folder in
            var ground = try Ground(folder)
            try change(&ground)
            let result = try await ground.prepare()
            return (result, FileTree.names(in: "\(ground.root.path)/_update"))
        }
    }

    @Test("a version that does not come online is not blamed where the server does not answer, and is where it does")
    func excuse() async throws {
        try await ScratchFolder.with { folder in
            let root = AgentRoot(folder)
            let server = try SocketServer { _ in
                SocketServer.Answer(
                    body: Array(#"{"name": "roost"}"#.utf8),
                    headers: ["Content-Type: application/json"]
                )
            }
            try AgentFiles(root: root).write(
                AgentSettings(
                    agentId: 1,
                    agentName: "a",
                    poolId: 1,
                    poolName: "p",
                    serverUrl: "http://127.0.0.1:\(server.port)/",
                    upkeep: "off"
                )
            )
            let excuse = UpdateExcuse(root: root, environment: ProcessEnvironment.own(), logger: Logger(label: "test"))
            #expect(await excuse.reason() == nil)
            server.close()
            let reason = await excuse.reason()
            #expect(reason?.hasPrefix("the server is not reached. ") == true, "\(reason ?? "")")
        }
    }

    @Test("a package that is what it should be lies ready, and nothing else of the folder has changed")
    func good() async throws {
        let (result, left) = try await Self.with { _ in }
        let update = try result.get()
        #expect(update.release == Self.release && update.program.hasSuffix("/_update/9.1.0/bin/roost-agent"))
        #expect(left == ["9.1.0"])
    }

    @Test("bytes that were changed on the way are refused, and nothing of them is left")
    func otherBytes() async throws {
        let (result, left) = try await Self.with { $0.archive[$0.archive.count / 2] ^= 1 }
        guard case .failure(let failure) = result, case .otherBytes = failure else {
            Issue.record("\(result)")
            return
        }
        #expect(failure.fault == .tampered && left.isEmpty)
    }

    @Test(
        "a signature of another version, another platform, another key, or none, is refused before anything is fetched",
        arguments: ["version", "platform", "key", "none", "hash"]
    )
    func signatures(_ kind: String) async throws {
        let (result, left) = try await Self.with { ground in
            let hash = ground.wire.hashValue ?? ""
            switch kind {
            case "version": ground.wire.signatures = [try ground.signature(AgentRelease(9, 0, 0), hash)]
            case "platform":
                ground.wire.signatures = [try ground.signature(Self.release, hash, platform: "linux-s390x")]
            case "key":
                let other = Curve25519.Signing.PrivateKey()
                let statement = AgentPackageStatement(platform: "", release: Self.release, sha256: hash, size: 1)
                let value = try other.signature(for: statement.bytes)
                ground.wire.signatures = [PackageSignatureWire(keyId: ground.publicKey.id, value: value)]
            case "none": ground.wire.signatures = []
            // Whoever changes the bytes and tells their hash has no signature of them.
            default: ground.wire.hashValue = String(repeating: "0", count: 64)
            }
        }
        guard case .failure(let failure) = result, case .notSigned = failure else {
            Issue.record("\(kind): \(result)")
            return
        }
        #expect(failure.fault == .tampered && left.isEmpty)
    }

    @Test(
        "a version that was kept is taken again when it came from this package, or when that is gone; of another package it is fetched",
        arguments: ["same", "gone", "other"]
    )
    func kept(_ kind: String) async throws {
        let (result, left) = try await Self.with { ground in
            let folder = "\(ground.root.path)/bin.9.1.0"
            #expect(FileTree.make(folder) == 0)
            // By another process: whatever this one starts meanwhile would hold the file open, and it could not be run.
            let program = "\(ground.root.path)/../package/bin/roost-agent"
            let copied = try ShortCommand.run(["cp", program, "\(folder)/roost-agent"])
            #expect(copied.code == 0)
            let digest = kind == "same" ? ground.wire.hashValue ?? "" : String(repeating: "a", count: 64)
            #expect(SmallFile.write(digest, to: "\(folder)/package", mode: 0o644) == 0)
            ground.hasIt = kind != "gone"
        }
        let program = try result.get().program
        #expect(program.hasSuffix(kind == "other" ? "/_update/9.1.0/bin/roost-agent" : "/bin.9.1.0/roost-agent"))
        #expect(left == (kind == "other" ? ["9.1.0"] : []))
    }

    @Test("keys that were known are believed, and none that comes later")
    func keys() async throws {
        let (result, _) = try await Self.with { ground in
            let other = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
            let text = "\(other.base64EncodedString()) mine\n"
            #expect(SmallFile.write(text, to: ground.root.file(.packageKeys), mode: 0o644) == 0)
        }
        guard case .failure(.notSigned) = result else {
            Issue.record("\(result)")
            return
        }
    }
}
