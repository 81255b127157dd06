import Crypto
import FoundationEssentials
import HTTPTypes
import RoostModel
import RoostWire

/// How a program proves which identity it is.
enum ClientProof: Sendable {
    case none
    case secret(String)
    case assertion(String)

    /// What a request brings: in its body, or as Basic authentication (RFC 6749 §2.3.1).
    static func read(
        _ form: QueryValues,
        _ headers: HTTPFields
    ) throws(GrantRefusal) -> (client: UUID, proof: ClientProof) {
        let basic = basic(headers)
        let assertion = form["client_assertion"]
        let subject = assertion.flatMap { SignedToken($0)?.claims(as: AssertionClaims.self)?.sub }
        guard let text = form["client_id"] ?? basic?.id ?? subject else { throw .missing(parameter: "client_id") }
        guard let client = UUID(uuidString: text) else { throw .unknownClient(text) }
        if let assertion {
            guard form["client_assertion_type"] == assertionType else {
                throw .missing(parameter: "client_assertion_type=\(assertionType)")
            }
            return (client, .assertion(assertion))
        }
        return (client, (form["client_secret"] ?? basic?.secret).map { .secret($0) } ?? .none)
    }

    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    private static func basic(_ headers: HTTPFields) -> (id: String, secret: String)? {
        guard let header = headers[.authorization], header.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(header.dropFirst(6).drop { $0 == " " })),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let id = String(decoding: bytes[..<colon], as: UTF8.self)
        let secret = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        return (PercentCoding.decode(id, plusIsBlank: true), PercentCoding.decode(secret, plusIsBlank: true))
    }
}

/// What assertions of clients say.
struct AssertionClaims: Codable, Sendable, Hashable {
    var iss: String?
    var sub: String?
    var aud: AudienceClaim?
    var exp: Double?
    var nbf: Double?
    var iat: Double?
    var jti: String?

    /// - Throws: ``GrantRefusal/assertionTime(from:until:now:)`` outside its time; clocks may be five minutes apart.
    func checkTime(at now: Date) throws(GrantRefusal) {
        guard let exp else { throw .malformedAssertion("it has no 'exp'") }
        let end = Date(timeIntervalSince1970: exp)
        let start = (nbf ?? iat).map { Date(timeIntervalSince1970: $0) }
        let difference = ControlPlane.clockDifference
        let hasBegun = start.map { $0 <= now + difference } ?? true
        guard hasBegun, now < end + difference else { throw .assertionTime(from: start, until: end, now: now) }
    }
}

/// Judges proofs.
struct ClientJudge: Sendable {
    /// What was proved, by what.
    struct Proved: Sendable {
        var identity: DirectoryIdentity
        var signIn: SignIn
        var credential: UUID
    }

    let plane: ControlPlane
    let issuerKeys: IssuerKeyCache
    let binding: AssertionBinding
    /// Of the token endpoint, under the names it is reached by.
    let audiences: [String]
    let address: String
    let now: Date

    func judge(_ client: UUID, _ proof: ClientProof) async throws -> Proved {
        guard let identity = plane.directoryIdentity(client: client) else {
            throw GrantRefusal.unknownClient(client.uuidString.lowercased())
        }
        guard identity.kind == .servicePrincipal else { throw GrantRefusal.notThisKind(client: identity.name) }
        let proved: Proved
        switch proof {
        case .none: throw GrantRefusal.noProof
        case .secret(let text): proved = try judge(identity, secret: text)
        case .assertion(let text):
            guard let token = SignedToken(text), let claims: AssertionClaims = token.claims() else {
                throw GrantRefusal.malformedAssertion("it has not three parts of base 64 with JSON in them")
            }
            let isOwn = [claims.iss, claims.sub].allSatisfy { $0.flatMap(UUID.init(uuidString:)) == client }
            proved =
                isOwn
                ? try judge(identity, certificate: token, claims) : try await judge(identity, text, token, claims)
        }
        // Said only to who has proved to be it.
        guard identity.isEnabled else { throw GrantRefusal.disabledClient(identity.name) }
        return proved
    }

    private func judge(_ identity: DirectoryIdentity, secret text: String) throws(GrantRefusal) -> Proved {
        let hash = PersonalToken.hash(text)
        guard let secret = identity.secrets.first(where: { $0.hash == hash }) else {
            throw .wrongSecret(client: identity.name)
        }
        guard secret.expiresAt > now else { throw .expiredSecret(client: identity.name, at: secret.expiresAt) }
        return Proved(identity: identity, signIn: .clientSecret, credential: secret.id)
    }

    // MARK: Certificates (RFC 7523 §3)

