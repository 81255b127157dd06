import Foundation
import RoostModel
import RoostTesting
import RoostWire

/// An issuer of id tokens that is no server of ours: its own name and key, published as a key set.
struct ForeignIssuer {
    static let name = "https://cloud.example/tenant-9"
    private let files: CertificateFiles
    private let keyID: String

    init(in folder: String, keyID: String = "key-1") throws {
        files = try CertificateFiles(in: folder, name: keyID)
        self.keyID = keyID
    }

    /// The JSON Web Key Set (RFC 7517).
    var keys: String {
        let members = [
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID, "n": Base64URL.encode(files.publicKey.modulus),
            "e": Base64URL.encode(files.publicKey.exponent),
        ]
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return "{\"keys\":[{\(text)}]}"
    }

    struct Claims: Encodable {
        var iss = ForeignIssuer.name
        var aud = "api://agents"
        var sub = "machine:7"
        var iat = Int(Date().timeIntervalSince1970)
        var nbf = Int(Date().timeIntervalSince1970)
        var exp = Int(Date().timeIntervalSince1970) + 600
    }

    func token(_ claims: Claims = Claims()) throws -> String {
        let header = Base64URL.encode(Data("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"\(keyID)\"}".utf8))
        let signed = "\(header).\(Base64URL.encode(try JSONEncoder().encode(claims)))"
        return "\(signed).\(Base64URL.encode(try files.sign(signed)))"
    }
}
