/// A cloud of Azure's kind: where its identities sign in and where its resources are managed.
///
/// Endpoints are data: a connection to a cloud that is not built in carries its own.
public struct Cloud: Hashable, Sendable {
    /// As connections name it in `data.environment`.
    public var name: String
    /// For people.
    public var title: String
    /// What people say instead of the name.
    public var aliases: [String]
    /// By the names under which tasks read them from a connection's data.
    public var endpoints: [String: String]
    /// For whom id tokens are that its directory takes.
    public var federationAudience: String

    /// Names of the data of a connection that say where a cloud is.
    public enum Field {
        public static let environment = "environment"
        public static let resourceManager = "environmentUrl"
        public static let authority = "environmentAuthorityUrl"
        /// What tokens for the resource manager are for.
        public static let audience = "activeDirectoryServiceEndpointResourceId"
        public static let vaultSuffix = "AzureKeyVaultDnsSuffix"
        public static let vaultAudience = "AzureKeyVaultServiceEndpointResourceId"
        /// Only Roost: for whom id tokens of a federated connection are.
        public static let federationAudience = "workloadIdentityFederationAudience"
    }

    /// The cloud of a name or an alias, in any letter case; nil when it is not built in.
    public init?(named name: String) {
        let wanted = name.lowercased()
        let found = Cloud.builtIn.first { $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }
        guard let found else { return nil }
        self = found
    }

    private init(
        _ name: String,
        _ title: String,
        aliases: [String],
        federationAudience: String,
        _ endpoints: [String: String]
    ) {
        self.name = name
        self.title = title
        self.aliases = aliases
        self.federationAudience = federationAudience
        self.endpoints = endpoints
    }

    /// The public cloud and the national ones, with the endpoints that their operators publish.
    public static let builtIn = [
        Cloud(
            "AzureCloud",
            "Azure",
            aliases: ["public", "azure"],
            federationAudience: "api://AzureADTokenExchange",
            [
                Field.resourceManager: "https://management.azure.com/",
                Field.authority: "https://login.microsoftonline.com/",
                Field.audience: "https://management.core.windows.net/",
                Field.vaultSuffix: "vault.azure.net",
                Field.vaultAudience: "https://vault.azure.net",
                "graphUrl": "https://graph.windows.net/",
                "microsoftGraphUrl": "https://graph.microsoft.com/",
                "managementPortalUrl": "https://portal.azure.com/",
                "serviceManagementUrl": "https://management.core.windows.net/",
                "StorageEndpointSuffix": "core.windows.net",
                "sqlDatabaseDnsSuffix": ".database.windows.net",
            ]
        ),
        Cloud(
            "AzureChinaCloud",
            "Azure China",
            aliases: ["china"],
            federationAudience: "api://AzureADTokenExchangeChina",
            [
                Field.resourceManager: "https://management.chinacloudapi.cn/",
                Field.authority: "https://login.chinacloudapi.cn/",
                Field.audience: "https://management.core.chinacloudapi.cn/",
                Field.vaultSuffix: "vault.azure.cn",
                Field.vaultAudience: "https://vault.azure.cn",
                "graphUrl": "https://graph.chinacloudapi.cn/",
                "microsoftGraphUrl": "https://microsoftgraph.chinacloudapi.cn/",
                "managementPortalUrl": "https://portal.azure.cn/",
                "serviceManagementUrl": "https://management.core.chinacloudapi.cn/",
                "StorageEndpointSuffix": "core.chinacloudapi.cn",
                "sqlDatabaseDnsSuffix": ".database.chinacloudapi.cn",
            ]
        ),
        Cloud(
            "AzureUSGovernment",
            "Azure US Government",
            aliases: ["us-government", "usgov"],
            federationAudience: "api://AzureADTokenExchangeUSGov",
            [
                Field.resourceManager: "https://management.usgovcloudapi.net/",
                Field.authority: "https://login.microsoftonline.us/",
                Field.audience: "https://management.core.usgovcloudapi.net/",
                Field.vaultSuffix: "vault.usgovcloudapi.net",
                Field.vaultAudience: "https://vault.usgovcloudapi.net",
                "graphUrl": "https://graph.windows.net/",
                "microsoftGraphUrl": "https://graph.microsoft.us/",
                "managementPortalUrl": "https://portal.azure.us/",
                "serviceManagementUrl": "https://management.core.usgovcloudapi.net/",
                "StorageEndpointSuffix": "core.usgovcloudapi.net",
                "sqlDatabaseDnsSuffix": ".database.usgovcloudapi.net",
            ]
        ),
    ]
}
