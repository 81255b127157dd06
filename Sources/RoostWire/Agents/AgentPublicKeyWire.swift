public import FoundationEssentials

/// An RSA public key, big-endian bytes.
public struct AgentPublicKeyWire: Codable, Sendable, Hashable {
    public var exponent: Data?
    public var modulus: Data?

    public init(
        exponent: Data? = nil,
        modulus: Data? = nil
    ) {
        self.exponent = exponent
        self.modulus = modulus
    }
}
