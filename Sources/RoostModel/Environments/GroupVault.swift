public import FoundationEssentials

/// The vault that the values of a variable group come from when a job starts.
public struct GroupVault: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// A vault of this server.
        case own
        /// Azure Key Vault, through a service connection.
        case azure
        /// A secret of HashiCorp Vault's key-value engine, version 2, through a service connection.
        case hashiCorp
    }

    public var kind: Kind
    /// Name of the vault; of HashiCorp Vault, the path of the secret below its mount.
    public var vault: String
    /// Where HashiCorp Vault's engine is mounted.
    public var mount: String?
    /// The service connection; nil for a vault of this server.
    public var connection: UUID?

    public init(kind: Kind, vault: String, mount: String? = nil, connection: UUID? = nil) {
        self.kind = kind
        self.vault = vault
        self.mount = mount
        self.connection = connection
    }

    /// As messages name it.
    public var title: String {
        switch kind {
        case .own: "vault '\(vault)'"
        case .azure: "Azure Key Vault '\(vault)'"
        case .hashiCorp: "HashiCorp Vault secret '\(mount ?? "secret")/\(vault)'"
        }
    }
}
