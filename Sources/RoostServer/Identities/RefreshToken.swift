import FoundationEssentials
import RoostModel

/// The text of refresh tokens: the family, something random, and a stamp that only this server can make.
///
/// The stamp tells an old token of a family, whose use ends the family, from one that somebody made up.
struct RefreshToken: Sendable {
    let family: UUID
    let hash: String

    static func make(family: UUID, issuer: TokenIssuer) -> Secret {
        let plain = "\(SignInGrant.mark)\(family.uuidString.lowercased())_\(PersonalToken.make().exposed)"
        return Secret("\(plain)_\(issuer.stamp(plain).replacing("_", with: "."))")
    }

    /// Nil when this server did not make the text.
    init?(_ text: String, issuer: TokenIssuer) {
        guard text.hasPrefix(SignInGrant.mark), text.utf8.count < 300, let last = text.lastIndex(of: "_") else {
            return nil
        }
        let plain = text[..<last]
        let stamp = issuer.stamp(String(plain)).replacing("_", with: ".")
        guard PersonalToken.hash(stamp) == PersonalToken.hash(String(text[text.index(after: last)...])),
            let family = UUID(uuidString: String(plain.dropFirst(SignInGrant.mark.count).prefix(36)))
        else { return nil }
        self.family = family
        hash = PersonalToken.hash(text)
    }
}
