import Foundation
import RoostTesting
import Testing

/// Certificates that tests make with OpenSSL.
enum AddressCertificate {
    /// Makes one of this machine's address, with its key.
    static func make(_ certificate: String, _ key: String) throws {
        let (code, _) = try ShortCommand.run([
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        #expect(code == 0)
    }
}
