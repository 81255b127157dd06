import Crypto
import CryptoExtras
public import FoundationEssentials
public import RoostModel

/// The signed JSON Web Token with which a listener asks for its access token (§4.2 of the protocol).
public struct ClientAssertion: Sendable, Hashable {
    public var client: ClientID
    public var audience: String
    public var id: String
    public var notBefore: Date
    public var expires: Date

    private struct Claims: Codable {
        var sub: String
        var iss: String
        var aud: String
        var jti: String
        var nbf: Double
        var exp: Double
    }

    /// Why an assertion is refused.
    public enum Refusal: Error, Hashable, Sendable {
        case malformed
        case wrongSignature
        case wrongAudience(String)
        case expired(Date)
        case notYetValid(Date)
    }

    private static let header = Base64URL.encode(Data(#"{"typ":"JWT","alg":"RS256"}"#.utf8))
    /// Life of an assertion.
    private static let lifetime: TimeInterval = 300

    /// Makes and signs one that is good for five minutes.
    public static func make(client: ClientID, audience: String, key: AgentKey, at now: Date) throws -> Secret {
        let claims = Claims(
            sub: client.description,
            iss: client.description,
            aud: audience,
            jti: UUID().uuidString.lowercased(),
            nbf: now.timeIntervalSince1970.rounded(.down),
            exp: (now.timeIntervalSince1970 + lifetime).rounded(.down)
        )
        let signed = "\(header).\(Base64URL.encode(try WireJSON.encode(claims)))"
        return Secret("\(signed).\(Base64URL.encode(try key.sign(signed)))")
    }

    /// The client an assertion says it is from, before anything is proved.
    public static func unverifiedClient(_ token: String) -> ClientID? {
        (try? claims(of: token)).flatMap { ClientID(text: $0.sub) }
    }

    /// Checks signature, audience and time.
    ///
    /// - Parameters:
    ///   - token: the compact token.
    ///   - key: the client's registered key.
    ///   - audience: compared when it is given.
    ///   - now: the server's time.
    ///   - skew: how far clocks may be apart.
    /// - Returns: what the assertion says.
    /// - Throws: ``Refusal``.
    public static func verify(
        _ token: String,
        key: AgentPublicKey,
        audience: String?,
        at now: Date,
        skew: TimeInterval = 300
    )
        throws(Refusal) -> ClientAssertion
    {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]), let client = unverifiedClient(token) else {
            throw .malformed
        }
        let claims = try claims(of: token)
        let isSigned: Bool
        do {
            let rsa = try _RSA.Signing.PublicKey(n: key.modulus, e: key.exponent)
            isSigned = rsa.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8)),
                padding: .insecurePKCS1v1_5
            )
        } catch { throw .malformed }
        guard isSigned, claims.iss == claims.sub else { throw .wrongSignature }
        if let audience, claims.aud != audience { throw .wrongAudience(claims.aud) }
        let (start, end) = (Date(timeIntervalSince1970: claims.nbf), Date(timeIntervalSince1970: claims.exp))
        guard now.timeIntervalSince(end) <= skew else { throw .expired(end) }
        guard start.timeIntervalSince(now) <= skew else { throw .notYetValid(start) }
        return ClientAssertion(client: client, audience: claims.aud, id: claims.jti, notBefore: start, expires: end)
    }

    private static func claims(of token: String) throws(Refusal) -> Claims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(parts[1]) else { throw .malformed }
        do { return try WireJSON.decode(Claims.self, from: payload) } catch { throw .malformed }
    }
}

/// Base 64 for URLs, without padding (RFC 4648 §5).
public enum Base64URL {
    public static func encode(_ data: Data) -> String {
        String(
            data.base64EncodedString().compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 }
        )
    }

    public static func decode(_ text: some StringProtocol) -> Data? {
        let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
