/// What opens a service connection.
public enum ConnectionKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A secret that is kept sealed: a client secret, a token, a password.
    case secret
    /// A certificate with its key, by which assertions are signed.
    case certificate
    /// Id tokens of this server, which the other side trusts; nothing is kept.
    case federation
    /// The identity of the machine that a job runs on; nothing is kept.
    case managedIdentity = "managed-identity"
    /// Nothing: whoever knows the address may use it.
    case none

    /// The kind of a connection, by what its authorization says.
    ///
    /// - Parameters:
    ///   - scheme: such as `ServicePrincipal`, in any letter case.
    ///   - authenticationType: the parameter of that name; `spnCertificate` tells a certificate from a secret.
    public init(scheme: String, authenticationType: String? = nil) {
        switch scheme.lowercased() {
        case "workloadidentityfederation": self = .federation
        case "managedserviceidentity": self = .managedIdentity
        case "certificate": self = .certificate
        case "serviceprincipal":
            self = authenticationType?.lowercased() == "spncertificate" ? .certificate : .secret
        case "none", "": self = .none
        default: self = .secret
        }
    }

    /// How connections to clouds say it, as Azure DevOps names it.
    public var scheme: String {
        switch self {
        case .secret, .certificate: "ServicePrincipal"
        case .federation: "WorkloadIdentityFederation"
        case .managedIdentity: "ManagedServiceIdentity"
        case .none: "None"
        }
    }

    /// The kinds that a scheme can be, for lists of what is accepted.
    ///
    /// - Parameter scheme: in any letter case.
    /// - Returns: in the order of ``allCases``.
    public static func all(of scheme: String) -> [ConnectionKind] {
        guard scheme.lowercased() == "serviceprincipal" else { return [ConnectionKind(scheme: scheme)] }
        return [.secret, .certificate]
    }
}
