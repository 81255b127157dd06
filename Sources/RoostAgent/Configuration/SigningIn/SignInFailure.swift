import FoundationEssentials
public import RoostWire
public import RoostModel

/// Why an identity could not sign in to register an agent.
public enum SignInFailure: UserFacingError, Hashable {
    /// The server told nobody where identities sign in.
    case noAuthority(url: String)
    /// The authority is reached without encryption although the server is not.
    case insecureAuthority(String)
    case notAnAuthority(String)
    case file(option: String, path: String, reason: String)
    case noToken
    /// What is wrong with a certificate and its key.
    case certificate(path: String, ClientCertificate.Fault)
    case certificateCannotSign(path: String)
    /// No metadata endpoint answered.
    case noMachineIdentity(url: String, reason: String)
    case refused(SignInRefusal)

    public var code: String {
        switch self {
        case .noAuthority: "identity.no-authority"
        case .insecureAuthority, .notAnAuthority: "identity.authority"
        case .file: "identity.file"
        case .noToken: "identity.no-token"
        case .certificate(_, .expired): "identity.expired-certificate"
        case .certificate, .certificateCannotSign: "identity.certificate"
        case .noMachineIdentity: "machine.no-identity"
        case .refused(let refusal): refusal.code
        }
    }

    public var summary: String {
        switch self {
        case .noAuthority: "The server does not say where identities sign in."
        case .insecureAuthority(let url): "The authority '\(url)' is not reached by https, but the server is."
        case .notAnAuthority(let url): "'\(url)' is no address of an authority."
        case .file(let option, let path, let reason):
            "The file '\(path)' of '--\(option)' cannot be used: \(reason)."
        case .noToken: "There is no id token to sign in with."
        case .certificate(let path, let fault): Self.sentence(path, fault)
        case .certificateCannotSign(let path): "The key of '\(path)' cannot sign."
        case .noMachineIdentity(_, let reason): "This machine gives no token of an identity: \(reason)."
        case .refused(let refusal): refusal.summary
        }
    }

    private static func sentence(_ path: String, _ fault: ClientCertificate.Fault) -> String {
        switch fault {
        case .noCertificate: "'\(path)' holds no certificate."
        case .noKey: "There is no RSA key to the certificate '\(path)'."
        case .encryptedKey: "The key of '\(path)' is encrypted."
        case .otherKey: "The key belongs to another certificate than '\(path)'."
        case .expired(let date): "The certificate '\(path)' expired on \(date.ISO8601Format())."
        }
    }

    public var location: String? {
        switch self {
        case .noAuthority(let url), .noMachineIdentity(let url, _): url
        case .refused(let refusal): refusal.location
        default: nil
        }
    }

    public var advice: String? {
        switch self {
        case .noAuthority: "Name it with --authority https://host/tenant, or sign in with '--auth pat'."
        case .insecureAuthority: "A secret would cross the network in clear: give an https address with --authority."
        case .notAnAuthority: "Write it as https://host/tenant."
        case .file: "Give a file that this user can read."
        case .noToken: "Give a file with --tokenfile, or set ROOST_ID_TOKEN or AZURE_FEDERATED_TOKEN_FILE."
        case .certificate(_, .noCertificate): "Give a PEM file with --clientcertificate."
        case .certificate(_, .noKey): "Give a PEM file with an RSA key with --clientkey."
        case .certificate(_, .encryptedKey): "Write it without a pass phrase: openssl pkey -in FILE -out PLAIN."
        case .certificate(_, .otherKey): "Give the key that the certificate was made for with --clientkey."
        case .certificate(_, .expired), .certificateCannotSign:
            "Make a new one and register it with 'roost identity add-certificate'."
        case .noMachineIdentity: "Give the machine an identity, or sign in another way; see --help."
        case .refused(let refusal): refusal.advice
        }
    }
}
