import HummingbirdTLS
import NIOSSL

/// Reads the server's certificate and key.
enum TLSFiles {
    /// - Parameters:
    ///   - certificate: path of a PEM file, the server's own certificate first.
    ///   - key: path of a PEM file.
    /// - Returns: TLS 1.2 and later, HTTP/1.1.
    /// - Throws: ``ServerStartError`` naming the file.
    static func configuration(certificate: String, key: String) throws(ServerStartError) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw .certificateUnreadable(path: certificate, reason: reason(error))
        }
        guard !chain.isEmpty else { throw .certificateUnreadable(path: certificate, reason: "it holds no certificate") }
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw .keyUnreadable(path: key, reason: reason(error))
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        do { _ = try NIOSSLContext(configuration: tls) } catch { throw .tlsUnusable(reason: reason(error)) }
        return tls
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? NIOSSLError {
        case .failedToLoadCertificate, .failedToLoadPrivateKey: "it is not what it should be"
        case .noSuchFilesystemObject: "there is no such file"
        default: "\(error)"
        }
    }
}
