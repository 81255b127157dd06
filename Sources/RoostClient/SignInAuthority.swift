import AsyncHTTPClient
import Crypto
public import FoundationEssentials
import NIOCore
import NIOFoundationEssentialsCompat
import NIOSSL
public import RoostModel
import RoostWire

/// The authorization server of a Roost server, for programs that sign a person in.
public struct SignInAuthority: Sendable, Hashable {
    /// The client id of `roost` itself.
    public static let client = "726f6f73-7400-4000-8000-000000000001"
    private static let scope = "499b84ac-1321-427f-aa17-267ca6975798/.default offline_access openid profile"

    public var tokenURL: String
    public var deviceURL: String
    public var authorizeURL: String
    public var revocationURL: String
    private let authorityFile: String?

    /// Its discovery document, as far as it is needed.
    private struct Document: Decodable {
        var token_endpoint: String
        var device_authorization_endpoint: String
        var authorization_endpoint: String
        var revocation_endpoint: String
    }

    /// Looks for it at the root of the server of an organization's address, or below that address.
    ///
    /// - Throws: ``ClientError`` of the last place that was tried.
    public static func find(_ url: String, authorityFile: String?) async throws(ClientError) -> SignInAuthority {
        guard let parsed = URL(string: url), let scheme = parsed.scheme, let host = parsed.host else {
            throw .invalidURL(url)
        }
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let root = "\(scheme)://\(bracketed)\(parsed.port.map { ":\($0)" } ?? "")"
        let whole = url.hasSuffix("/") ? String(url.dropLast()) : url
        var failure = ClientError.notAService(url: url, reason: "it has no authorization server")
        for base in root == whole ? [root] : [root, whole] {
            let address = "\(base)/common/v2.0/.well-known/openid-configuration"
            do {
                let answer = try await exchange(address, form: nil, authorityFile)
                let document = try WireJSON.decode(Document.self, from: answer.body)
                return SignInAuthority(document, authorityFile)
            } catch let error as ClientError {
                failure = error
            } catch { failure = .notAService(url: address, reason: "it has no authorization server") }
        }
        throw failure
    }

    private init(_ document: Document, _ authorityFile: String?) {
        tokenURL = document.token_endpoint
        deviceURL = document.device_authorization_endpoint
        authorizeURL = document.authorization_endpoint
        revocationURL = document.revocation_endpoint
        self.authorityFile = authorityFile
    }

    /// One that was found before.
    public init(tokenURL: String, authorityFile: String?) {
        self.tokenURL = tokenURL
        let base = tokenURL.hasSuffix("/token") ? String(tokenURL.dropLast(6)) : tokenURL
        deviceURL = "\(base)/devicecode"
        authorizeURL = "\(base)/authorize"
        revocationURL = "\(base)/revoke"
        self.authorityFile = authorityFile
    }

    // MARK: Grants

    /// What a sign-in gave.
    public struct Tokens: Sendable {
        public var access: Secret
        /// Nil when the one that was sent is still the newest.
        public var refresh: Secret?
        public var expiresAt: Date
    }

    /// A sign-in that waits for a person.
    public struct Device: Sendable {
        public var message: String
        public var code: Secret
        /// Between polls.
        public var interval: Duration
        public var expiresAt: Date
    }

    private struct DeviceWire: Decodable {
        var device_code: String
        var message: String
        var interval: Int?
        var expires_in: Int
    }

    private struct TokenWire: Decodable {
        var access_token: String
        var refresh_token: String?
        var expires_in: Int
    }

    public func beginDevice() async throws(ClientError) -> Device {
        let wire: DeviceWire = try await read(deviceURL, ["client_id": Self.client, "scope": Self.scope])
        return Device(
            message: wire.message,
            code: Secret(wire.device_code),
            interval: .seconds(wire.interval ?? 5),
            expiresAt: Date() + Double(wire.expires_in)
        )
    }

    /// Waits until the person has decided.
    public func finish(_ device: Device) async throws -> Tokens {
        var interval = device.interval
        let form = [
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device.code.exposed,
        ]
        while true {
            do throws(ClientError) {
                return try await tokens(form)
            } catch {
                guard case .refused(let refusal) = error, let code = refusal.code, Self.waiting.contains(code) else {
                    throw error
                }
                if code == "slow_down" { interval += .seconds(5) }
            }
            try await Task.sleep(for: interval)
        }
    }

    private static let waiting: Set = ["authorization_pending", "slow_down"]

    /// The address at which a browser asks the person.
    public func authorizeAddress(redirect: String, challenge: String, state: String) -> String {
        let values = [
            ("client_id", Self.client), ("response_type", "code"), ("redirect_uri", redirect), ("scope", Self.scope),
            ("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        return authorizeURL + "?" + values.map { "\($0.0)=\(RoostClient.escape($0.1))" }.joined(separator: "&")
    }

    /// What proves a verifier (RFC 7636 §4.2).
    public static func challenge(of verifier: String) -> String {
        Base64URL.encode(Data(SHA256.hash(data: Data(verifier.utf8))))
    }

    public func redeem(code: String, verifier: Secret, redirect: String) async throws(ClientError) -> Tokens {
        try await tokens([
            "grant_type": "authorization_code", "code": code, "code_verifier": verifier.exposed,
            "redirect_uri": redirect,
        ])
    }

    public func refresh(_ token: Secret) async throws(ClientError) -> Tokens {
        try await tokens(["grant_type": "refresh_token", "refresh_token": token.exposed, "scope": Self.scope])
    }

    /// Ends the sign-in of a refresh token.
    public func revoke(_ token: Secret) async throws(ClientError) {
        _ = try await Self.exchange(revocationURL, form: ["token": token.exposed], authorityFile)
    }

    private func tokens(_ form: [String: String]) async throws(ClientError) -> Tokens {
        let wire: TokenWire = try await read(tokenURL, form.merging(["client_id": Self.client]) { $1 })
        return Tokens(
            access: Secret(wire.access_token),
            refresh: wire.refresh_token.map { Secret($0) },
            expiresAt: Date() + Double(wire.expires_in)
        )
    }

    private func read<Value: Decodable>(_ url: String, _ form: [String: String]) async throws(ClientError) -> Value {
        let answer = try await Self.exchange(url, form: form, authorityFile)
        do { return try WireJSON.decode(Value.self, from: answer.body) } catch {
            throw .malformedAnswer(url: url, reason: "\(Value.self) was expected")
        }
    }

    // MARK: HTTP

    private static func exchange(
        _ url: String,
        form: [String: String]?,
        _ authorityFile: String?
    ) async throws(ClientError) -> RoostClient.Answer {
        let options = ClientOptions(userAgent: "roost", retries: 2, authorityFile: authorityFile)
        let client = try RoostClient(url: url, credential: .none, options: options)
        let result: Result<RoostClient.Answer, ClientError>
        do { result = .success(try await client.exchange(url, form: form)) } catch { result = .failure(error) }
        await client.close()
        return try result.get()
    }
}
