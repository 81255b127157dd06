/// With what an agent is registered: the values of `--auth`.
enum SignInKind: String, Hashable, Sendable, CaseIterable {
    /// A personal access token, or an enrollment token.
    case pat
    /// A service principal with a secret.
    case sp
    /// A service principal with a certificate.
    case certificate
    /// A person, who confirms a code on another machine.
    case aad
    /// A token of another issuer that the server trusts.
    case federated
    /// The identity of the machine itself.
    case machine

    /// In any letter case.
    init?(word: String) { self.init(rawValue: word.lowercased()) }

    /// Kinds that Azure Pipelines' agent has and this one has not.
    static let elsewhere = ["alt", "negotiate", "integrated"]

    /// What the server was shown, as it is called in messages.
    var subject: String {
        switch self {
        case .pat: "token"
        case .sp, .certificate: "service principal"
        case .aad: "person"
        case .federated: "federated identity"
        case .machine: "machine's identity"
        }
    }
}
