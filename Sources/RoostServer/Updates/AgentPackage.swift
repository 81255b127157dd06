import FoundationEssentials
import RoostModel
import RoostWire

/// A package of the agent that the server has: a version for a platform.
struct AgentPackage: Codable, Hashable, Sendable {
    /// `linux-x64`, `linux-arm64`.
    var platform: String
    var release: AgentRelease
    /// The package, a tar archive compressed with gzip, in order.
    var chunks: [ContentChunk]
    /// Bytes.
    var size: Int
    /// Hexadecimal.
    var sha256: String
    var signatures: [PackageSignatureWire]
    var addedAt: Date
    var addedBy: String

    /// The space of chunks that packages share.
    static let space = "agent-packages"
    /// Of the settings that hold rows.
    static let prefix = "agent-package:"
    static let platforms = ["linux-x64", "linux-arm64"]

    var settingName: String { "\(Self.prefix)\(platform):\(release)" }
    var fileName: String { "roost-agent-\(platform)-\(release).tar.gz" }
    var statement: AgentPackageStatement {
        AgentPackageStatement(platform: platform, release: release, sha256: sha256, size: size)
    }
}

/// The key with which this server signs packages; its private part is sealed.
struct PackageKey: Codable, Hashable, Sendable {
    /// See `PackageKeyWire`.
    var id: String
    /// Ed25519, 32 bytes.
    var publicKey: Data
    /// The same, private, in base 64, sealed.
    var sealed: Data

    static let settingName = "agent-package-key"
    /// What the sealed part is bound to.
    static let place = "agent-package-key"

    var wire: PackageKeyWire { PackageKeyWire(id: id, publicKey: publicKey) }
}
