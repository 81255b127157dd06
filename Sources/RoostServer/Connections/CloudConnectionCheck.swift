import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostWire

/// Looks whether what is said of a connection to a cloud is enough to sign in there.
struct CloudConnectionCheck {
    let connection: TaskConnection
    let parameters: [String: String]
    let now: Date

    /// All that is wrong, one sentence each.
    var problems: [String] { schemeProblems + cloudProblems + identityProblems + proofProblems }

    private var kind: ConnectionKind { connection.kind }

    private static let schemes = ["ServicePrincipal", "WorkloadIdentityFederation", "ManagedServiceIdentity"]

    private var schemeProblems: [String] {
        guard !Self.schemes.contains(where: { equalIgnoringCase($0, connection.scheme) }) else { return [] }
        return ["its scheme '\(connection.scheme)' is none of \(Self.schemes.joined(separator: ", "))"]
    }

    private var cloudProblems: [String] {
        let fields = [Cloud.Field.resourceManager, Cloud.Field.authority, Cloud.Field.audience]
        let missing = fields.filter { connection.taskData[ignoringCase: $0] == nil }
        guard missing.isEmpty else {
            let known = Cloud.builtIn.map(\.name).joined(separator: ", ")
            let name = connection.data[ignoringCase: Cloud.Field.environment] ?? ""
            return [
                "its cloud '\(name)' is none of \(known), so that its data must have \(missing.joined(separator: ", "))"
            ]
        }
        return [Cloud.Field.resourceManager, Cloud.Field.authority].compactMap { field in
            let value = connection.taskData[ignoringCase: field] ?? ""
            return OutsideAddress.isSecure(value) ? nil : "'\(field)' is no https address: '\(value.prefix(200))'"
        }
    }

    private var identityProblems: [String] {
        guard kind != .managedIdentity else { return [] }
        return [(CloudParameter.tenant, "the directory"), (CloudParameter.client, "the client")].compactMap {
            name,
            word in
            parameters[ignoringCase: name] == nil ? "it has no '\(name)', the id of \(word)" : nil
        }
    }

    private var proofProblems: [String] {
        switch kind {
        case .secret:
            return parameters[ignoringCase: CloudParameter.secret] == nil
                ? ["it has no '\(CloudParameter.secret)', the client's secret"] : []
        case .certificate: return certificateProblems
        case .federation, .managedIdentity, .none:
            let secrets = [CloudParameter.secret, CloudParameter.certificate]
            return secrets.filter { parameters[ignoringCase: $0] != nil }.map {
                "it has '\($0)', which a connection of the kind '\(kind.rawValue)' does not need: take it out"
            }
        }
    }

    /// When its certificate ends; nil without one that can be used.
    var certificateEnds: Date? {
        guard kind == .certificate, let pem = parameters[ignoringCase: CloudParameter.certificate] else { return nil }
        return (try? ClientCertificate(certificate: pem, key: pem, at: now))?.expiresAt
    }

    private var certificateProblems: [String] {
        let pem = parameters[ignoringCase: CloudParameter.certificate] ?? ""
        do throws(ClientCertificate.Fault) {
            _ = try ClientCertificate(certificate: pem, key: pem, at: now)
            return []
        } catch {
            return ["'\(CloudParameter.certificate)' is no PEM text of a certificate and its RSA key: \(error.words)"]
        }
    }
}

extension ClientCertificate.Fault {
    /// For the end of a sentence.
    var words: String {
        switch self {
        case .noCertificate: "there is no certificate in it"
        case .noKey: "there is no private key of RSA in it"
        case .encryptedKey: "the key is encrypted"
        case .otherKey: "the key is not the certificate's"
        case .expired(let end): "the certificate ended at \(end.formatted(.iso8601))"
        }
    }
}
