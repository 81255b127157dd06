import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import NIOSSL
import RoostModel
import RoostWire
import Synchronization

/// A typed client of a Roost or Azure DevOps server, for agents and the command line.
///
/// It may be used from many tasks at once. Close it with ``close()``.
public final class RoostClient: Sendable {
    /// The organization's URL, ending in a slash.
    public let baseURL: String
    public let options: ClientOptions
    private let http: HTTPClient
    private let credential: ClientCredential
    private let token = Mutex<(value: Secret, renewAt: ContinuousClock.Instant)?>(nil)
    /// Largest answer that is held in memory.
    private static let answerLimit = 64 << 20

    /// - Throws: ``ClientError/invalidURL(_:)``, ``ClientError/tlsFailure(url:reason:)`` for an authority file that cannot be read.
    public init(url: String, credential: ClientCredential, options: ClientOptions) throws(ClientError) {
        guard let parsed = URL(string: url), let scheme = parsed.scheme, scheme == "http" || scheme == "https",
            parsed.host?.isEmpty == false
        else { throw .invalidURL(url) }
        baseURL = url.hasSuffix("/") ? url : "\(url)/"
        self.options = options
        self.credential = credential
        let loops = options.loop.map { HTTPClient.EventLoopGroupProvider.shared($0) } ?? .singleton
        http = HTTPClient(eventLoopGroupProvider: loops, configuration: try Self.configuration(options, url))
    }

    /// Lets all clients of this process share one thread; to be called before the first is made.
    public static func useOneThread() { NIOSingletons.groupLoopCountSuggestion = 1 }

    /// Starts the threads that all clients of this process share, which the first client would do otherwise.
    public static func startThreads() { _ = HTTPClient.defaultEventLoopGroup }

