import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import RoostModel
public import ServiceLifecycle
import Synchronization

/// What a metadata endpoint asks its server for.
public protocol MachineTokenSource: Sendable {
    /// A token of one of the machine's identities.
    ///
    /// - Parameters:
    ///   - resource: the token's audience.
    ///   - identity: client id or object id; nil is the first.
    /// - Returns: the token's text, its life in seconds and the client id of the identity.
    /// - Throws: ``MachineSourceAway`` when it may be tried again, else why the server gives none.
    func token(resource: String, identity: String?) async throws -> (token: Secret, life: Int, client: String)
    /// The instance document's facts.
    func facts() async throws -> MachineFacts
}

/// What the instance document says.
public struct MachineFacts: Hashable, Sendable {
    public var name: String
    /// The server's address.
    public var url: String
    /// What follows a vault's name in its host name; nil when the server has no vaults.
    public var vaultSuffix: String?

    public init(name: String, url: String, vaultSuffix: String?) {
        self.name = name
        self.url = url
        self.vaultSuffix = vaultSuffix
    }
}

/// The server cannot be asked at the moment.
public struct MachineSourceAway: UserFacingError {
    /// What keeps it from answering.
    public let summary: String
    /// What to do about it.
    public let advice: String?

    public init(_ reason: any UserFacingError) {
        summary = reason.summary
        advice = reason.advice
    }

    public var code: String { "machine.server-away" }
    public var location: String? { nil }
}

/// The metadata endpoint of one machine: tokens of its identities for processes of the machine that may have them.
///
/// Shapes are those of the App Service (of 2017, too), instance metadata and Cloud Shell forms that `ManagedIdentityCredential` knows. It listens on a loopback
/// address only, asks the kernel which process is at the other end, and refuses users that are not allowed, processes in
/// containers, and jobs.
public final class MachineEndpoint: Service {
    private let source: any MachineTokenSource
    private let policy: PeerPolicy
    /// Asked for in the header of the App Service form.
    private let header: Secret
    private let host: String
    private let wantedPort: Int
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void
    private let finder = PeerFinder()
    private let tokens = Mutex<[Key: Kept]>([:])

    private struct Key: Hashable {
        var resource: String
        var identity: String?
    }
    private struct Kept {
        var token: Secret
        var client: String
        var until: Date
    }
    /// A token is asked for anew this long before its end.
    private static let margin: TimeInterval = 300
    private static let capacity = 256

    /// Puts an endpoint together; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - source: asks the server.
    ///   - policy: whom it answers.
    ///   - header: the secret of the App Service form.
    ///   - host: a loopback address.
    ///   - port: 0 is any free one.
    ///   - logger: says whom it refused.
    ///   - onListening: is told the port.
    public init(
        source: any MachineTokenSource,
        policy: PeerPolicy,
        header: Secret,
        host: String,
        port: Int,
        logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.source = source
        self.policy = policy
        self.header = header
        self.host = host
        wantedPort = port
        self.logger = logger
        self.onListening = onListening
    }

