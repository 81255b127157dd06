import FoundationEssentials
import NIOSSL
import RoostModel

/// The server's own TLS certificate, as far as its end matters.
enum ServerCertificate {
    /// Nil without one, or when its file cannot be read; the server says so at its start.
    static func expiring(_ path: String?) -> ExpiringCredential? {
        guard let path, let own = try? NIOSSLCertificate.fromPEMFile(path).first else { return nil }
        return ExpiringCredential(
            kind: .serverCertificate,
            name: path,
            owner: "server",
            begins: Date(timeIntervalSince1970: TimeInterval(own.notValidBefore)),
            ends: Date(timeIntervalSince1970: TimeInterval(own.notValidAfter))
        )
    }
}
