import FoundationEssentials
import JWTKit
import RoostModel
import RoostWire

/// The keys of an issuer, as its JSON Web Key Set has them (RFC 7517).
///
/// Keys of kinds that no accepted algorithm uses are left out.
struct IssuerKeySet: Sendable {
    private struct Entry: Sendable {
        var key: JWK
        var id: String?
    }

    private let entries: [Entry]

    /// Why a text is no set of keys.
    enum Flaw: Error, Hashable {
        case malformed
        /// It has nothing a signature can be checked with.
        case noUsableKey

        var text: String {
            switch self {
            case .malformed: "it is no JSON Web Key Set"
            case .noUsableKey: "it has no public RSA or EC key for signatures"
            }
        }
    }

    /// What a set says of a key that the key itself does not.
    private struct Purpose: Decodable {
        var use: String?
        var kid: String?
    }

    /// One key, or why it is passed over.
    private struct Lenient: Decodable {
        var entry: Entry?

        init(from decoder: any Decoder) {
            guard let purpose = try? Purpose(from: decoder), purpose.use ?? "sig" == "sig",
                var key = try? JWK(from: decoder), key.keyType == .rsa || key.keyType == .ecdsa
            else { return }
            // A private key in a public place is used as the public one it holds.
            key.privateExponent = nil
            entry = Entry(key: key, id: purpose.kid)
        }
    }

    private struct Whole: Decodable { var keys: [Lenient] }

    /// Reads a set.
    ///
    /// - Throws: ``Flaw``.
    init(json: Data) throws(Flaw) {
        let whole: Whole
        do { whole = try JSONDecoder().decode(Whole.self, from: json) } catch { throw .malformed }
        entries = whole.keys.compactMap(\.entry)
        guard !entries.isEmpty else { throw .noUsableKey }
    }

    /// Whether a key of this id is here; a token that names none may be of any.
    func has(_ id: String?) -> Bool { id == nil || entries.contains { $0.id == id } }

    /// The keys that may have signed a token.
    private func candidates(_ token: ForeignToken) -> [JWK] {
        guard let algorithm = JWK.Algorithm(rawValue: token.algorithm) else { return [] }
        let kind: JWK.KeyType = token.algorithm.hasPrefix("ES") ? .ecdsa : .rsa
        return entries.compactMap { entry in
            guard token.keyID == nil || entry.id == token.keyID, entry.key.keyType == kind,
                entry.key.algorithm == nil || entry.key.algorithm == algorithm
            else { return nil }
            var key = entry.key
            key.algorithm = algorithm
            key.keyIdentifier = JWKIdentifier(string: token.keyID ?? "only")
            return key
        }
    }

    /// Why a signature is refused.
    enum Refusal: Error, Hashable {
        case unknownKey(String?)
        case wrongSignature

        var text: String {
            switch self {
            case .unknownKey(let id?): "the issuer has no key '\(id)' of that kind"
            case .unknownKey(nil): "the issuer has no key of that kind"
            case .wrongSignature: "no key of the issuer made it"
            }
        }
    }

    /// Nothing is asked of the payload here: claims are judged by rules.
    private struct Payload: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }

    /// Checks that one of the keys signed a token.
    ///
    /// - Throws: ``Refusal``.
    func verify(_ token: ForeignToken) async throws(Refusal) {
        let keys = candidates(token)
        guard !keys.isEmpty else { throw .unknownKey(token.keyID) }
        for key in keys where await Self.isSigned(token, by: key) { return }
        throw .wrongSignature
    }

    private static func isSigned(_ token: ForeignToken, by key: JWK) async -> Bool {
        do {
            let collection = JWTKeyCollection()
            try await collection.add(jwk: key)
            _ = try await collection.verify(token.text.exposed, as: Payload.self)
            return true
        } catch {
            return false
        }
    }
}
