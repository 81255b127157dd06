import RoostLanguage
import RoostModel

/// What signs a step in at the cloud of a service connection, whatever its kind: tasks ask for the account and hand programs what fits.
struct CloudAccount: Sendable {
    /// What proves who the account is.
    enum Credential: Sendable {
        case secret(Secret)
        /// A PEM text of the certificate and its key.
        case certificate(Secret)
        /// An id token of the server, made for this job.
        case idToken(Secret)
        /// That of the machine; nil is the one it has when it has one only.
        case managedIdentity(client: String?)
    }

    /// Name of the connection.
    var connection: String
    var tenant: String
    var client: String
    var credential: Credential
    /// As connections name it.
    var cloud: String
    /// Endpoints and what else the connection says, found ignoring case.
    var data: [String: String]
    /// Nil where the connection leads to no subscription.
    var subscription: String?

    /// Whether programs for Azure know the cloud by its name.
    var isBuiltIn: Bool { Cloud(named: cloud) != nil }

    func endpoint(_ name: String) -> String? { data.first { equalIgnoringCase($0.key, name) }?.value }
}

/// Why a connection does not sign a step in.
enum CloudAccountFailure: UserFacingError, Hashable {
    case notFound(input: String, name: String)
    case wrongType(String, type: String)
    case wrongKind(String, scheme: String, accepted: [ConnectionKind])
    case incomplete(String, kind: ConnectionKind, missing: String)
    case noServer(String)

    var code: String {
        switch self {
        case .notFound: "service-connection.not-found"
        case .wrongType: "service-connection.wrong-type"
        case .wrongKind: "service-connection.wrong-kind"
        case .incomplete: "service-connection.unusable"
        case .noServer: "service-connection.no-server"
        }
    }

    var summary: String {
        switch self {
        case .notFound(let input, let name):
            "The input '\(input)' names the service connection '\(name)', which this job does not have."
        case .wrongType(let name, let type):
            "The service connection '\(name)' is of the type '\(type)', and leads to no cloud."
        case .wrongKind(let name, let scheme, let accepted):
            "The service connection '\(name)' has the scheme '\(scheme)', and this task accepts the kinds \(accepted.map(\.rawValue).joined(separator: ", "))."
        case .incomplete(let name, let kind, let missing):
            "The service connection '\(name)' (\(kind.rawValue)) has no '\(missing)'."
        case .noServer(let name):
            "The service connection '\(name)' is federated, and a run without a server has nobody who makes id tokens."
        }
    }

    var advice: String? {
        switch self {
        case .notFound: "Check the name; forks get no connections."
        case .wrongType, .wrongKind: "Name a connection that 'roost service-connection create-azure' made."
        case .incomplete(let name, _, _): "Add it with 'roost service-connection update \"\(name)\"'."
        case .noServer: "Run it on a server."
        }
    }
}

extension StepWork {
    /// The account of the connection that an input names.
    ///
    /// - Throws: ``CloudAccountFailure`` naming the connection, its kind and the kinds accepted; why the server makes no id token.
    func cloudAccount(_ input: String, _ aliases: String...) async throws -> CloudAccount {
        guard let name = ([input] + aliases).lazy.compactMap({ self.input($0) }).first else {
            throw TaskFailure.inputMissing(input)
        }
        guard let endpoint = endpoints.find(name) else { throw CloudAccountFailure.notFound(input: input, name: name) }
        let kind = ConnectionKind(
            scheme: endpoint.scheme,
            authenticationType: endpoint.parameter("authenticationType")
                ?? endpoint.parameter("servicePrincipalCertificate").map { _ in "spnCertificate" }
        )
        let signsIn = kind == .managedIdentity || equalIgnoringCase(endpoint.scheme, kind.scheme)
        guard kind != .none, signsIn else { throw Self.wrongKind(endpoint) }
        func parameter(_ name: String) throws(CloudAccountFailure) -> String {
            guard let value = endpoint.parameter(name), !value.isEmpty else {
                throw .incomplete(endpoint.name, kind: kind, missing: name)
            }
            return value
        }
        let isMachine = kind == .managedIdentity
        return CloudAccount(
            connection: endpoint.name,
            tenant: isMachine ? endpoint.parameter("tenantid") ?? "" : try parameter("tenantid"),
            client: isMachine ? endpoint.parameter("serviceprincipalid") ?? "" : try parameter("serviceprincipalid"),
            credential: try await credential(of: endpoint, kind, parameter),
            cloud: endpoint.datum(Cloud.Field.environment) ?? Cloud.builtIn[0].name,
            data: endpoint.data,
            subscription: endpoint.datum("subscriptionId")
        )
    }

    private func credential(
        of endpoint: JobEndpoint,
        _ kind: ConnectionKind,
        _ parameter: (String) throws(CloudAccountFailure) -> String
    ) async throws -> CloudAccount.Credential {
        switch kind {
        case .secret where equalIgnoringCase(endpoint.scheme, kind.scheme):
            return .secret(Secret(try parameter("serviceprincipalkey")))
        case .certificate where equalIgnoringCase(endpoint.scheme, kind.scheme):
            return .certificate(Secret(try parameter("servicePrincipalCertificate")))
        case .federation:
            guard let host else { throw CloudAccountFailure.noServer(endpoint.name) }
            let token = try await host.idToken(for: endpoint, job: order.job.rawValue)
            _ = masker.add(token.exposed, name: "the id token of '\(endpoint.name)'")
            return .idToken(token)
        case .managedIdentity: return .managedIdentity(client: endpoint.datum("msiclientId"))
        case .secret, .certificate, .none:
            throw Self.wrongKind(endpoint)
        }
    }

    private static func wrongKind(_ endpoint: JobEndpoint) -> CloudAccountFailure {
        .wrongKind(
            endpoint.name,
            scheme: endpoint.scheme,
            accepted: [.secret, .certificate, .federation, .managedIdentity]
        )
    }
}

extension JobEndpoint {
    /// Something of its data, found ignoring case; nil when it is absent or empty.
    func datum(_ name: String) -> String? {
        data.first { equalIgnoringCase($0.key, name) && !$0.value.isEmpty }?.value
    }
}
