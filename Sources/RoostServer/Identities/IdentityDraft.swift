import RoostModel

/// What a client says of an identity; what is nil stays as it is.
struct IdentityDraft: Sendable {
    var name: String?
    var kind: IdentityKind?
    var scopes: Set<TokenScope>?
    var pools: Set<Int>?
    var redirects: [String]?
    var isEnabled: Bool?
}
