import Crypto
import Foundation
import RoostModel

/// Makes and reads the server's own bearer tokens: JSON Web Tokens signed with HMAC-SHA-256 and a key that never leaves the server.
struct TokenIssuer: Sendable {
    /// What a token says of its bearer; member names are short because it travels with every request.
    struct Claims: Codable, Sendable, Hashable {
        enum Kind: String, Codable, Sendable { case agent, job, session, enrollment }
        var iss: String
        var kind: Kind
        /// Seconds since 1970.
        var exp: Int
        var jti: String
        var agent: Int?
        var pool: Int?
        var client: String?
        var job: UUID?
        var run: Int?
        var plan: UUID?
        var project: UUID?
        /// The sign-in a dashboard session is.
        var signIn: UUID?
        /// The trust rule by which an enrolment was let in, as it was then, and for whom.
        var rule: UUID?
        var revision: Int?
        var subject: String?
    }

    /// Why a token is not accepted.
    enum Refusal: Error, Hashable {
        case malformed
        case wrongSignature
        case expired(at: Date)
        case otherServer
    }

    private let key: SymmetricKey
    private let issuer: String
    private static let header = base64URL(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    init(key: Data, issuer: String) {
        self.key = SymmetricKey(data: key)
        self.issuer = issuer
    }

    func claims(_ kind: Claims.Kind, expires: Date) -> Claims {
        Claims(
            iss: issuer,
            kind: kind,
            exp: Int(expires.timeIntervalSince1970.rounded(.up)),
            jti: UUID().uuidString.lowercased()
        )
    }

    func issue(_ claims: Claims) throws -> Secret {
        let payload = Self.base64URL(try JSONEncoder().encode(claims))
        let signed = "\(Self.header).\(payload)"
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return Secret("\(signed).\(Self.base64URL(Data(code)))")
    }

    /// A code that only this server can make of a text.
    func stamp(_ text: String) -> String {
        Self.base64URL(Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)))
    }

    func read(_ token: String, at now: Date) throws(Refusal) -> Claims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Self.data(base64URL: parts[2]),
            let payload = Self.data(base64URL: parts[1])
        else { throw .malformed }
        guard parts[0] == Self.header,
            HMAC<SHA256>.isValidAuthenticationCode(
                signature,
                authenticating: Data("\(parts[0]).\(parts[1])".utf8),
                using: key
            )
        else { throw .wrongSignature }
        let claims: Claims
        do { claims = try JSONDecoder().decode(Claims.self, from: payload) } catch { throw .malformed }
        guard claims.iss == issuer else { throw .otherServer }
        guard Double(claims.exp) > now.timeIntervalSince1970 else {
            throw .expired(at: Date(timeIntervalSince1970: Double(claims.exp)))
        }
        return claims
    }

    static func base64URL(_ data: Data) -> String {
        let bytes = data.base64EncodedString().utf8.lazy.filter { $0 != UInt8(ascii: "=") }.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return String(decoding: Array(bytes), as: UTF8.self)
    }

    static func data(base64URL text: some StringProtocol) -> Data? {
        var plain = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        plain += Array(repeating: UInt8(ascii: "="), count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: Data(plain))
    }
}
