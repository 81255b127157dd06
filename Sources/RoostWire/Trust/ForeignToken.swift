import FoundationEssentials
public import RoostModel

/// A compact JSON Web Token of another issuer, taken apart and not yet checked (RFC 7515 §3.1).
public struct ForeignToken: Hashable, Sendable {
    public let text: Secret
    public let algorithm: String
    /// Which of the issuer's keys signed it.
    public let keyID: String?
    public let claims: TokenClaims

    /// Longest token that is looked at; those of clouds have two to four thousand characters.
    public static let limit = 32_768
    /// What a signature may be made with: nothing that shares a secret, and not nothing.
    public static let algorithms = ["RS256", "PS256", "ES256", "ES384"]

    /// Why a text is no token that can be checked.
    public enum Flaw: UserFacingError, Hashable {
        case tooLong
        case notAToken
        case unreadableHeader
        case unreadableClaims
        case wrongDate(claim: String)
        case algorithm(String)
        /// Extensions of the format that must be understood.
        case critical

        public var code: String {
            if case .algorithm = self { "trust.wrong-algorithm" } else { "trust.malformed-token" }
        }

        public var summary: String {
            switch self {
            case .tooLong: "The token is longer than \(limit) characters."
            case .notAToken: "The token is no signed JSON Web Token: it does not have three parts of base64url."
            case .unreadableHeader: "The token's header cannot be read."
            case .unreadableClaims: "The token's claims are no JSON object."
            case .wrongDate(let claim): "The token's claim '\(claim)' is no number of seconds since 1970."
            case .algorithm(let name):
                "The token is signed with '\(name)', and one of \(algorithms.joined(separator: ", ")) is expected."
            case .critical: "The token's header has extensions ('crit') that are not understood."
            }
        }

        public var advice: String? { "Give an id token of the issuer, whole and as it was issued." }
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }

    /// Takes a token apart.
    ///
    /// - Throws: ``Flaw``.
    public init(_ text: String) throws(Flaw) {
        guard text.utf8.count <= Self.limit else { throw .tooLong }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]) else {
            throw .notAToken
        }
        let header: Header
        do { header = try JSONDecoder().decode(Header.self, from: head) } catch { throw .unreadableHeader }
        guard Self.algorithms.contains(header.alg) else { throw .algorithm(String(header.alg.prefix(40))) }
        guard header.crit == nil else { throw .critical }
        do { claims = try TokenClaims(payload: payload) } catch {
            switch error {
            case .notAnObject: throw .unreadableClaims
            case .wrongDate(let claim): throw .wrongDate(claim: claim)
            }
        }
        self.text = Secret(text)
        algorithm = header.alg
        keyID = header.kid
    }
}
