public import RoostModel

/// Why a server cannot begin.
public enum ServerStartError: UserFacingError, Hashable {
    case portInUse(host: String, port: Int)
    case portForbidden(host: String, port: Int)
    case addressUnavailable(host: String, port: Int, reason: String)
    case certificateUnreadable(path: String, reason: String)
    case keyUnreadable(path: String, reason: String)
    /// The key does not belong to the certificate, or the like.
    case tlsUnusable(reason: String)

    public var code: String {
        switch self {
        case .portInUse: "server.port-in-use"
        case .portForbidden: "server.port-forbidden"
        case .addressUnavailable: "server.address-unavailable"
        case .certificateUnreadable: "server.certificate-unreadable"
        case .keyUnreadable: "server.key-unreadable"
        case .tlsUnusable: "server.tls-unusable"
        }
    }

    public var summary: String {
        switch self {
        case .portInUse(let host, let port): "Port \(port) of \(host) is in use by another program."
        case .portForbidden(let host, let port): "This user may not listen on port \(port) of \(host)."
        case .addressUnavailable(let host, let port, let reason):
            "The server cannot listen on \(host):\(port): \(reason)."
        case .certificateUnreadable(_, let reason): "The TLS certificate cannot be read: \(reason)."
        case .keyUnreadable(_, let reason): "The TLS key cannot be read: \(reason)."
        case .tlsUnusable(let reason): "TLS cannot be set up with the given certificate and key: \(reason)."
        }
    }

    public var location: String? {
        switch self {
        case .certificateUnreadable(let path, _), .keyUnreadable(let path, _): path
        default: nil
        }
    }

    public var advice: String? {
        switch self {
        case .portInUse(_, let port):
            "See which with 'ss -ltnp sport = :\(port)' and stop it, or choose another with --port; --port 0 takes any free one."
        case .portForbidden: "Ports below 1024 are for root; choose a higher one with --port."
        case .addressUnavailable: "Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0."
        case .certificateUnreadable: "Give --tls-certificate a PEM file that begins with '-----BEGIN CERTIFICATE-----'."
        case .keyUnreadable: "Give --tls-key a PEM file with the certificate's private key, without a passphrase."
        case .tlsUnusable: "Check with openssl that the key belongs to the first certificate of the file."
        }
    }
}
