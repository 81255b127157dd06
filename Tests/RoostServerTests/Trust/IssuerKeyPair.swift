import Crypto
import CryptoExtras
import Foundation
import JWTKit
import RoostWire

/// A key that an issuer of a test signs with.
struct IssuerKeyPair: Sendable {
    enum Kind: String, CaseIterable, Sendable { case RS256, PS256, ES256, ES384 }

    let kind: Kind
    let id: String
    private let pem: String
    /// The public part as a member of a key set.
    let publicKey: [String: String]

    /// Making RSA keys takes long: there are two.
    private static let rsa: [_RSA.Signing.PrivateKey] = (0..<2).compactMap { _ in
        try? _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    init(_ kind: Kind, id: String, generation: Int = 0) throws {
        self.kind = kind
        self.id = id
        switch kind {
        case .RS256, .PS256:
            let key = Self.rsa[generation]
            let numbers = try key.publicKey.getKeyPrimitives()
            pem = key.pemRepresentation
            publicKey = [
                "kty": "RSA", "kid": id, "n": Base64URL.encode(numbers.modulus),
                "e": Base64URL.encode(numbers.publicExponent),
            ]
        case .ES256:
            let key = P256.Signing.PrivateKey()
            pem = key.pemRepresentation
            publicKey = Self.curve("P-256", id, key.publicKey.rawRepresentation)
        case .ES384:
            let key = P384.Signing.PrivateKey()
            pem = key.pemRepresentation
            publicKey = Self.curve("P-384", id, key.publicKey.rawRepresentation)
        }
    }

    private static func curve(_ name: String, _ id: String, _ point: Data) -> [String: String] {
        let half = point.count / 2
        return [
            "kty": "EC", "kid": id, "crv": name, "x": Base64URL.encode(point.prefix(half)),
            "y": Base64URL.encode(point.suffix(half)),
        ]
    }

    /// A set with these keys.
    static func set(_ keys: [IssuerKeyPair]) throws -> Data {
        try JSONSerialization.data(withJSONObject: ["keys": keys.map(\.publicKey)])
    }

    func sign(_ claims: IssuedClaims) async throws -> String {
        let collection = JWTKeyCollection()
        switch kind {
        case .RS256: await collection.add(rsa: try Insecure.RSA.PrivateKey(pem: pem), digestAlgorithm: .sha256)
        case .PS256: await collection.add(pss: try Insecure.RSA.PrivateKey(pem: pem), digestAlgorithm: .sha256)
        case .ES256: await collection.add(ecdsa: try ES256PrivateKey(pem: pem))
        case .ES384: await collection.add(ecdsa: try ES384PrivateKey(pem: pem))
        }
        return try await collection.sign(claims, header: ["kid": .string(id)])
    }
}

/// What the id token of a test says.
struct IssuedClaims: JWTPayload {
    var iss: String
    var aud: [String]
    var sub: String
    var exp: Int
    var nbf: Int
    var iat: Int
    var ref: String?

    func verify(using algorithm: some JWTAlgorithm) {}
}
