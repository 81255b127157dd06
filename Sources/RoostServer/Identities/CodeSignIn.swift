import Crypto
import FoundationEssentials

/// A sign-in in a browser that was approved and whose code has not been redeemed yet (RFC 6749 §4.1, RFC 7636).
struct CodeSignIn: Hashable, Sendable {
    var client: SignInClient
    var redirect: String
    /// SHA-256 of the verifier, in base 64 for URLs.
    var challenge: String
    var scope: RequestedScope
    var nonce: String?
    var approval: Approval
    var expiresAt: Date
    /// The family it gave; a second use ends that.
    var family: UUID?

    /// A program redeems its code at once.
    static let life: TimeInterval = 300

    /// Whether a verifier belongs to the challenge.
    func isProved(by verifier: String) -> Bool {
        (43...128).contains(verifier.utf8.count)
            && TokenIssuer.base64URL(Data(SHA256.hash(data: Data(verifier.utf8)))) == challenge
    }

    /// Whether a text can be the challenge of S256.
    static func isChallenge(_ text: String) -> Bool { TokenIssuer.data(base64URL: text)?.count == 32 }
}
