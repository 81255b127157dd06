import FoundationEssentials

/// Where the sealing keys come from; never from the store itself.
public enum SealingKeySource: Sendable, Hashable {
    /// A file of the server, which makes and rotates the keys in it.
    case file(String)
    /// A credential that systemd hands over, perhaps decrypted with a TPM; others make it.
    case credential(String)

    /// Name of the credential.
    public static let credentialName = "roost-sealing-key"

    /// The path that is configured, else a credential, else a file beside the store.
    ///
    /// - Parameters:
    ///   - configuration: says where the store and perhaps the key is.
    ///   - environment: has `CREDENTIALS_DIRECTORY` under systemd.
    /// - Returns: the source.
    public static func find(_ configuration: ServerConfiguration, environment: [String: String]) -> SealingKeySource {
        if let path = configuration.sealingKey { return .file(path) }
        if let folder = environment["CREDENTIALS_DIRECTORY"] {
            let path = "\(folder)/\(credentialName)"
            if FileManager.default.fileExists(atPath: path) { return .credential(path) }
        }
        return .file("\(configuration.data)/seal.key")
    }

    var path: String {
        switch self {
        case .file(let path), .credential(let path): path
        }
    }
}