    /// Whether there is one of the places in which swift-nio-ssl looks for them.
    private static let hasSystemAuthorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs",
    ].contains { FileManager.default.fileExists(atPath: $0) }

    static func configuration(
        _ options: ClientOptions,
        _ url: String
    ) throws(ClientError)
        -> HTTPClient.Configuration
    {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = options.authorityFile {
            do {
                let own = try NIOSSLCertificate.fromPEMFile(file)
                // Where the system has no authorities at all, to ask for them fails.
                if hasSystemAuthorities {
                    tls.additionalTrustRoots = [.certificates(own)]
                } else {
                    tls.trustRoots = .certificates(own)
                }
            } catch { throw .tlsFailure(url: url, reason: "the authority file \(file) cannot be read") }
        }
        if !options.verifiesCertificates { tls.certificateVerification = .none }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(15)),
            connectionPool: .init(
                idleTimeout: .seconds(60),
                concurrentHTTP1ConnectionsPerHostSoftLimit: options.connections
            ),
            proxy: options.proxy.map(proxy),
            ignoreUncleanSSLShutdown: false,
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func proxy(_ proxy: Proxy) -> HTTPClient.Configuration.Proxy {
        guard let user = proxy.user else { return .server(host: proxy.host, port: proxy.port) }
        return .server(
            host: proxy.host,
            port: proxy.port,
            authorization: .basic(username: user, password: proxy.password?.exposed ?? "")
        )
    }

    /// Ends its connections.
    public func close() async { try? await http.shutdown() }

    // MARK: Calls

    /// One request before it is sent.
    struct Call: Sendable {
        var method: String
        /// Below the organization, without a slash before it.
        var path: String
        var query: [(String, String?)] = []
        var body: Data?
        /// A file that is the body, sent part by part.
        var file: String?
        var contentType = "application/json; charset=utf-8"
        var accept = "application/json"
        var headers: [(String, String)] = []
        var version = "7.1-preview.1"
        var timeout: Duration?
        var retries: Int?
        /// The path begins at the root of the server, not below the organization.
        var atRoot = false
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: Data
        var url: String
    }

    /// Sends a value and reads one.
    func call<Value: Decodable & Sendable>(
        _ call: Call,
        as type: Value.Type = Value.self
    ) async throws(ClientError) -> Value {
        guard let value = try await callOptional(call, as: type) else {
            throw .malformedAnswer(url: baseURL + call.path, reason: "it is empty")
        }
        return value
    }

    /// The same where an empty answer means that there is none.
    func callOptional<Value: Decodable & Sendable>(
        _ call: Call,
        as type: Value.Type
    ) async throws(ClientError) -> Value? {
        let answer = try await send(call)
        guard answer.status != 204, !answer.body.isEmpty, answer.body != Data("null".utf8) else { return nil }
        do { return try WireJSON.decode(type, from: answer.body) } catch {
            throw .malformedAnswer(url: answer.url, reason: "\(type) was expected")
        }
    }

    /// Sends and throws the answer away.
    func callForNothing(_ call: Call) async throws(ClientError) { _ = try await send(call) }

    static func body(_ value: some Encodable) throws(ClientError) -> Data {
        do { return try WireJSON.encode(value) } catch {
            throw .malformedAnswer(url: "", reason: "the request cannot be written as JSON")
        }
    }

    /// Sends with tries after failures that pass, and a new token after a refused one.
    func send(_ call: Call) async throws(ClientError) -> Answer {
        var attempt = 0
        var renewed = false
        while true {
            do {
                return try await sendOnce(call)
            } catch {
                if case .unauthorized = error, !renewed, case .agent = credential {
                    renewed = true
                    token.withLock { $0 = nil }
                    continue
                }
                attempt += 1
                guard error.isPassing, attempt <= call.retries ?? options.retries, !Task.isCancelled else {
                    throw error
                }
                await pause(attempt, error)
            }
        }
    }

    private func pause(_ attempt: Int, _ error: ClientError) async {
        var asked: Duration?
        if case .refused(let refusal) = error { asked = refusal.retryAfter.map { .milliseconds(Int64($0 * 1000)) } }
        let delay = RetryPolicy.delay(attempt: attempt, jitter: Double.random(in: 0...1), asked: asked)
        try? await Task.sleep(for: delay)
    }

    private func sendOnce(_ call: Call) async throws(ClientError) -> Answer {
        let request = try await request(call)
        let deadline = call.timeout ?? options.timeout
        do {
            let response = try await http.execute(
                request,
                timeout: .milliseconds(
                    Int64(deadline.components.seconds * 1000 + deadline.components.attoseconds / 1_000_000_000_000_000)
                )
            )
            let body = try await response.body.collect(upTo: Self.answerLimit)
            let answer = Answer(
                status: Int(response.status.code),
                headers: Dictionary(
                    response.headers.map { ($0.name.lowercased(), $0.value) },
                    uniquingKeysWith: { first, _ in first }
                ),
                body: Data(buffer: body),
                url: request.url
            )
            try judge(answer)
            return answer
        } catch let error as ClientError {
            throw error
        } catch {
            throw await Self.failure(error, url: request.url, options)
        }
    }

    /// Gives an answer to a closure part by part, and nil before each try; the next part is read when the closure has returned.
    ///
    /// - Returns: the headers, with names in lower case.
    func receive(
        _ call: Call,
        _ take: (ByteBuffer?) throws(ClientError) -> Void
    ) async throws(ClientError) -> [String: String] {
        var attempt = 0
        while true {
            do {
                try take(nil)
                return try await receiveOnce(call, take)
            } catch {
                attempt += 1
                guard error.isPassing, attempt <= call.retries ?? options.retries, !Task.isCancelled else {
                    throw error
                }
                await pause(attempt, error)
            }
        }
    }

    private func receiveOnce(
        _ call: Call,
        _ take: (ByteBuffer?) throws(ClientError) -> Void
    ) async throws(ClientError) -> [String: String] {
        let request = try await request(call)
        do {
            let response = try await http.execute(
                request,
                timeout: .seconds((call.timeout ?? options.timeout).components.seconds)
            )
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            guard response.status.code < 300 else {
                let body = try await response.body.collect(upTo: 1 << 20)
                let code = Int(response.status.code)
                try judge(Answer(status: code, headers: headers, body: Data(buffer: body), url: request.url))
                return headers
            }
            for try await buffer in response.body { try take(buffer) }
            return headers
        } catch {
            throw await Self.failure(error, url: request.url, options)
        }
    }

    /// A stream of the bytes of an answer, for logs and events that are followed.
    func stream(_ call: Call) async throws(ClientError) -> AsyncThrowingStream<[UInt8], any Error> {
        let request = try await request(call)
        do {
            let response = try await http.execute(request, deadline: .distantFuture)
            if response.status.code >= 300 {
                let body = try await response.body.collect(upTo: 1 << 20)
                try judge(
                    Answer(status: Int(response.status.code), headers: [:], body: Data(buffer: body), url: request.url)
                )
            }
            let body = response.body
            let proxy = options.proxy
            return AsyncThrowingStream { continuation in
                let task = Task {
                    do {
                        for try await buffer in body { continuation.yield(Array(buffer.readableBytesView)) }
                        continuation.finish()
                    } catch {
                        continuation.finish(
                            throwing: Self.clientError(error, url: request.url, proxy: proxy)
                        )
                    }
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        } catch let error as ClientError {
            throw error
        } catch {
            throw await Self.failure(error, url: request.url, options)
        }
    }

    /// Reads an answer of any size as it comes; the next bytes are taken from the network when the last were dealt with.
    func read(_ call: Call, take: @Sendable ([UInt8]) throws -> Void) async throws {
        let request = try await request(call)
        let response: HTTPClientResponse
        do { response = try await http.execute(request, deadline: .distantFuture) } catch {
            throw await Self.failure(error, url: request.url, options)
        }
        guard response.status.code < 300 else {
            let body = try await response.body.collect(upTo: 1 << 20)
            try judge(
                Answer(status: Int(response.status.code), headers: [:], body: Data(buffer: body), url: request.url)
            )
            throw ClientError.malformedAnswer(url: request.url, reason: "it is a redirection")
        }
        for try await buffer in response.body { try take(Array(buffer.readableBytesView)) }
    }

    private func request(_ call: Call) async throws(ClientError) -> HTTPClientRequest {
        let base = call.atRoot ? rootURL : baseURL
        var request = HTTPClientRequest(url: base + call.path + Self.query(call.query))
        request.method = .init(rawValue: call.method)
        request.headers.add(name: "User-Agent", value: options.userAgent)
        request.headers.add(name: "Accept", value: "\(call.accept);api-version=\(call.version)")
        request.headers.add(name: "X-TFS-FedAuthRedirect", value: "Suppress")
        for (name, value) in call.headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: call.contentType)
            request.body = .bytes(ByteBuffer(data: body))
        }
        if let file = call.file {
            guard let size = FileParts.size(file) else { throw .file(path: file, reason: "it cannot be read") }
            request.headers.add(name: "Content-Type", value: call.contentType)
            request.body = .stream(FileParts(path: file), length: .known(Int64(size)))
        }
        if let authorization = try await authorization() {
            request.headers.add(name: "Authorization", value: authorization)
        }
        return request
    }

    /// Scheme, host and port of the server, ending in a slash.
    private var rootURL: String {
        let parts = baseURL.split(separator: "/", omittingEmptySubsequences: false).prefix(3)
        return parts.joined(separator: "/") + "/"
    }

    private static func query(_ items: [(String, String?)]) -> String {
        let parts = items.compactMap { name, value in value.map { "\(name)=\(escape($0))" } }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    /// Percent-encoding of a value of a path or a query.
    public static func escape(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return out
    }

    // MARK: Credentials

    private func authorization() async throws(ClientError) -> String? {
        switch credential {
        case .none: nil
        case .personalToken(let secret): "Basic \(Data("roost:\(secret.exposed)".utf8).base64EncodedString())"
        case .bearer(let secret): "Bearer \(secret.exposed)"
        case .agent(let client, let url, let audience, let key):
            "Bearer \(try await agentToken(client, url, audience, key).exposed)"
        }
    }

    private func agentToken(
        _ client: ClientID,
        _ url: String,
        _ audience: String,
        _ key: AgentKey
    ) async throws(ClientError)
        -> Secret
    {
        if let known = token.withLock({ $0 }), known.renewAt > .now { return known.value }
        let assertion: Secret
        do { assertion = try ClientAssertion.make(client: client, audience: audience, key: key, at: Date()) } catch {
            throw .unauthorized(url: url, reason: "The agent's key cannot sign.")
        }
        let fields = [
            "grant_type=client_credentials",
            "client_assertion_type=\(Self.escape("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))",
            "client_assertion=\(Self.escape(assertion.exposed))",
        ]
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "User-Agent", value: options.userAgent)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: fields.joined(separator: "&")))
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            let body = Data(buffer: try await response.body.collect(upTo: 1 << 20))
            guard response.status == .ok else {
                let refusal = try? WireJSON.decode(OAuthErrorWire.self, from: body)
                if response.status.code >= 500 {
                    throw ClientError.refused(
                        .init(
                            status: Int(response.status.code),
                            typeKey: "",
                            message: "The token endpoint is away.",
                            url: url
                        )
                    )
                }
                throw ClientError.unauthorized(
                    url: url,
                    reason: refusal?.error_description ?? "The token endpoint answered \(response.status.code)."
                )
            }
            let answer = try WireJSON.decode(OAuthTokenWire.self, from: body)
            guard let value = answer.access_token.map({ Secret($0) }) else {
                throw ClientError.malformedAnswer(url: url, reason: "it has no access token")
            }
            // A tenth of its life before the end, so that a poll that is held never outlives its token.
            let life = Duration.seconds(answer.expires_in ?? 600)
            token.withLock { $0 = (value, .now + life - max(life / 10, .seconds(100))) }
            return value
        } catch let error as ClientError {
            throw error
        } catch {
            throw await Self.failure(error, url: url, options)
        }
    }

    // MARK: Answers

    private func judge(_ answer: Answer) throws(ClientError) {
        guard answer.status >= 300 || answer.status == 203 else { return }
        let wire = try? WireJSON.decode(WireError.self, from: answer.body)
        if answer.status == 401 || answer.status == 203 || answer.status == 302 {
            throw .unauthorized(
                url: answer.url,
                reason: wire?.message.map { ClientError.message($0, without: wire?.advice) }
                    ?? "The server does not accept this credential.",
                code: wire?.code,
                advice: wire?.advice
            )
        }
        if let problem = (try? WireJSON.decode(VaultErrorWire.self, from: answer.body))?.error {
            let refusal = ClientError.Refusal(
                status: answer.status,
                typeKey: problem.code,
                message: problem.message,
                url: answer.url
            )
            throw .refused(refusal)
        }
        guard let wire, let message = wire.message else {
            throw answer.status == 404
                ? .notAService(url: answer.url, reason: "it answered \(answer.status)")
                : .refused(
                    .init(
                        status: answer.status,
                        typeKey: "",
                        message: "The server answered \(answer.status).",
                        url: answer.url,
                        retryAfter: answer.headers["retry-after"].flatMap(Double.init)
                    )
                )
        }
        throw .refused(
            .init(
                status: answer.status,
                typeKey: wire.typeKey ?? "",
                message: message,
                url: answer.url,
                code: wire.code,
                location: wire.location,
                advice: wire.advice,
                retryAfter: answer.headers["retry-after"].flatMap(Double.init)
            )
        )
    }

    /// What a failed request means; a proxy that let nothing through is asked why.
    static func failure(_ error: any Error, url: String, _ options: ClientOptions) async -> ClientError {
        let failure = clientError(error, url: url, proxy: options.proxy)
        guard let proxy = options.proxy, case .proxy(_, _, .declines(nil)) = failure else { return failure }
        let group: any EventLoopGroup = options.loop ?? HTTPClient.defaultEventLoopGroup
        let status = await ProxyQuestion.status(proxy, for: url, on: group)
        switch status {
        // 401 is wrong here, but some proxies answer so to a wrong password.
        case 401, 407: return .proxy(url: url, proxy: proxy.url, .refuses(user: proxy.user))
        default: return .proxy(url: url, proxy: proxy.url, .declines(status: status))
        }
    }

    private static func clientError(_ error: any Error, url: String, proxy: Proxy?) -> ClientError {
        if let known = error as? ClientError { return known }
        let failure = clientError(error, url)
        // What cannot be reached is what is connected to.
        if let proxy, case .unreachable(_, let reason) = failure, !(error is HTTPClientError) {
            return .proxy(url: url, proxy: proxy.url, .away(reason))
        }
        guard let proxy, let known = error as? HTTPClientError else { return failure }
        switch known {
        case .proxyAuthenticationRequired: return .proxy(url: url, proxy: proxy.url, .refuses(user: proxy.user))
        case .invalidProxyResponse: return .proxy(url: url, proxy: proxy.url, .declines(status: nil))
        case .httpProxyHandshakeTimeout: return .proxy(url: url, proxy: proxy.url, .away("it does not answer"))
        case .connectTimeout: return .proxy(url: url, proxy: proxy.url, .away("it takes no connection"))
        default: return failure
        }
    }

    private static func clientError(_ error: any Error, _ url: String) -> ClientError {
        if let known = error as? HTTPClientError {
            if known == .deadlineExceeded || known == .readTimeout || known == .connectTimeout || known == .cancelled {
                return .timedOut(url: url)
            }
            if known == .invalidURL || known == .emptyHost || known == .emptyScheme { return .invalidURL(url) }
            return .unreachable(url: url, reason: known.shortDescription)
        }
        if error is CancellationError { return .timedOut(url: url) }
        let text = String(describing: error)
        if error is NIOSSLError || error is NIOSSLExtraError || text.contains("SSL") || text.contains("CERTIFICATE") {
            return .tlsFailure(
                url: url,
                reason: text.contains("CERTIFICATE_VERIFY_FAILED") ? "its certificate is not trusted" : text
            )
        }
        if text.contains("refused") {
            return .unreachable(url: url, reason: "nobody listens there (connection refused)")
        }
        if text.contains("resolve") || text.contains("Unknown host") || text.contains("Name or service") {
            return .unreachable(url: url, reason: "its name is not known")
        }
        return .unreachable(url: url, reason: text)
    }
}

extension RoostClient {
    /// A request to an authorization server, whose refusals have the shape of OAuth.
    func exchange(_ url: String, form: [String: String]?) async throws(ClientError) -> Answer {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: options.userAgent)
        request.headers.add(name: "Accept", value: "application/json")
        if let form {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let text = form.map { "\($0.key)=\(Self.escape($0.value))" }.joined(separator: "&")
            request.body = .bytes(ByteBuffer(string: text))
        }
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            let body = Data(buffer: try await response.body.collect(upTo: 1 << 20))
            let answer = Answer(status: Int(response.status.code), headers: [:], body: body, url: url)
            guard answer.status != 200 else { return answer }
            guard let refusal = try? WireJSON.decode(OAuthErrorWire.self, from: body), let error = refusal.error else {
                throw ClientError.notAService(url: url, reason: "it answers \(answer.status)")
            }
            throw ClientError.refused(
                .init(
                    status: answer.status,
                    typeKey: "",
                    message: refusal.error_description ?? error,
                    url: url,
                    code: error
                )
            )
        } catch let error as ClientError {
            throw error
        } catch {
            throw await Self.failure(error, url: url, options)
        }
    }
}
