import FoundationEssentials
import NIOSSL
import RoostModel

extension TrustRule {
    /// Of the settings that hold them.
    static let prefix = "trust-rule:"

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: TrustRule] {
        let decoder = JSONDecoder()
        let rules = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(TrustRule.self, from: $0) }
        return Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The rule as it is with a draft.
    func applying(_ draft: TrustRuleDraft) -> TrustRule {
        var rule = self
        rule.name = draft.name ?? name
        rule.issuer = draft.issuer ?? issuer
        rule.audience = draft.audience ?? audience
        rule.subject = draft.subject ?? subject
        rule.claims = draft.claims ?? claims
        rule.tokenLifetime = draft.tokenLifetime ?? tokenLifetime
        rule.isEnabled = draft.isEnabled ?? isEnabled
        if let pools = draft.pools { rule.pools = pools.map { Set($0).sorted() } }
        if let keys = draft.pinnedKeys { rule.pinnedKeys = keys }
        if let until = draft.pinnedUntil { rule.pinnedUntil = until }
        if let authority = draft.authority { rule.authority = authority }
        return rule
    }

    /// What no rule may be; nil when all is well.
    var flaw: (problem: String, advice: String?)? {
        if !IssuerSource.isSafe(issuer) || issuer.contains("?") {
            return (
                "its issuer '\(ClaimText.short(issuer))' is no https address", "Write it as the tokens' 'iss' has it."
            )
        }
        if audience.isEmpty || audience.utf8.count > 1000 {
            return ("it has no audience", "Give the 'aud' of its tokens, such as the address of this server.")
        }
        if subject.isEmpty || subject.utf8.count > 1000 {
            return ("it has no subject", "Give the 'sub' of its tokens, with '*' for any characters.")
        }
        if ClaimPattern(subject).isOpen, claims.isEmpty || claims.values.contains(where: { ClaimPattern($0).isOpen }) {
            return ("any subject of the issuer would be accepted", "Give more of the subject, or a claim with --claim.")
        }
        if claims.count > 50
            || claims.contains(where: { $0.key.isEmpty || $0.value.isEmpty || $0.value.utf8.count > 1000 })
        {
            return ("a condition on a claim is empty, too long, or one too many", nil)
        }
        if let pools, pools.isEmpty {
            return ("it names no pool", "Give --pool, or --all-pools for all of the organization.")
        }
        if !(60...600).contains(tokenLifetime) {
            return ("the life of its tokens is not between 60 and 600 seconds", nil)
        }
        return keysFlaw
    }

    private var keysFlaw: (problem: String, advice: String?)? {
        if let pinnedKeys {
            if pinnedKeys.utf8.count > 1 << 18 { return ("its keys are larger than 256 KiB", nil) }
            do { _ = try IssuerKeySet(json: Data(pinnedKeys.utf8)) } catch {
                return ("its keys cannot be used: \(error.text)", "Give what the issuer's 'jwks_uri' answers.")
            }
        } else if pinnedUntil != nil {
            return ("it has an end of its keys and no keys", "Give them with --keys-file.")
        }
        if let authority {
            let chain = try? NIOSSLCertificate.fromPEMBytes(Array(authority.utf8))
            if chain?.isEmpty ?? true { return ("its authority is no certificate in PEM form", nil) }
        }
        return nil
    }
}
