import Crypto
import CryptoExtras
public import FoundationEssentials
public import RoostModel

/// The encryption of messages to agents, by §5.2 of the protocol: an AES-256 key per session, wrapped to the agent's RSA key.
public enum MessageCrypto {
    /// The hash of RSA-OAEP: SHA-1 is what every agent understands, SHA-256 what a session may ask for.
    public enum WrapHash: Sendable, Hashable { case sha1, sha256 }

    /// Wraps a session key to a public key.
    public static func wrap(key: Data, to publicKey: AgentPublicKey, hash: WrapHash) throws -> Data {
        let rsa = try _RSA.Encryption.PublicKey(n: publicKey.modulus, e: publicKey.exponent)
        return try rsa.encrypt(key, padding: hash == .sha1 ? .PKCS1_OAEP : .PKCS1_OAEP_SHA256)
    }

    /// Unwraps a session key; the other hash is tried when the first fails.
    public static func unwrap(_ wrapped: Data, with privateKey: AgentKey) throws -> Data {
        let rsa = try _RSA.Encryption.PrivateKey(derRepresentation: privateKey.der)
        do { return try rsa.decrypt(wrapped, padding: .PKCS1_OAEP) } catch {
            return try rsa.decrypt(wrapped, padding: .PKCS1_OAEP_SHA256)
        }
    }

    /// AES-256-CBC with PKCS#7 padding and a fresh random vector.
    public static func encrypt(_ text: Data, key: Data) throws -> (iv: Data, body: Data) {
        let iv = AES._CBC.IV()
        let body = try AES._CBC.encrypt(text, using: SymmetricKey(data: key), iv: iv)
        return (Data(Array(iv)), body)
    }

    public static func decrypt(_ body: Data, iv: Data, key: Data) throws -> Data {
        try AES._CBC.decrypt(body, using: SymmetricKey(data: key), iv: AES._CBC.IV(ivBytes: Array(iv)))
    }
}
