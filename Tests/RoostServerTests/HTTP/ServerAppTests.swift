import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import RoostModel
import RoostStore
import Synchronization
import Testing

@testable import RoostServer

@Suite("The server as a process sees it")
struct ServerAppTests {
    @Test("health, readiness and metrics are served; metrics need a token unless they are open")
    func health() async throws {
        try await LiveServer.with { server in
            #expect(try await server.send(.GET, "/healthz", as: .nobody).text == "ok\n")
            #expect(try await server.send(.GET, "/readyz", as: .nobody).status == 200)
            #expect(try await server.send(.GET, "/metrics", as: .nobody).status == 401)
            _ = try await server.send(.GET, "/_apis/distributedtask/pools/1")
            let metrics = try await server.send(.GET, "/metrics")
            #expect(metrics.headers["Content-Type"].first?.hasPrefix("text/plain; version=0.0.4") == true)
            for line in [
                #"roost_pool_agents{pool="default",state="busy"} 1"#, #"roost_queue_length{pool="default"} 0"#,
                #"roost_http_requests_total{method="GET",route="_apis/distributedtask/pools/{poolId}",status="2xx"} 1"#,
                "roost_long_polls_open 0",
            ] {
                #expect(metrics.text.contains("\(line)\n"), "\(line)")
            }
            #expect(metrics.text.contains("# TYPE roost_queue_wait_seconds histogram\n"))
            #expect(metrics.text.contains("process_resident_memory_bytes "))
        }
        try await LiveServer.with(flags: ["open-metrics": "true"]) { server in
            let metrics = try await server.send(.GET, "/metrics", as: .nobody)
            #expect(metrics.status == 200)
        }
    }

    @Test("a body above the limit is refused before it is sent, and one that grows above it while it is")
    func bodyLimit() async throws {
        try await LiveServer.with(flags: ["body-limit": "1MiB"]) { server in
            let size = 100 << 20
            let part = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            for length in [HTTPClientRequest.Body.Length.known(Int64(size)), .unknown] {
                let stream = AsyncStream<ByteBuffer> { continuation in
                    for _ in 0..<100 { continuation.yield(part) }
                    continuation.finish()
                }
                let response = try await server.head(
                    .POST,
                    "/_apis/distributedtask/pools",
                    body: .stream(stream, length: length)
                )
                #expect(response.status == .payloadTooLarge)
                let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
                #expect(text.contains("The request's body is larger than 1MiB"), "\(text)")
            }
            #expect(try await server.send(.GET, "/healthz").status == 200)
        }
    }

