import FoundationEssentials
import RoostModel

/// A service principal or a machine's identity, as the directory keeps it.
struct DirectoryIdentity: Codable, Hashable, Sendable {
    /// What tokens call `oid`.
    var id: UUID
    var name: String
    var kind: IdentityKind
    /// With what a client names it; tokens call it `appid`.
    var clientID: UUID
    /// What it may do; empty for one that only registers agents.
    var scopes: Set<TokenScope>
    /// The pools in which it may register agents, when it has no scopes.
    var pools: Set<Int>
    var isEnabled = true
    /// Addresses to which a browser may be sent with a code, exactly.
    var redirects: [String] = []
    var secrets: [IdentitySecret] = []
    var certificates: [IdentityCertificate] = []
    var federations: [FederatedCredential] = []
    var createdAt: Date
    var createdBy: String

    /// Of the settings that hold them.
    static let prefix = "identity:"

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }

    /// Whether a credential is there, whatever its kind.
    func has(credential: UUID) -> Bool {
        secrets.contains { $0.id == credential } || certificates.contains { $0.id == credential }
            || federations.contains { $0.id == credential }
    }

    /// Who it is in requests.
    var principal: Principal {
        guard scopes.isEmpty else { return .identity(IdentityID(id), name: name, scopes: scopes) }
        let pools = Set(pools.map { PoolID($0) })
        return .enroller(Enroller(source: .identity(IdentityID(id)), name: name, pools: pools))
    }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: DirectoryIdentity] {
        let decoder = JSONDecoder()
        let identities = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(DirectoryIdentity.self, from: $0) }
        return Dictionary(identities.map { ($0.id, $0) }) { first, _ in first }
    }
}

/// A secret of an identity: kept as a hash.
struct IdentitySecret: Codable, Hashable, Sendable {
    var id: UUID
    var name: String
    /// SHA-256 of the text, lower-case hexadecimal.
    var hash: String
    /// Its last letters, by which a person tells it from others.
    var hint: String
    var createdAt: Date
    var expiresAt: Date

    /// What their text begins with.
    static let mark = "rsi_"

    static func makeText() -> Secret { Secret(mark + PersonalToken.make().exposed) }
}

/// Another issuer's token that stands for an identity.
struct FederatedCredential: Codable, Hashable, Sendable {
    var id: UUID
    var name: String
    var issuer: String
    var subject: String
    var audience: String

    /// What clouds call the audience of such tokens, when nothing else is said.
    static let defaultAudience = "api://AzureADTokenExchange"
}
