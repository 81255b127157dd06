public import ArgumentParser
import RoostLanguage
public import RoostModel
import RoostWire

/// What a connection to a cloud is made of; what is not given stays as it is.
struct CloudOptions: ParsableArguments {
    @Option(help: "What opens it: secret, certificate, federation or managed-identity.")
    var kind: ConnectionKind?

    @Option(
        help: "public, china, us-government, or the name of another cloud, whose endpoints are given by --endpoint."
    )
    var cloud: String?

    @Option(
        help: ArgumentHelp(
            "An endpoint of the cloud, such as environmentAuthorityUrl=https://login.example; may be repeated.",
            valueName: "name=url"
        )
    )
    var endpoint: [Assignment] = []

    @Option(help: ArgumentHelp("The directory of the identity.", valueName: "id"))
    var tenant: String?

    @Option(help: ArgumentHelp("The identity that it signs in as.", valueName: "id"))
    var clientID: String?

    @Option(help: ArgumentHelp("Read the certificate and its key from a PEM file.", valueName: "path"))
    var certificateFile: String?

    @Option(
        help: ArgumentHelp(
            "For whom id tokens of a federated one are; the cloud's own when not given.",
            valueName: "audience"
        )
    )
    var audience: String?

    @Option(
        help: ArgumentHelp(
            "The subscription it leads to; it is looked at when the connection is verified.",
            valueName: "id"
        )
    )
    var subscription: String?

    @Option(help: "Its name, for people.")
    var subscriptionName: String?

    /// - Parameters:
    ///   - draft: gets what is given.
    ///   - known: the connection as it is; nil for a new one.
    ///   - secretFile: has the client's secret.
    /// - Throws: ``CommandFailure`` for a file that cannot be read.
    func apply(to draft: inout ServiceConnectionWire, over known: ServiceConnectionWire?, secretFile: String?) throws {
        var parameters: [String: String] = [:]
        parameters["tenantid"] = tenant
        parameters["serviceprincipalid"] = clientID
        if let secretFile { parameters["serviceprincipalkey"] = try SecretFile.read(secretFile) }
        if let certificateFile { parameters["servicePrincipalCertificate"] = try SecretFile.read(certificateFile) }
        if let kind {
            // What another kind would need goes.
            if kind != .secret { parameters["serviceprincipalkey"] = "" }
            if kind != .certificate { parameters["servicePrincipalCertificate"] = "" }
            parameters["authenticationType"] =
                switch kind {
                case .secret: "spnKey"
                case .certificate: "spnCertificate"
                case .federation, .managedIdentity, .none: ""
                }
        }
        draft.authorization = EndpointAuthorizationWire(scheme: kind?.scheme, parameters: parameters)
        draft.data = data(known)
    }

    /// All of it, since data is replaced as a whole; nil when nothing of it changes.
    private func data(_ known: ServiceConnectionWire?) -> [String: String]? {
        var given = Assignment.dictionary(endpoint)
        given["environment"] = cloud
        given["subscriptionId"] = subscription
        given["subscriptionName"] = subscriptionName
        given["workloadIdentityFederationAudience"] = audience
        guard known == nil || !given.isEmpty else { return nil }
        var kept = known?.data ?? [:]
        // Endpoints of another cloud do not stay.
        if cloud != nil { kept = kept.filter { ["subscriptionid", "subscriptionname"].contains($0.key.lowercased()) } }
        return kept.merging(given) { $1 }
    }
}

extension ConnectionKind: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.filter { $0 != .none }.map(\.rawValue) }

    public init?(argument: String) {
        guard let kind = ConnectionKind(rawValue: argument.lowercased()), kind != .none else { return nil }
        self = kind
    }
}
