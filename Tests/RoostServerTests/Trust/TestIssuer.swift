import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// A small issuer of id tokens over HTTP: keys that may be changed, and a clock of its own.
final class TestIssuer: Sendable {
    private struct State {
        var address = ""
        var keys: [IssuerKeyPair]
        var keyReads = 0
        var discovery: (@Sendable (String) -> Response)?
        var keyAnswer: (@Sendable () -> Response)?
    }

    /// How far its clock is from ours, in seconds.
    let clock: TimeInterval
    private let state: Mutex<State>

    private init(clock: TimeInterval, _ keys: [IssuerKeyPair]) {
        self.clock = clock
        state = Mutex(State(keys: keys))
    }

    var address: String { state.withLock { $0.address } }
    /// How often its keys were read.
    var keyReads: Int { state.withLock { $0.keyReads } }

    /// Runs one for the time of a test.
    static func with(
        clock: TimeInterval = 0,
        tls: TLSConfiguration? = nil,
        _ body: @Sendable (TestIssuer) async throws -> Void
    ) async throws {
        let issuer = TestIssuer(clock: clock, [try IssuerKeyPair(.RS256, id: "first")])
        let router = Router()
        router.get("/.well-known/openid-configuration") { _, _ in issuer.discovery() }
        router.get("/keys") { _, _ in issuer.keyAnswer() }
        var logger = Logger(label: "issuer")
        logger.logLevel = .critical
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let app = Application(
            router: router,
            server: try tls.map { try .tls(tlsConfiguration: $0) } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [app], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports {
                issuer.state.withLock { $0.address = "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }
                break
            }
            do { try await body(issuer) } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// A token as it issues them by its own clock; the caller changes what it likes.
    func token(
        kind: IssuerKeyPair.Kind? = nil,
        by key: IssuerKeyPair? = nil,
        _ change: (inout IssuedClaims) -> Void = { _ in }
    ) async throws -> String {
        let now = Int(Date().timeIntervalSince1970 + clock)
        var claims = IssuedClaims(
            iss: address,
            aud: ["roost"],
            sub: "repo:contoso/app",
            exp: now + 600,
            nbf: now,
            iat: now,
            ref: "refs/heads/main"
        )
        change(&claims)
        let own = state.withLock { state in state.keys.last { kind == nil || $0.kind == kind } }
        guard let key = key ?? own else { return "" }
        return try await key.sign(claims)
    }

    /// From now on these are published, and the last one signs.
    func publish(_ keys: [IssuerKeyPair]) { state.withLock { $0.keys = keys } }

    /// Answers otherwise than an issuer should; nil is as it should.
    func answer(
        discovery: (@Sendable (String) -> Response)? = nil,
        keys: (@Sendable () -> Response)? = nil
    ) {
        state.withLock { state in
            state.discovery = discovery
            state.keyAnswer = keys
        }
    }

    static func json(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func discovery() -> Response {
        let (address, other) = state.withLock { ($0.address, $0.discovery) }
        return other?(address) ?? Self.json(#"{"issuer":"\#(address)","jwks_uri":"\#(address)/keys"}"#)
    }

    private func keyAnswer() -> Response {
        let (keys, other) = state.withLock { state in
            state.keyReads += 1
            return (state.keys, state.keyAnswer)
        }
        if let other { return other() }
        guard let set = try? IssuerKeyPair.set(keys) else { return Response(status: .internalServerError) }
        return Self.json(String(decoding: set, as: UTF8.self))
    }
}
