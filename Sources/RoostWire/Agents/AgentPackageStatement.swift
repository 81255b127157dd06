public import FoundationEssentials
public import RoostModel

/// What a signature of an agent's package vouches for: these bytes are this version for this platform.
///
/// A package that is offered as another version, or for another platform, than it was signed for is refused like one with other bytes.
public struct AgentPackageStatement: Hashable, Sendable {
    /// The type of Roost's own packages.
    public static let type = "roost-agent"

    public var platform: String
    public var release: AgentRelease
    /// Hexadecimal, small letters.
    public var sha256: String
    /// Bytes.
    public var size: Int

    public init(platform: String, release: AgentRelease, sha256: String, size: Int) {
        self.platform = platform
        self.release = release
        self.sha256 = sha256.lowercased()
        self.size = size
    }

    /// What is signed.
    public var bytes: Data { Data("\(Self.type)\n\(platform)\n\(release)\n\(sha256)\n\(size)\n".utf8) }
}
