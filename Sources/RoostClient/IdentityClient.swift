import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
public import RoostModel
public import RoostWire

/// Gets access tokens for an identity: from an authorization server, a machine's metadata endpoint, or a server that trusts another issuer.
///
/// It sends no credential but the one it is given for that call. Close it with ``close()``.
public final class IdentityClient: Sendable {
    private let http: HTTPClient
    private let options: ClientOptions
    /// Answers are a token and a few words.
    private static let answerLimit = 256 << 10

    /// - Throws: ``ClientError/tlsFailure(url:reason:)`` for an authority file that cannot be read.
    public init(options: ClientOptions) throws(ClientError) {
        self.options = options
        http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: try RoostClient.configuration(options, "")
        )
    }

    /// Ends its connections.
    public func close() async { try? await http.shutdown() }

    // MARK: Where identities sign in

    /// The authority that an organization names to those who bring no credential, such as `https://host/tenant`.
    ///
    /// - Parameter organization: its URL, ending in a slash.
    /// - Returns: nil when it names none.
    /// - Throws: ``ClientError`` when there is no answer.
    public func authority(of organization: String) async throws(ClientError) -> String? {
        let answer = try await send(.HEAD, "\(organization)_apis/connectiondata")
        guard answer.status == .unauthorized else { return nil }
        return answer.headers[canonicalForm: "WWW-Authenticate"].lazy.compactMap { AuthorityChallenge(String($0)) }
            .first?.authority
    }

    // MARK: Tokens

    /// Asks a token endpoint with a form.
    ///
    /// - Parameters:
    ///   - url: the endpoint.
    ///   - form: the fields, not yet encoded.
    /// - Returns: the access token.
    /// - Throws: ``IdentityFailure``.
    public func token(at url: String, _ form: [(name: String, value: String)]) async throws(IdentityFailure) -> Secret {
        let answer: Answer
        do { answer = try await send(.POST, url, form: form) } catch { throw .failed(error) }
        return try Self.token(answer)
    }

    /// Begins a sign-in that a person confirms elsewhere.
    ///
    /// - Throws: ``IdentityFailure``.
    public func deviceCode(
        at url: String,
        client: String,
        scope: String
    ) async throws(IdentityFailure) -> DeviceCodeWire {
        let answer: Answer
        do {
            answer = try await send(.POST, url, form: [("client_id", client), ("scope", scope)])
        } catch { throw .failed(error) }
        guard answer.status == .ok else { throw Self.refusal(answer) }
        do { return try WireJSON.decode(DeviceCodeWire.self, from: answer.body) } catch {
            throw .failed(.malformedAnswer(url: url, reason: "it has no device code"))
        }
    }

    /// Asks the metadata endpoint of this machine.
    ///
    /// - Parameters:
    ///   - url: the endpoint with its query.
    ///   - headers: what proves that the request comes from this machine.
    /// - Returns: the access token.
    /// - Throws: ``IdentityFailure``.
    public func machineToken(
        at url: String,
        headers: [(name: String, value: String)]
    ) async throws(IdentityFailure) -> Secret {
        let answer: Answer
        do { answer = try await send(.GET, url, headers: headers) } catch { throw .failed(error) }
        return try Self.token(answer)
    }

    // MARK: Requests

    struct Answer {
        var url: String
        var status: HTTPResponseStatus
        var headers: HTTPHeaders
        var body: Data
    }

    func send(
        _ method: HTTPMethod,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        form: [(name: String, value: String)]? = nil
    ) async throws(ClientError) -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "User-Agent", value: options.userAgent)
        request.headers.add(name: "Accept", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let fields = form.map { "\($0.name)=\(RoostClient.escape($0.value))" }
            request.body = .bytes(ByteBuffer(string: fields.joined(separator: "&")))
        }
        do {
            let response = try await http.execute(request, timeout: .seconds(options.timeout.components.seconds))
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return Answer(url: url, status: response.status, headers: response.headers, body: Data(buffer: body))
        } catch {
            throw await RoostClient.failure(error, url: url, options)
        }
    }

    private static func token(_ answer: Answer) throws(IdentityFailure) -> Secret {
        guard answer.status == .ok else { throw refusal(answer) }
        guard let token = try? WireJSON.decode(AccessTokenWire.self, from: answer.body).access_token, !token.isEmpty
        else { throw .failed(.malformedAnswer(url: answer.url, reason: "it has no access token")) }
        return Secret(token)
    }

    /// An answer that is none of OAuth's may still be one of the service's.
    static func refusal(_ answer: Answer) -> IdentityFailure {
        let oauth = try? WireJSON.decode(OAuthErrorWire.self, from: answer.body)
        let service = try? WireJSON.decode(WireError.self, from: answer.body)
        let message =
            oauth?.error_description
            ?? service?.message.map {
                ClientError.message($0, without: service?.advice)
            }
        return .refused(
            IdentityRefusal(
                url: answer.url,
                status: Int(answer.status.code),
                error: oauth?.error ?? "",
                message: message ?? "",
                code: service?.code,
                advice: service?.advice
            )
        )
    }
}

/// All that a client wants of a token endpoint's answer; the other members differ in type between endpoints.
private struct AccessTokenWire: Decodable { var access_token: String }