    struct Context: RequestContext, RemoteAddressRequestContext {
        var coreContext: CoreRequestContextStorage
        let remoteAddress: SocketAddress?
        let localAddress: SocketAddress?

        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            remoteAddress = source.channel.remoteAddress
            localAddress = source.channel.localAddress
        }
    }

    /// Serves until the surrounding service group asks it to end.
    public func run() async throws {
        let router = Router(context: Context.self)
        router.get("metadata/identity/oauth2/token") { request, context in
            try await self.answer(request, context, .instance)
        }
        router.get("msi/token") { request, context in try await self.answer(request, context, .appService) }
        router.post("oauth2/token") { request, context in try await self.answer(request, context, .cloudShell) }
        router.get("metadata/instance") { request, context in try await self.instance(request, context) }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(host, port: wantedPort)),
            onServerRunning: { [onListening] channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await application.runService(gracefulShutdownSignals: [])
    }

    // MARK: Requests

    private enum Form {
        case instance, appService
        /// What it asks for stands in the body.
        case cloudShell
    }
    /// Enough for a resource and the name of an identity.
    private static let bodyLimit = 16_384

    private struct Problem: Error {
        var status: HTTPResponse.Status
        var code: String
        var message: String
    }

    private func answer(_ request: Request, _ context: Context, _ form: Form) async throws -> Response {
        do {
            try check(request, context, form)
            return try await token(Self.key(try await values(request, form)))
        } catch let problem as Problem {
            return Self.failure(problem)
        } catch {
            let known = error as? any UserFacingError
            let message = known.map { "\($0.summary)" + ($0.advice.map { " \($0)" } ?? "") } ?? "\(error)"
            logger.warning("the server gave no token", metadata: ["reason": "\(message)"])
            // Clients ask again after the first, and never after the second.
            let isAway = error is MachineSourceAway
            return Self.failure(
                Problem(
                    status: isAway ? .serviceUnavailable : .badRequest,
                    code: isAway ? "temporarily_unavailable" : "invalid_request",
                    message: message
                )
            )
        }
    }

    private func values(_ request: Request, _ form: Form) async throws -> QueryValues {
        guard form == .cloudShell else { return QueryValues(request.uri.query) }
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        return QueryValues(String(buffer: body))
    }

    /// Each form has a name of its own for the same thing.
    private static let identityNames = [
        "client_id", "clientid", "object_id", "principal_id", "mi_res_id", "msi_res_id", "resource_id",
    ]

    private static func key(_ values: QueryValues) throws -> Key {
        guard let resource = values["resource"], !resource.isEmpty else {
            throw Problem(status: .badRequest, code: "invalid_request", message: "The parameter 'resource' is missing.")
        }
        let identity = identityNames.lazy.compactMap { values[$0] }.first
        // One form sends a scope in place of a resource.
        let mark = "/.default"
        return Key(
            resource: resource.hasSuffix(mark) ? String(resource.dropLast(mark.count)) : resource,
            identity: identity
        )
    }

    private func token(_ key: Key) async throws -> Response {
        let now = Date()
        if let kept = tokens.withLock({ $0[key] }), kept.until.timeIntervalSince(now) > Self.margin {
            return try Self.answer(kept.token, kept.client, kept.until, key.resource, now)
        }
        let made = try await source.token(resource: key.resource, identity: key.identity)
        let until = now + Double(made.life)
        tokens.withLock { tokens in
            if tokens.count >= Self.capacity { tokens.removeAll() }
            tokens[key] = Kept(token: made.token, client: made.client, until: until)
        }
        return try Self.answer(made.token, made.client, until, key.resource, now)
    }

    private func instance(_ request: Request, _ context: Context) async throws -> Response {
        do {
            try check(request, context, .instance)
            let facts = try await source.facts()
            var tags = [Tag(name: "roost-url", value: facts.url)]
            if let suffix = facts.vaultSuffix { tags.append(Tag(name: "roost-vault-suffix", value: suffix)) }
            return try Self.json(
                Instance(compute: .init(name: facts.name, osType: "Linux", vmId: facts.name, tagsList: tags))
            )
        } catch let problem as Problem {
            return Self.failure(problem)
        } catch {
            let known = error as? any UserFacingError
            return Self.failure(
                Problem(status: .badGateway, code: "server_error", message: known?.summary ?? "\(error)")
            )
        }
    }

    /// Refuses what a browser, a proxy or a careless program could be made to send, and processes that may not.
    private func check(_ request: Request, _ context: Context, _ form: Form) throws(Problem) {
        func value(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
        if value("X-Forwarded-For") != nil {
            throw Problem(status: .badRequest, code: "bad_request", message: "The request came through a proxy.")
        }
        switch form {
        case .instance, .cloudShell:
            guard value("Metadata")?.lowercased() == "true" else {
                throw Problem(
                    status: .badRequest,
                    code: "bad_request_102",
                    message: "Required metadata header not specified"
                )
            }
        case .appService:
            guard let given = value("X-IDENTITY-HEADER") ?? value("secret"), Self.equal(given, header.exposed) else {
                throw Problem(
                    status: .unauthorized,
                    code: "unauthorized",
                    message: "The header X-IDENTITY-HEADER is wrong."
                )
            }
        }
        let ports = (context.remoteAddress?.port, context.localAddress?.port)
        let peer = ports.0.flatMap { port in ports.1.flatMap { finder.peer(port: port, ownPort: $0) } }
        guard let reason = policy.refusal(of: peer) else { return }
        logger.warning("refused", metadata: ["reason": "\(reason)", "pid": "\(peer?.pid ?? 0)"])
        throw Problem(status: .forbidden, code: "forbidden", message: "Refused: \(reason).")
    }

    /// In a time that does not say how much was right.
    private static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: Answers

    private struct TokenAnswer: Encodable {
        var access_token: String
        var client_id: String
        /// Text, as clients read it.
        var expires_on: String
        var expires_in: String
        var not_before: String
        var resource: String
        var token_type = "Bearer"
    }

    private struct Tag: Encodable {
        var name: String
        var value: String
    }

    private struct Instance: Encodable {
        struct Compute: Encodable {
            var name: String
            var osType: String
            var vmId: String
            var tagsList: [Tag]
        }
        var compute: Compute
    }

    private struct Failure: Encodable {
        var error: String
        var error_description: String
        /// The App Service form's names for the same.
        var statusCode: Int
        var message: String
    }

    private static func answer(
        _ token: Secret,
        _ client: String,
        _ until: Date,
        _ resource: String,
        _ now: Date
    ) throws -> Response {
        try json(
            TokenAnswer(
                access_token: token.exposed,
                client_id: client,
                expires_on: String(Int(until.timeIntervalSince1970)),
                expires_in: String(Int(until.timeIntervalSince(now))),
                not_before: String(Int(now.timeIntervalSince1970)),
                resource: resource
            )
        )
    }

    private static func failure(_ problem: Problem) -> Response {
        let body = Failure(
            error: problem.code,
            error_description: problem.message,
            statusCode: problem.status.code,
            message: problem.message
        )
        // A value of texts and a number, so that encoding it cannot fail.
        return (try? json(body, status: problem.status)) ?? Response(status: problem.status)
    }

    private static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        var headers = HTTPFields()
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value)))
        )
    }
}
