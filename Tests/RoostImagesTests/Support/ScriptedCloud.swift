import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A resource manager with its authority, as their published references describe them, on one port.
final class ScriptedCloud: Sendable {
    /// What goes wrong there.
    enum Trouble: Sendable, Hashable {
        case none
        /// Every answer has this status and an error of a resource manager.
        case refusing(Int)
        /// Every answer is a page of a gateway.
        case page
        /// Nothing is answered until the cloud ends.
        case silent
    }

    struct Seen: Sendable, Hashable {
        var method: String
        var path: String
        var body: String
    }

    static let subscription = "11111111-1111-4111-8111-111111111111"
    static let secret = "cloud-hush-4711"
    static let token = "access-hush-4711"

    private struct State {
        var seen: [Seen] = []
        /// By their paths in lower case.
        var resources: [String: String] = [:]
        /// Those that are not ready when they are read for the first time.
        var unready: Set<String> = []
        /// Those that are gone once they were read again.
        var leaving: Set<String> = []
    }

    private let state = Mutex(State())
    private let trouble: Trouble
    private let ended = AsyncStream.makeStream(of: Never.self)
    let address: String

    static func with(
        _ trouble: Trouble = .none,
        _ body: @Sendable (ScriptedCloud) async throws -> Void
    ) async throws {
        let port = AsyncStream.makeStream(of: Int.self)
        let box = Mutex<ScriptedCloud?>(nil)
        var logger = Logger(label: "scripted")
        logger.logLevel = .critical
        let router = Router()
        router.add(middleware: Script { box.withLock { $0 } })
        let app = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [app], logger: logger))
        let serving = Task { try await group.run() }
        var number = 0
        for await found in port.stream {
            number = found
            break
        }
        let cloud = ScriptedCloud(address: "http://127.0.0.1:\(number)", trouble)
        box.withLock { $0 = cloud }
        let result: Result<Void, any Error>
        do { result = .success(try await body(cloud)) } catch { result = .failure(error) }
        cloud.ended.continuation.finish()
        await group.triggerGracefulShutdown()
        _ = await serving.result
        try result.get()
    }

    private init(address: String, _ trouble: Trouble) {
        self.address = address
        self.trouble = trouble
        put("", #"{"subscriptionId":"\#(Self.subscription)","state":"Enabled"}"#)
    }

    /// In order.
    var requests: [Seen] { state.withLock { $0.seen } }

    /// Stores something at a path below the subscription.
    func put(_ path: String, _ json: String) {
        state.withLock { $0.resources[Self.key("/subscriptions/\(Self.subscription)\(path)")] = json }
    }

    func has(_ path: String) -> Bool {
        state.withLock { $0.resources[Self.key("/subscriptions/\(Self.subscription)\(path)")] != nil }
    }

    func remove(_ path: String) {
        state.withLock { _ = $0.resources.removeValue(forKey: Self.key("/subscriptions/\(Self.subscription)\(path)")) }
    }

    private static func key(_ path: String) -> String { path.lowercased() }

    // MARK: Answers

    private struct Script: RouterMiddleware {
        typealias Context = BasicRequestContext
        let cloud: @Sendable () -> ScriptedCloud?

        func handle(
            _ request: Request,
            context: BasicRequestContext,
            next: (Request, BasicRequestContext) async throws -> Response
        ) async throws -> Response {
            let body = String(buffer: try await request.body.collect(upTo: 1 << 16))
            let (status, text) = await cloud()?.answer(request, body) ?? (500, "")
            var headers: HTTPFields = [.contentType: "application/json", .retryAfter: "0"]
            if status == 401 {
                headers[.wwwAuthenticate] =
                    "Bearer authorization_uri=\"https://login.example/scripted-tenant\", error=\"invalid_token\""
            }
            return Response(
                status: .init(code: status),
                headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }
    }

    private func answer(_ request: Request, _ body: String) async -> (Int, String) {
        let (method, path) = (request.method.rawValue, request.uri.path)
        state.withLock { $0.seen.append(Seen(method: method, path: path, body: body)) }
        if path == "/metadata/endpoints" {
            return (
                200,
                #"{"name":"scripted","resourceManager":"\#(address)","authentication":{"loginEndpoint":"\#(address)","audiences":["\#(address)"]}}"#
            )
        }
        if path.hasSuffix("/oauth2/v2.0/token") { return token(body) }
        if path == "/idtoken" { return idToken(request) }
        if path == "/machine" { return machineToken(request) }
        switch trouble {
        case .none: break
        case .refusing(let status):
            return (status, #"{"error":{"code":"Refused","message":"not for \#(Self.token)"}}"#)
        case .page: return (502, "<html>Bad Gateway</html>")
        case .silent: for await _ in ended.stream {}
        }
        guard request.headers[.authorization] == "Bearer \(Self.token)" else {
            return (401, #"{"error":{"code":"AuthenticationFailed","message":"no token"}}"#)
        }
        switch method {
        case "PUT": return make(path, body)
        case "DELETE": return delete(path)
        default: return read(path)
        }
    }

    private func token(_ form: String) -> (Int, String) {
        let isProven = form.contains("client_secret=\(Self.secret)") || Self.hasAssertion(form)
        guard isProven, form.contains("grant_type=client_credentials") else {
            return (
                401,
                #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: \#(form)"}"#
            )
        }
        return (200, #"{"token_type":"Bearer","expires_in":3599,"access_token":"\#(Self.token)"}"#)
    }

    /// A token of another issuer, or one that a certificate signed: three parts with a thumbprint in the first.
    private static func hasAssertion(_ form: String) -> Bool {
        let fields = form.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        guard let token = fields.first(where: { $0.first == "client_assertion" })?.last,
            form.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
        else { return false }
        if token == secret { return true }
        let parts = token.split(separator: ".")
        let head = String(parts.first ?? "").replacing("-", with: "+").replacing("_", with: "/")
        let padded = head + String(repeating: "=", count: (4 - head.count % 4) % 4)
        let text = Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return parts.count == 3 && text.contains("x5t")
    }

    private func idToken(_ request: Request) -> (Int, String) {
        let isRight =
            request.headers[.authorization] == "Bearer \(Self.secret)"
            && request.uri.query?.contains("audience=api%3A%2F%2FAzureADTokenExchange") == true
        return isRight ? (200, #"{"count":1,"value":"\#(Self.secret)"}"#) : (401, "{}")
    }

    private func machineToken(_ request: Request) -> (Int, String) {
        guard let name = HTTPField.Name("X-IDENTITY-HEADER"), request.headers[name] == Self.secret else {
            return (401, "{}")
        }
        return (200, #"{"access_token":"\#(Self.token)","expires_on":"1790000000","token_type":"Bearer"}"#)
    }

    /// What is removed is there for one more look.
    private func delete(_ path: String) -> (Int, String) {
        let key = Self.key(path)
        return state.withLock { state in
            guard state.resources[key] != nil else { return (404, Self.missing(path)) }
            state.leaving.insert(key)
            return (202, "")
        }
    }

    private static func missing(_ path: String) -> String {
        #"{"error":{"code":"ResourceNotFound","message":"\#(path) was not found."}}"#
    }

    /// What is made is not ready at once.
    private func make(_ path: String, _ body: String) -> (Int, String) {
        let key = Self.key(path)
        let rest = body.dropLast()
        let made =
            #"\#(rest)\#(rest.count > 1 ? "," : "")"name":"\#(path.split(separator: "/").last ?? "")","id":"\#(path)"}"#
        state.withLock {
            $0.resources[key] = made
            $0.unready.insert(key)
        }
        return (201, #"{"properties":{"provisioningState":"Creating"}}"#)
    }

    private func read(_ path: String) -> (Int, String) {
        let key = Self.key(path)
        let (found, isReady, below) = state.withLock { state in
            (
                state.resources[key], state.unready.remove(key) == nil,
                state.resources.filter { $0.key.hasPrefix("\(key)/") && !$0.key.dropFirst(key.count + 1).contains("/") }
            )
        }
        state.withLock { state in
            if state.leaving.remove(key) != nil { state.resources[key] = nil }
        }
        if let found { return (200, isReady ? found : #"{"properties":{"provisioningState":"Creating"}}"#) }
        if key.hasSuffix("/microsoft.network/virtualnetworks") {
            let all = state.withLock { $0.resources.filter { $0.key.contains("/virtualnetworks/") } }
            return (200, Self.list(all.filter { $0.key.split(separator: "/").count == 8 }))
        }
        if key.hasSuffix("/versions"), state.withLock({ $0.resources[String(key.dropLast(9))] }) != nil {
            return (200, Self.list(below))
        }
        return (404, Self.missing(path))
    }

    private static func list(_ resources: [String: String]) -> String {
        "{\"value\":[\(resources.sorted { $0.key < $1.key }.map(\.value).joined(separator: ","))]}"
    }
}
