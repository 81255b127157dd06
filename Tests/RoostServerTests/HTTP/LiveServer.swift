import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import RoostModel
import RoostStore
import RoostTesting
import RoostWire

@testable import RoostServer

/// A server on a free port with an administrator's token; everything it made is gone after the test.
struct LiveServer: Sendable {
    let app: ServerApp
    let store: MemoryStore
    let seed: ServerSeed
    /// Text of a token that may do everything.
    let admin: String
    let folder: URL

    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var headers: Headers
        var bytes: Data

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: bytes) as? [String: Any]) ?? [:] }
        var list: [[String: Any]] { json["value"] as? [[String: Any]] ?? [] }
        var typeKey: String? { json["typeKey"] as? String }
        var message: String { json["message"] as? String ?? "" }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try WireJSON.decode(type, from: bytes) }
    }

    /// The fields of an answer's head, by name ignoring case.
    struct Headers: Sendable {
        let fields: HTTPHeaders
        subscript(name: String) -> [String] { fields[name] }
    }

    enum Verb: String { case GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS }

    /// How a request says who makes it.
    enum Sender: Sendable {
        case nobody
        case admin
        case basic(String)
        case bearer(String)
        case cookie(String)
    }

    /// Runs a server for the time of a test.
    static func with(
        flags: [String: String] = [:],
        handler: Route.Handler? = nil,
        providers: [String: any MachineProvider] = [:],
        pages: (Router<RoostRequestContext>, PageServices) -> Void = { _, _ in },
        _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var all = ["port": "0", "data": folder.path, "long-poll-hold": "200ms", "shutdown-grace": "5s"]
        all.merge(flags) { _, given in given }
        var configuration = try ServerConfiguration.load(flags: all)
        // Issuers of tests run in this process, which is busy.
        configuration.issuerPatience = .seconds(120)
        let store = MemoryStore()
        let seed = try ServerSeed()
        try await store.submit(seed.changes).durable()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = try ServerApp(
            configuration: configuration,
            store: store,
            blobs: FolderBlobStore(path: folder.appending(path: "blobs").path),
            sealer: PlainSealer(),
            logger: logger,
            signingKeys: TestSigningKeys.source(),
            providers: providers,
            handler: handler,
            addPages: pages
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            try await app.ready()
            let made = try await app.plane.createToken(
                user: "ada",
                name: "test",
                scopes: [.full],
                lifetime: .seconds(3600),
                by: .system
            )
            do {
                try await body(
                    LiveServer(app: app, store: store, seed: seed, admin: made.value.exposed, folder: folder)
                )
            } catch {
                await app.stop()
                try? await group.waitForAll()
                throw error
            }
            await app.stop()
            try await group.waitForAll()
        }
        await store.close()
    }

    /// Sends a request and reads the whole answer.
    func send(
        _ method: Verb = .GET,
        _ path: String,
        as sender: Sender = .admin,
        headers: [(String, String)] = [],
        body: String? = nil,
        client: HTTPClient = .shared
    ) async throws -> Answer {
        let response = try await head(
            method,
            path,
            as: sender,
            headers: headers,
            body: body.map { .bytes(ByteBuffer(string: $0)) },
            client: client
        )
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: Headers(fields: response.headers),
            bytes: Data(bytes.readableBytesView)
        )
    }

    /// Sends a request and returns when the answer begins.
    func head(
        _ method: Verb = .GET,
        _ path: String,
        as sender: Sender = .admin,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil,
        client: HTTPClient = .shared
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: app.address.dropLast() + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        switch sender {
        case .nobody: break
        case .admin: request.headers.add(name: "Authorization", value: Self.basic(admin))
        case .basic(let token): request.headers.add(name: "Authorization", value: Self.basic(token))
        case .bearer(let token): request.headers.add(name: "Authorization", value: "Bearer \(token)")
        case .cookie(let value): request.headers.add(name: "Cookie", value: "roost_session=\(value)")
        }
        if let body {
            request.body = body
            if request.headers["Content-Type"].isEmpty {
                request.headers.add(name: "Content-Type", value: "application/json")
            }
        }
        return try await client.execute(request, timeout: .seconds(300))
    }

    static func basic(_ token: String) -> String { "Basic \(Data(":\(token)".utf8).base64EncodedString())" }

    // MARK: Tokens of machines

    /// A token of the seed's first agent.
    var listener: String {
        get throws { try app.plane.issueListenerToken(for: seed.agent).token.exposed }
    }

    /// A token of the seed's running job.
    var job: String {
        get throws { try app.plane.issueJobToken(seed.job, of: seed.run).exposed }
    }

    /// Opens a session of the seed's first agent.
    func openSession() async throws -> String {
        let body = #"{"ownerName":"test","agent":{"id":\#(seed.agent.id)},"systemCapabilities":{"git":"/usr/bin/git"}}"#
        let answer = try await send(
            .POST,
            "/_apis/distributedtask/pools/\(seed.pool.id)/sessions",
            as: .bearer(listener),
            body: body
        )
        return answer.json["sessionId"] as? String ?? ""
    }
}
