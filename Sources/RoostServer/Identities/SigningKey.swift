import Crypto
import CryptoExtras
import FoundationEssentials
import RoostModel
import RoostStore

/// A key that tokens are signed with; its private part is sealed.
struct SigningKey: Codable, Hashable, Sendable {
    /// Of the key's public part, so that it needs no counting.
    var id: String
    var createdAt: Date
    /// Published from the beginning, it signs from then on.
    var signsFrom: Date
    var modulus: Data
    var exponent: Data
    /// PKCS#1 in base 64, sealed.
    var sealed: Data

    /// Of the settings that hold them.
    static let prefix = "signing-key:"

    var settingName: String { "\(Self.prefix)\(id)" }
    /// What the sealed part is bound to.
    var place: String { Self.place(id) }
    private static func place(_ id: String) -> String { "signing-keys/\(id)" }

    /// The private part of a new key of 2,048 bits, as PKCS#1; it takes up to a second.
    static func generate() throws -> Data { try _RSA.Signing.PrivateKey(keySize: .bits2048).derRepresentation }

    /// Makes a key of a private part.
    static func make(_ der: Data, signsFrom: Date, at now: Date, sealer: any SecretSealer) throws -> SigningKey {
        let key = try _RSA.Signing.PrivateKey(derRepresentation: der)
        let numbers = try key.publicKey.getKeyPrimitives()
        let id = TokenIssuer.base64URL(Data(SHA256.hash(data: numbers.modulus).prefix(20)))
        return SigningKey(
            id: id,
            createdAt: now,
            signsFrom: signsFrom,
            modulus: numbers.modulus,
            exponent: numbers.publicExponent,
            sealed: try sealer.seal(key.derRepresentation.base64EncodedString(), for: place(id))
        )
    }

    func privateKey(_ sealer: any SecretSealer) throws -> _RSA.Signing.PrivateKey {
        guard let der = Data(base64Encoded: try sealer.open(sealed, for: place)) else { throw KeyUnreadable() }
        return try _RSA.Signing.PrivateKey(derRepresentation: der)
    }

    var publicKey: _RSA.Signing.PublicKey? { try? _RSA.Signing.PublicKey(n: modulus, e: exponent) }

    /// What was sealed is no key.
    struct KeyUnreadable: Error {}

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [String: SigningKey] {
        let decoder = JSONDecoder()
        let keys = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(SigningKey.self, from: $0) }
        return Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }
}
