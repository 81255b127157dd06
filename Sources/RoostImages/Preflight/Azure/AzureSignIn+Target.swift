import RoostModel
import RoostTemplate

extension AzureSignIn {
    /// Of a target that is built in a cloud; nil when it cannot be told, which checking the template has told already.
    init?(_ target: ImageTarget, environment: [String: String]) {
        let settings = target.settings
        guard target.type.hasPrefix("azure-") else { return nil }
        guard target.type != "azure-image-builder" else {
            self.init(cloud: Self.cloudOfSession, way: .session)
            return
        }
        guard let way = Self.way(settings) else { return nil }
        let variable = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            cloud: settings.known("cloud_environment_name") ?? "Public",
            metadataHost: settings.known("metadata_host") ?? variable("ARM_METADATA_HOST")
                ?? variable("ARM_METADATA_URL"),
            subscription: settings.known("subscription_id"),
            tenant: settings.known("tenant_id"),
            client: settings.known("client_id"),
            way: way
        )
    }

    /// In the order in which azure-arm chooses.
    private static func way(_ settings: ImageSettings) -> Way? {
        if settings.isTrue("use_azure_cli_auth") || settings.isTrue("use_interactive_auth") { return .session }
        let names = ["client_secret", "client_cert_path", "oidc_request_token", "client_jwt"]
        let given = names.filter { settings[$0] != nil && settings[$0]?.text != "" }
        if given.isEmpty {
            return settings.known("tenant_id") == nil ? .machine(client: settings.known("client_id")) : nil
        }
        guard given.count == 1, let text = settings.known(given[0]) else { return nil }
        switch given[0] {
        case "client_secret": return .secret(Secret(text))
        case "client_cert_path":
            return .certificate(path: text, password: settings.known("client_cert_password").map { Secret($0) })
        case "oidc_request_token":
            return settings.known("oidc_request_url").map { .idTokenRequest(url: $0, token: Secret(text)) }
        default: return .idToken(Secret(text))
        }
    }
}
