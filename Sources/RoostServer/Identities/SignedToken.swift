import Crypto
import CryptoExtras
import FoundationEssentials
import RoostModel

/// A JSON Web Token in its compact form (RFC 7519), taken apart; nothing in it is proved.
struct SignedToken: Sendable {
    /// What the head says that matters here.
    struct Header: Codable, Sendable, Hashable {
        var alg: String
        var typ: String?
        var kid: String?
        var x5t: String?
        var x5tS256: String?
        /// Headers that must be understood; none is.
        var crit: [String]?

        private enum CodingKeys: String, CodingKey {
            case alg, typ, kid, x5t, crit
            case x5tS256 = "x5t#S256"
        }
    }

    let header: Header
    let payload: Data
    private let signed: Data
    private let signature: Data

    /// Longest token that is looked at.
    private static let limit = 16_384

    /// Nil when the text is no such token.
    init?(_ text: String) {
        guard text.utf8.count <= Self.limit else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = TokenIssuer.data(base64URL: parts[0]),
            let payload = TokenIssuer.data(base64URL: parts[1]), let signature = TokenIssuer.data(base64URL: parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: head), header.crit == nil
        else { return nil }
        self.header = header
        self.payload = payload
        self.signature = signature
        signed = Data("\(parts[0]).\(parts[1])".utf8)
    }

    /// What it claims; nil when that is of another shape.
    func claims<Claims: Decodable>(as type: Claims.Type = Claims.self) -> Claims? {
        try? JSONDecoder().decode(type, from: payload)
    }

    /// Whether an RSA key signed it, by the algorithm its head names: RS256 or PS256.
    func isSigned(by key: _RSA.Signing.PublicKey) -> Bool {
        let padding: _RSA.Signing.Padding
        switch header.alg {
        case "RS256": padding = .insecurePKCS1v1_5
        case "PS256": padding = .PSS
        default: return false
        }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return key.isValidSignature(signature, for: SHA256.hash(data: signed), padding: padding)
    }

    /// Makes one by RS256.
    static func make(_ claims: some Encodable, key: _RSA.Signing.PrivateKey, id: String) throws -> Secret {
        // The key's name is said twice, as Azure DevOps does: packer before 1.7 takes no token without the second.
        let header = try JSONEncoder().encode(Header(alg: "RS256", typ: "JWT", kid: id, x5t: id))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let payload = try encoder.encode(claims)
        let signed = "\(TokenIssuer.base64URL(header)).\(TokenIssuer.base64URL(payload))"
        let signature = try key.signature(for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return Secret("\(signed).\(TokenIssuer.base64URL(signature.rawRepresentation))")
    }
}

/// One text or several: what `aud` may be.
struct AudienceClaim: Codable, Hashable, Sendable {
    var values: [String]

    init(_ values: [String]) { self.values = values }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(String.self) {
            values = [one]
        } else {
            values = try container.decode([String].self)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if values.count == 1 { try container.encode(values[0]) } else { try container.encode(values) }
    }
}