    @Test("headers above the limit end the request")
    func headerLimit() async throws {
        try await LiveServer.with(flags: ["header-limit": "4KiB"]) { server in
            let answer = try await server.send(
                .GET,
                "/healthz",
                headers: [("X-Long", String(repeating: "x", count: 8192))]
            )
            #expect(answer.status == 400 || answer.status == 431)
            #expect(
                try await server.send(.GET, "/healthz", headers: [("X-Short", String(repeating: "x", count: 2048))])
                    .status == 200
            )
        }
    }

    @Test("a client that asks too often is told when to come again; others are not held up")
    func rateLimit() async throws {
        try await LiveServer.with(flags: ["rate-limit": "1", "rate-burst": "3"]) { server in
            // All at once: one that waits for the answer of the one before may be slower than the limit.
            let answers = try await withThrowingTaskGroup(of: LiveServer.Answer.self) { group in
                for _ in 0..<40 { group.addTask { try await server.send(.GET, "/_apis/projects") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 200 } >= 3)
            let refused = try #require(answers.first { $0.status == 429 })
            #expect(refused.headers["Retry-After"] == ["1"])
            #expect(refused.headers["X-RateLimit-Limit"] == ["1"])
            #expect(refused.typeKey == "RequestBlockedException")
            let listener = LiveServer.Sender.bearer(try server.listener)
            #expect(try await server.send(.GET, "/_apis/connectiondata", as: listener).status == 200)
        }
    }

    @Test("a stop ends long polls and streams at once", .timeLimit(.minutes(5)))
    func shutdown() async throws {
        try await LiveServer.with(flags: ["long-poll-hold": "90s", "shutdown-grace": "60s"]) { server in
            let listener = LiveServer.Sender.bearer(try server.listener)
            let session = try await server.openSession()
            let events = try await server.head(.GET, "/_apis/roost/runs/1/events")
            let follow = try await server.head(.GET, "/_apis/roost/runs/1/logs/1/follow")
            #expect(follow.status == .ok)
            async let poll = server.send(
                .GET,
                "/_apis/distributedtask/pools/1/messages?sessionId=\(session)",
                as: listener
            )
            while server.app.plane.read({ $0.sessions.values.allSatisfy(\.polls.isEmpty) }) { await Task.yield() }
            // A poll that ends by itself is answered otherwise.
            await server.app.stop()
            #expect(try await poll.status == 503)
            for try await _ in events.body {}
        }
    }

    @Test("a port that is taken is named, with what to do")
    func portInUse() async throws {
        try await LiveServer.with { server in
            let configuration = try ServerConfiguration.load(flags: [
                "port": "\(server.app.port)", "data": server.folder.path,
            ])
            let second = try ServerApp(
                configuration: configuration,
                store: MemoryStore(),
                blobs: FolderBlobStore(path: server.folder.appending(path: "second").path),
                sealer: PlainSealer(),
                logger: Logger(label: "second") { _ in SwiftLogNoOpLogHandler() }
            )
            let error = await #expect(throws: ServerStartError.self) { try await second.run() }
            #expect(error == .portInUse(host: "127.0.0.1", port: server.app.port))
            #expect(error?.advice?.contains("--port") == true)
            await #expect(throws: ServerStartError.self) { try await second.ready() }
        }
    }

    @Test("TLS is served with a given certificate, to clients that trust it")
    func tls() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "cert.pem").path, folder.appending(path: "key.pem").path)
        try AddressCertificate.make(certificate, key)
        try await LiveServer.with(flags: ["tls-certificate": certificate, "tls-key": key]) { server in
            #expect(server.app.address.hasPrefix("https://127.0.0.1:"))
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(certificate)
            let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
            do {
                #expect(try await server.send(.GET, "/_apis/connectiondata", client: client).status == 200)
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
            var distrusting = HTTPClient.Configuration()
            distrusting.connectionPool.retryConnectionEstablishment = false
            let stranger = HTTPClient(configuration: distrusting)
            await #expect(throws: (any Error).self) { try await server.send(.GET, "/healthz", client: stranger) }
            try await stranger.shutdown()
        }
    }

    @Test("a certificate, key or host that cannot be used is named before anything starts")
    func badFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let junk = folder.appending(path: "junk.pem").path
        try "no certificate".write(toFile: junk, atomically: true, encoding: .utf8)
        let make = { (flags: [String: String]) throws in
            try ServerApp(
                configuration: ServerConfiguration.load(flags: flags.merging(["port": "0"]) { given, _ in given }),
                store: MemoryStore(),
                blobs: FolderBlobStore(path: folder.appending(path: "blobs").path),
                sealer: PlainSealer(),
                logger: Logger(label: "bad") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        for path in [junk, "/nowhere/cert.pem"] {
            let error = #expect(throws: ServerStartError.self) { try make(["tls-certificate": path, "tls-key": junk]) }
            #expect(error?.location == path)
        }
        let host = #expect(throws: ServerStartError.self) { try make(["host": "192.0.2.1"]) }
        #expect(host?.code == "server.address-unavailable")
    }

    @Test("a client that announces a large body is told to send it")
    func expectContinue() async throws {
        try await LiveServer.with { server in
            let answer = try await server.send(
                .POST,
                "/_apis/distributedtask/pools",
                headers: [("Expect", "100-continue")],
                body: #"{"name":"continued"}"#
            )
            #expect(answer.status == 200)
        }
    }

    @Test("old completed runs go, kept and active ones stay")
    func retention() throws {
        let seed = try ServerSeed()
        let now = Date()
        func run(_ id: Int, _ state: RunState, ended: TimeInterval?, tags: [String] = []) -> Run {
            var run = seed.run
            run.id = RunID(id)
            run.state = state
            run.finishedAt = ended.map { now - $0 }
            run.tags = tags
            return run
        }
        let runs = [
            run(1, .completed(.succeeded), ended: 7201), run(2, .completed(.failed), ended: 7199),
            run(3, .completed(.failed), ended: 9000, tags: [Run.keepTag]), run(4, .running, ended: nil),
        ]
        #expect(planRunRetention(runs, keep: .seconds(7200), at: now) == [RunID(1)])
    }
}
