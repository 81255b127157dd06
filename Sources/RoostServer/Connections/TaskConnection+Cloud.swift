import FoundationEssentials
import RoostLanguage
import RoostModel

/// Connections to clouds of Azure's kind.
extension TaskConnection {
    /// The type of connections to clouds, as Azure DevOps names it.
    static let cloudType = "azurerm"

    var isCloud: Bool { type == Self.cloudType }

    /// What opens it.
    var kind: ConnectionKind {
        let hasCertificate = parameterNames.contains { equalIgnoringCase($0, CloudParameter.certificate) }
        return ConnectionKind(scheme: scheme, authenticationType: hasCertificate ? "spnCertificate" : nil)
    }

    /// What tasks read of it: the endpoints of its cloud under what is said of it itself.
    var taskData: [String: String] {
        guard isCloud, let cloud else { return data }
        return cloud.endpoints.merging(data) { $1 }
    }

    /// Nil for one that is not built in.
    var cloud: Cloud? { Cloud(named: data[ignoringCase: Cloud.Field.environment] ?? Cloud.builtIn[0].name) }

    /// Where its identities sign in, without a slash at the end.
    var authority: String {
        let known = taskData[ignoringCase: Cloud.Field.authority] ?? Cloud.builtIn[0].endpoints[Cloud.Field.authority]
        return Self.withoutSlash(known ?? "")
    }

    /// For whom its id tokens are.
    var federationAudience: String {
        data[ignoringCase: Cloud.Field.federationAudience] ?? cloud?.federationAudience
            ?? Cloud.builtIn[0].federationAudience
    }

    static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}

/// Names of the authorization parameters of a connection to a cloud.
enum CloudParameter {
    static let tenant = "tenantid"
    static let client = "serviceprincipalid"
    static let secret = "serviceprincipalkey"
    static let certificate = "servicePrincipalCertificate"
    static let authenticationType = "authenticationType"
    static let issuer = "workloadIdentityFederationIssuer"
    static let subject = "workloadIdentityFederationSubject"

    /// Those that are no secret, in lower case.
    static let open: Set = [
        tenant, client, authenticationType.lowercased(), issuer.lowercased(), subject.lowercased(), "scope", "username",
    ]
    /// Those that this server says itself.
    static let own: Set = [issuer.lowercased(), subject.lowercased()]
}

extension [String: String] {
    /// The value of a name in any letter case; nil when it is absent or empty.
    subscript(ignoringCase name: String) -> String? {
        first { equalIgnoringCase($0.key, name) && !$0.value.isEmpty }?.value
    }
}
