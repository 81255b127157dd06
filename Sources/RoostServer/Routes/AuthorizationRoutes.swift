import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RoostModel

/// The authorization server, at the addresses at which Microsoft's libraries look for one.
///
/// The pages `authorize` and `/device` are the dashboard's, for a person signs in there.
func addAuthorizationRoutes(to table: RouteTable) {
    table.get("{tenant}/v2.0/.well-known/openid-configuration", .root, access: .anonymous) { call in
        try await call.grant { try GrantJSON.response(AuthorityMetadata(call)) }
    }
    table.get("{tenant}/discovery/v2.0/keys", .root, access: .anonymous) { call in
        try await call.grant { try GrantJSON.response(PublishedKeys(try await call.plane.publishedKeys())) }
    }
    table.post("{tenant}/oauth2/v2.0/token", .root, access: .anonymous) { call in
        try await call.grant {
            let form = QueryValues(String(buffer: try await call.body()))
            return try GrantJSON.response(try await TokenGrants(call: call, form: form).answer())
        }
    }
    table.post("{tenant}/oauth2/v2.0/devicecode", .root, access: .anonymous) { call in
        try await call.grant {
            let form = QueryValues(String(buffer: try await call.body()))
            return try GrantJSON.response(try call.beginDeviceSignIn(form))
        }
    }
    table.post("{tenant}/oauth2/v2.0/revoke", .root, access: .anonymous) { call in
        try await call.grant {
            let form = QueryValues(String(buffer: try await call.body()))
            try await call.revoke(form["token"] ?? "")
            return Response(status: .ok)
        }
    }
}

extension Call {
    /// The token endpoint under each of its names.
    var tokenEndpoints: [String] {
        var bases = [services.address]
        if let host = request.head.authority {
            bases.append("\(services.configuration.usesTLS ? "https" : "http")://\(host)/")
        }
        return bases.flatMap { base in plane.tenantNames.map { "\(base)\($0)/oauth2/v2.0/token" } }
    }

    /// Checks tenant and rate, and turns refusals into what clients of OAuth understand.
    fileprivate func grant(_ body: () async throws -> Response) async throws -> Response {
        do {
            let tenant = text("tenant")
            guard plane.tenantNames.contains(tenant.lowercased()) else { throw GrantRefusal.unknownTenant(tenant) }
            try limitGrants()
            return try await body()
        } catch let refusal as GrantRefusal {
            context.logger.info(
                "a token was refused",
                metadata: [
                    "request": "\(context.requestID)", "reason": "AADSTS\(refusal.number)",
                    "from": "\(context.clientAddress)",
                ]
            )
            let correlation = HTTPField.Name("client-request-id").flatMap { request.headers[$0] } ?? ""
            let failure = GrantFailure(
                refusal,
                trace: UUID().uuidString.lowercased(),
                correlation: UUID(uuidString: correlation)?.uuidString.lowercased() ?? UUID().uuidString.lowercased(),
                at: Date()
            )
            var response = try GrantJSON.response(failure, status: refusal.status)
            if case .tooManyRequests(let seconds) = refusal { response.headers[.retryAfterSeconds] = String(seconds) }
            return response
        }
    }

    private func limitGrants() throws(GrantRefusal) {
        let limiter = services.grantLimiter
        guard !limiter.isUnlimited else { return }
        let allowance = limiter.take(.address(context.clientAddress), at: .now)
        guard !allowance.isAllowed else { return }
        throw .tooManyRequests(retryAfter: max(1, Int(allowance.wait.rounded(.up))))
    }

    fileprivate func beginDeviceSignIn(_ form: QueryValues) throws -> DeviceAuthorization {
        guard let text = form["client_id"] else { throw GrantRefusal.missing(parameter: "client_id") }
        guard let client = UUID(uuidString: text).flatMap(plane.signInClient) else {
            throw GrantRefusal.unknownClient(text)
        }
        let scope: RequestedScope
        do { scope = try RequestedScope(form["scope"] ?? "", isApp: false) } catch { throw GrantRefusal.scope(error) }
        guard services.configuration.dashboard else { throw GrantRefusal.unsupportedGrant("device_code") }
        guard let begun = plane.signIns.begin(client, scope, from: context.clientAddress, at: Date()) else {
            throw GrantRefusal.device(.tooMany)
        }
        return DeviceAuthorization(begun.code, begun.device, page: "\(services.address)device")
    }

    /// Ends the family of a refresh token; anything else is no error (RFC 7009 §2.2).
    fileprivate func revoke(_ text: String) async throws {
        guard let token = RefreshToken(text, issuer: plane.currentIdentity.issuer) else { return }
        try await plane.revokeSignIn(token.family, because: "signed out", by: .system)
    }
}

/// What an authorization server says of itself (OpenID Connect Discovery 1.0 §3).
private struct AuthorityMetadata: Encodable {
    var issuer: String
    var authorization_endpoint: String
    var token_endpoint: String
    var device_authorization_endpoint: String
    var revocation_endpoint: String
    var jwks_uri: String
    var token_endpoint_auth_methods_supported = ["client_secret_post", "client_secret_basic", "private_key_jwt"]
    var token_endpoint_auth_signing_alg_values_supported = ["RS256", "PS256"]
    var response_types_supported = ["code"]
    var response_modes_supported = ["query", "form_post"]
    var code_challenge_methods_supported = ["S256"]
    var subject_types_supported = ["pairwise"]
    var id_token_signing_alg_values_supported = ["RS256"]
    var scopes_supported = ["openid", "profile", "email", "offline_access"]
    var claims_supported = ["sub", "iss", "aud", "exp", "iat", "oid", "tid", "preferred_username", "name"]
    var grant_types_supported = [
        "client_credentials", "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
    ]

    init(_ call: Call) {
        // A client goes on under the name of the tenant it began with.
        let base = call.services.address + PercentCoding.encode(call.text("tenant").lowercased())
        issuer = call.plane.tokenIssuerURL
        authorization_endpoint = "\(base)/oauth2/v2.0/authorize"
        token_endpoint = "\(base)/oauth2/v2.0/token"
        device_authorization_endpoint = "\(base)/oauth2/v2.0/devicecode"
        revocation_endpoint = "\(base)/oauth2/v2.0/revoke"
        jwks_uri = "\(base)/discovery/v2.0/keys"
    }
}

/// The public keys as a JSON Web Key Set (RFC 7517 §5).
private struct PublishedKeys: Encodable {
    struct Key: Encodable {
        var kty = "RSA"
        var use = "sig"
        var alg = "RS256"
        var kid: String
        var n: String
        var e: String
    }
    var keys: [Key]

    init(_ keys: [SigningKey]) {
        self.keys = keys.map { key in
            Key(kid: key.id, n: TokenIssuer.base64URL(key.modulus), e: TokenIssuer.base64URL(key.exponent))
        }
    }
}

/// The answer to a device (RFC 8628 §3.2).
private struct DeviceAuthorization: Encodable {
    var device_code: String
    var user_code: String
    var verification_uri: String
    var verification_uri_complete: String
    var expires_in: Int
    var interval: Int
    var message: String

    init(_ code: Secret, _ device: DeviceSignIn, page: String) {
        device_code = code.exposed
        user_code = device.userCode
        verification_uri = page
        verification_uri_complete = "\(page)?code=\(device.userCode)"
        expires_in = Int(DeviceSignIn.life)
        interval = Int(device.interval)
        message = "To sign in, open the page \(page) in a browser and enter the code \(device.userCode)."
    }
}
