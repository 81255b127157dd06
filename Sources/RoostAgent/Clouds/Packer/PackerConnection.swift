import FoundationEssentials
import RoostLanguage
import RoostModel

/// What a service connection gives a build of images: names of files with its secrets, in variables that `roost image` reads, and values for
/// the variables of a template.
struct PackerConnection: Sendable {
    private struct Offer: Encodable {
        var values: [String: String]
        var secrets: [String]
    }

    /// Nothing of it is a secret.
    let environment: [String: String]

    static let none = PackerConnection(environment: [:])

    private init(environment: [String: String]) { self.environment = environment }

    private init(_ environment: [String: String], _ offer: Offer, _ files: PackerFiles) throws {
        let text = String(decoding: try JSONEncoder().encode(offer), as: UTF8.self)
        self.environment = try environment.merging([
            "ROOST_OFFERED_VARIABLES": files.write(text, to: "offered.json")
        ]) { $1 }
    }

    // MARK: Azure

    /// A connection to Azure of any kind.
    ///
    /// With the variable `Roost.Connections.AnyKind` it is used as tasks do that know secrets only, and fails as they do.
    ///
    /// - Throws: ``CloudAccountFailure`` naming the connection, its kind and those accepted; ``PackerTaskFailure``.
    static func azure(_ input: String, _ aliases: [String], _ work: StepWork, _ files: PackerFiles) async throws -> Self
    {
        try refuseAsBefore(([input] + aliases).lazy.compactMap { work.input($0) }.first, work)
        let account = try await work.cloudAccount(input, aliases.first ?? input)
        var environment = Self.nothing.merging(["ARM_ENVIRONMENT": account.cloud]) { $1 }
        var values = [
            "client_id": account.client, "tenant_id": account.tenant, "subscription_id": account.subscription ?? "",
            "object_id": account.endpoint("spnObjectId") ?? "", "client_secret": "", "client_jwt": "",
        ]
        environment["ARM_CLIENT_ID"] = account.client
        environment["ARM_TENANT_ID"] = account.tenant
        environment["ARM_SUBSCRIPTION_ID"] = account.subscription
        if let name = packerCloud(account.cloud) {
            values["cloud_environment_name"] = name
        } else if let host = account.endpoint(Cloud.Field.resourceManager).flatMap(URL.init(string:))?.host {
            environment["ARM_METADATA_HOSTNAME"] = host
            values["metadata_host"] = host
        }
        switch account.credential {
        case .secret(let secret):
            environment["ARM_CLIENT_SECRET_FILE_PATH"] = try files.write(secret.exposed, to: "secret")
            values["client_secret"] = secret.exposed
        case .certificate(let pem):
            let path = try files.write(pem.exposed, to: "certificate.pem")
            environment["ARM_CLIENT_CERTIFICATE_PATH"] = path
            values["client_cert_path"] = path
        case .idToken(let token):
            environment["ARM_OIDC_TOKEN_FILE_PATH"] = try files.write(token.exposed, to: "token")
            values["client_jwt"] = token.exposed
        case .managedIdentity(let client):
            environment["ARM_USE_MSI"] = "true"
            environment["ARM_CLIENT_ID"] = client
            values["client_id"] = client ?? ""
        }
        return try PackerConnection(
            environment,
            Offer(values: values, secrets: ["client_secret", "client_jwt"]),
            files
        )
    }

    /// What the job's own environment may say of another account does not count.
    private static let nothing = Dictionary(
        uniqueKeysWithValues: [
            "ARM_CLIENT_SECRET", "ARM_CLIENT_SECRET_FILE_PATH", "ARM_CLIENT_CERTIFICATE_PATH",
            "ARM_CLIENT_CERTIFICATE_PASSWORD", "ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH", "ARM_USE_CLI",
            "ARM_USE_MSI", "ARM_METADATA_HOSTNAME",
        ].map { ($0, "") }
    )

    private static func packerCloud(_ name: String) -> String? {
        switch Cloud(named: name)?.name {
        case "AzureCloud": "Public"
        case "AzureChinaCloud": "China"
        case "AzureUSGovernment": "USGovernment"
        default: nil
        }
    }

    /// The failure that a task has which asks for a client's secret whatever the connection is.
    private static func refuseAsBefore(_ name: String?, _ work: StepWork) throws {
        guard work.variables["Roost.Connections.AnyKind"]?.lowercased() == "true", let name,
            let endpoint = work.endpoints.find(name),
            endpoint.parameter("serviceprincipalkey")?.isEmpty ?? true
        else { return }
        throw PackerTaskFailure.endpointDataMissing(endpoint.id)
    }

    // MARK: AWS

    /// A connection with the key of an account of AWS.
    static func aws(_ input: String, _ work: StepWork, _ files: PackerFiles) throws -> Self {
        let name = try work.required(input)
        guard let endpoint = work.endpoints.find(name) else {
            throw CloudAccountFailure.notFound(input: input, name: name)
        }
        func parameter(_ key: String) throws -> String {
            guard let value = endpoint.parameter(key), !value.isEmpty else {
                throw PackerTaskFailure.noConnection(type: key, name: endpoint.name)
            }
            return value
        }
        let (user, secret) = (try parameter("username"), try parameter("password"))
        let values = ["access_key": user, "secret_key": secret]
        return try PackerConnection([:], Offer(values: values, secrets: ["secret_key"]), files)
    }
}
