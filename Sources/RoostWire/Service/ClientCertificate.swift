import Crypto
import CryptoExtras
public import FoundationEssentials
import NIOSSL
public import RoostModel

/// A certificate and its private key, by which a program proves to an authorization server who it is.
public struct ClientCertificate: Sendable {
    /// Why two files are no credential.
    public enum Fault: Error, Hashable, Sendable {
        case noCertificate
        case noKey
        case encryptedKey
        /// The certificate is of another key.
        case otherKey
        case expired(Date)
    }

    private let der: Data
    /// The certificate's end.
    public let expiresAt: Date
    private let key: _RSA.Signing.PrivateKey
    /// Life of an assertion.
    private static let lifetime: TimeInterval = 300

    /// - Parameters:
    ///   - certificate: PEM; the first certificate in it counts.
    ///   - key: PEM of an RSA key that is not encrypted.
    ///   - now: the present.
    /// - Throws: ``Fault``.
    public init(certificate: String, key: String, at now: Date) throws(Fault) {
        guard let der = Self.content(of: "CERTIFICATE", in: certificate),
            let parsed = try? NIOSSLCertificate(bytes: Array(der), format: .der)
        else { throw .noCertificate }
        if key.contains("ENCRYPTED") { throw .encryptedKey }
        guard let secret = Self.key(in: key) else { throw .noKey }
        // The certificate holds the public key as it is written in DER.
        guard der.firstRange(of: secret.publicKey.derRepresentation) != nil else { throw .otherKey }
        let end = Date(timeIntervalSince1970: TimeInterval(parsed.notValidAfter))
        guard end > now else { throw .expired(end) }
        self.der = der
        expiresAt = end
        self.key = secret
    }

    private static func key(in text: String) -> _RSA.Signing.PrivateKey? {
        for name in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
            guard let der = content(of: name, in: text) else { continue }
            if let key = try? _RSA.Signing.PrivateKey(derRepresentation: der) { return key }
        }
        return nil
    }

    /// The bytes of the first part of a PEM text that has this name.
    private static func content(of name: String, in text: String) -> Data? {
        guard let start = text.firstRange(of: "-----BEGIN \(name)-----"),
            let end = text[start.upperBound...].firstRange(of: "-----END \(name)-----")
        else { return nil }
        return Data(base64Encoded: text[start.upperBound..<end.lowerBound].filter { !$0.isWhitespace })
    }

    private struct Header: Encodable {
        var typ = "JWT"
        var alg = "RS256"
        var x5t: String
        var x5tS256: String
        enum CodingKeys: String, CodingKey {
            case typ, alg, x5t
            case x5tS256 = "x5t#S256"
        }
    }

    private struct Claims: Encodable {
        var iss: String
        var sub: String
        var aud: String
        var jti: String
        var iat: Int
        var nbf: Int
        var exp: Int
    }

    /// Makes and signs a `client_assertion` that is good for five minutes.
    ///
    /// - Parameters:
    ///   - client: the client's id.
    ///   - audience: the token endpoint.
    ///   - now: the present.
    /// - Returns: the compact token.
    /// - Throws: when the key cannot sign.
    public func assertion(client: String, audience: String, at now: Date) throws -> Secret {
        let seconds = Int(now.timeIntervalSince1970)
        let header = Header(
            x5t: Base64URL.encode(Data(Insecure.SHA1.hash(data: der))),
            x5tS256: Base64URL.encode(Data(SHA256.hash(data: der)))
        )
        let claims = Claims(
            iss: client,
            sub: client,
            aud: audience,
            jti: UUID().uuidString.lowercased(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + Int(Self.lifetime)
        )
        let signed = [try WireJSON.encode(header), try WireJSON.encode(claims)].map(Base64URL.encode)
            .joined(separator: ".")
        let hash = SHA256.hash(data: Data(signed.utf8))
        let signature = try key.signature(for: hash, padding: .insecurePKCS1v1_5).rawRepresentation
        return Secret("\(signed).\(Base64URL.encode(signature))")
    }
}
