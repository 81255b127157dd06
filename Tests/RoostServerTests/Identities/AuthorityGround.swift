import Crypto
import CryptoExtras
import Foundation
import RoostModel
import RoostTesting
import RoostStore

@testable import RoostServer

/// What tests of the authorization server do with a server.
extension LiveServer {
    static let serviceScope = "\(AccessTokenClaims.serviceAudience)/.default"

    var tenant: String { app.plane.instanceID.uuidString.lowercased() }

    /// Sends a form.
    func post(
        _ path: String,
        _ form: [String: String],
        as sender: Sender = .nobody,
        client: String? = nil
    ) async throws -> Answer {
        let body = form.map { "\($0.key)=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
        var headers = [("Content-Type", "application/x-www-form-urlencoded")]
        if let client { headers.append(("Authorization", "Basic \(Data(client.utf8).base64EncodedString())")) }
        return try await send(.POST, path, as: sender, headers: headers, body: body)
    }

    /// Asks the token endpoint.
    func token(_ form: [String: String], tenant: String? = nil, client: String? = nil) async throws -> Answer {
        try await post("/\(tenant ?? self.tenant)/oauth2/v2.0/token", form, client: client)
    }

    /// Makes an identity with one secret.
    func identity(
        _ name: String = "deployer",
        scopes: Set<TokenScope> = [.agentPools],
        pools: Set<Int> = [],
        redirects: [String] = []
    ) async throws -> (identity: DirectoryIdentity, secret: String, secretID: UUID) {
        let draft = IdentityDraft(name: name, scopes: scopes, pools: pools, redirects: redirects)
        let made = try await app.plane.createIdentity(draft, by: .system)
        let secret = try await app.plane.addSecret(to: made.name, name: "s", days: 1, by: .system)
        return (secret.identity, secret.value.exposed, secret.secret.id)
    }

    /// The form of client credentials with a secret.
    static func form(_ identity: DirectoryIdentity, _ secret: String) -> [String: String] {
        [
            "grant_type": "client_credentials", "client_id": identity.clientID.uuidString.lowercased(),
            "client_secret": secret, "scope": serviceScope,
        ]
    }

    /// The form of client credentials with an assertion.
    static func form(_ identity: DirectoryIdentity, assertion: String) -> [String: String] {
        [
            "grant_type": "client_credentials", "client_id": identity.clientID.uuidString.lowercased(),
            "client_assertion": assertion, "scope": serviceScope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ]
    }

    /// A cookie of the administrator's session.
    var session: String {
        get throws { try app.plane.issueDashboardSession(pat: admin, lifetime: .seconds(600))?.exposed ?? "" }
    }
}

extension LiveServer.Answer {
    /// The number after AADSTS; nil without one.
    var aadsts: Int? { (json["error_codes"] as? [Int])?.first }
    var error: String? { json["error"] as? String }
    var accessToken: String { json["access_token"] as? String ?? "" }

    /// The claims of a token in the answer.
    func claims(_ name: String = "access_token") -> [String: Any] {
        let parts = (json[name] as? String ?? "").split(separator: ".")
        guard parts.count == 3, let data = TokenIssuer.data(base64URL: parts[1]) else { return [:] }
        return (try? JSONSerialization.jsonObject(with: data) as? [String: Any]) ?? [:]
    }
}

/// A key with a certificate of its own, made by openssl.
struct TestCertificate {
    let pem: String
    let key: _RSA.Signing.PrivateKey

    init(in folder: URL, days: Int = 2) throws {
        let (certificate, key) = (folder.appending(path: "\(UUID()).pem"), folder.appending(path: "\(UUID()).key"))
        _ = try ShortCommand.run([
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "\(days)", "-subj", "/CN=deployer",
            "-keyout", key.path, "-out", certificate.path,
        ])
        pem = try String(contentsOf: certificate, encoding: .utf8)
        self.key = try _RSA.Signing.PrivateKey(pemRepresentation: String(contentsOf: key, encoding: .utf8))
    }

    /// A signed token with these claims.
    func assertion(_ header: [String: String], _ claims: [String: Any]) throws -> String {
        let head = try JSONSerialization.data(withJSONObject: header)
        let body = try JSONSerialization.data(withJSONObject: claims)
        let signed = "\(TokenIssuer.base64URL(head)).\(TokenIssuer.base64URL(body))"
        let padding: _RSA.Signing.Padding = header["alg"] == "PS256" ? .PSS : .insecurePKCS1v1_5
        let signature = try key.signature(for: SHA256.hash(data: Data(signed.utf8)), padding: padding)
        return "\(signed).\(TokenIssuer.base64URL(signature.rawRepresentation))"
    }
}

extension MemoryStore {
    /// All settings as text, to look for what must not be in them.
    func everything() async throws -> String {
        try await load().settings.map { "\($0.key) \(String(decoding: $0.value, as: UTF8.self))" }
            .joined(separator: "\n")
    }
}
