import Crypto
import CryptoExtras
import FoundationEssentials
import NIOSSL

/// A certificate with whose key an identity signs its assertions.
struct IdentityCertificate: Codable, Hashable, Sendable {
    var id: UUID
    var name: String
    var pem: String
    /// What headers call `x5t`.
    var sha1: String
    /// What headers call `x5t#S256`.
    var sha256: String
    var expiresAt: Date
    var createdAt: Date

    /// Why a certificate cannot be used.
    enum Problem: Error, Hashable {
        case unreadable
        case notRSA
        case tooSmall(bits: Int)
    }

    /// Reads the first certificate of a PEM text; a private key beside it is not kept.
    init(id: UUID = UUID(), name: String, pemText: String, at now: Date) throws(Problem) {
        let certificate: NIOSSLCertificate
        let der: [UInt8]
        do {
            guard let first = try NIOSSLCertificate.fromPEMBytes(Array(pemText.utf8)).first else {
                throw Problem.unreadable
            }
            certificate = first
            der = try first.toDERBytes()
        } catch { throw .unreadable }
        guard let key = Self.key(of: certificate) else { throw .notRSA }
        guard key.keySizeInBits >= 2048 else { throw .tooSmall(bits: key.keySizeInBits) }
        self.id = id
        self.name = name
        pem = Self.pem(der)
        sha1 = TokenIssuer.base64URL(Data(Insecure.SHA1.hash(data: der)))
        sha256 = TokenIssuer.base64URL(Data(SHA256.hash(data: der)))
        expiresAt = Date(timeIntervalSince1970: Double(certificate.notValidAfter))
        createdAt = now
    }

    /// The key that assertions must be signed with.
    var publicKey: _RSA.Signing.PublicKey? {
        (try? NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)).flatMap(Self.key)
    }

    private static func key(of certificate: NIOSSLCertificate) -> _RSA.Signing.PublicKey? {
        guard let bytes = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
        return try? _RSA.Signing.PublicKey(derRepresentation: bytes)
    }

    /// The certificate alone (RFC 7468 §5).
    private static func pem(_ der: [UInt8]) -> String {
        let text = Array(Data(der).base64EncodedString())
        let lines = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<min($0 + 64, text.count)]) }
        return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
    }
}