    private func judge(
        _ identity: DirectoryIdentity,
        certificate token: SignedToken,
        _ claims: AssertionClaims
    ) throws(GrantRefusal) -> Proved {
        let thumbprint = token.header.x5tS256 ?? token.header.x5t ?? ""
        guard
            let certificate = identity.certificates.first(where: { certificate in
                token.header.x5tS256.map { Self.plain($0) == certificate.sha256 }
                    ?? (Self.plain(token.header.x5t ?? "") == certificate.sha1)
            }), let key = certificate.publicKey
        else { throw .unknownCertificate(client: identity.name, thumbprint: thumbprint) }
        guard token.isSigned(by: key) else { throw .assertionSignature }
        guard certificate.expiresAt > now else {
            throw .expiredCertificate(client: identity.name, at: certificate.expiresAt)
        }
        try claims.checkTime(at: now)
        let own = Set(audiences.map { $0.lowercased() })
        guard let given = claims.aud?.values, given.contains(where: { own.contains($0.lowercased()) }) else {
            let got = claims.aud?.values.joined(separator: " ") ?? ""
            throw .assertionAudience(got: got, expected: audiences.first ?? "")
        }
        guard let id = claims.jti, !id.isEmpty, id.utf8.count <= 300, let exp = claims.exp else {
            throw .malformedAssertion("it has no 'jti'")
        }
        // One that is good for years would be remembered for years.
        let end = Date(timeIntervalSince1970: exp)
        guard end <= now + Self.longestAssertion else { throw .malformedAssertion("it is good for more than a day") }
        let key2 = "\(identity.id) \(id)"
        guard binding.admits(key2, from: address, expires: end + ControlPlane.clockDifference, at: now) else {
            throw .assertionElsewhere
        }
        return Proved(identity: identity, signIn: .certificate, credential: certificate.id)
    }

    /// Some clients write the padding that base 64 for URLs has not.
    private static func plain(_ thumbprint: String) -> String { String(thumbprint.prefix { $0 != "=" }) }

    private static let longestAssertion: TimeInterval = 86_400

    // MARK: Tokens of other issuers

    private func judge(
        _ identity: DirectoryIdentity,
        _ text: String,
        _ token: SignedToken,
        _ claims: AssertionClaims
    ) async throws -> Proved {
        let credential = try federation(of: identity, claims)
        guard ["RS256", "PS256", "ES256", "ES384"].contains(token.header.alg) else {
            throw GrantRefusal.assertionSignature
        }
        if credential.issuer == plane.tokenIssuerURL {
            let keys = try await plane.publishedKeys()
            guard let key = keys.first(where: { $0.id == token.header.kid })?.publicKey, token.isSigned(by: key) else {
                throw GrantRefusal.assertionSignature
            }
        } else {
            try await checkSignature(of: text, by: credential.issuer)
        }
        try claims.checkTime(at: now)
        return Proved(identity: identity, signIn: .federated, credential: credential.id)
    }

    /// The credential that the token matches; which part is wrong is said of the nearest.
    private func federation(
        of identity: DirectoryIdentity,
        _ claims: AssertionClaims
    ) throws(GrantRefusal) -> FederatedCredential {
        let (issuer, subject, audiences) = (claims.iss ?? "", claims.sub ?? "", claims.aud?.values ?? [])
        let sameIssuer = identity.federations.filter { $0.issuer == issuer }
        let sameSubject = sameIssuer.filter { $0.subject == subject }
        if let match = sameSubject.first(where: { audiences.contains($0.audience) }) { return match }
        let differs: String
        if identity.federations.isEmpty {
            differs = "the identity has no federated credential"
        } else if let other = sameSubject.first {
            differs = "the audience must be '\(other.audience)'"
        } else {
            differs = sameIssuer.isEmpty ? "none is of this issuer" : "none is of this subject"
        }
        throw .noFederation(
            issuer: issuer,
            subject: subject,
            audience: audiences.joined(separator: " "),
            differs: differs
        )
    }

    /// Checks the signature with the issuer's keys, which are fetched anew when the token names one that is not known.
    private func checkSignature(of text: String, by issuer: String) async throws(GrantRefusal) {
        let token: ForeignToken
        do { token = try ForeignToken(text) } catch { throw .malformedAssertion(error.summary) }
        let keys: IssuerKeySet
        do {
            keys = try await issuerKeys.keys(of: IssuerSource(issuer: issuer), keyID: token.keyID, at: now)
        } catch { throw .issuerKeys(issuer: issuer, reason: error.summary) }
        do { try await keys.verify(token) } catch { throw .assertionSignature }
    }
}
