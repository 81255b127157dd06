public import RoostModel

/// How one signs in to a cloud, as a template says it.
public struct AzureSignIn: Sendable, Hashable {
    public enum Way: Sendable, Hashable {
        /// The session of the program `az`.
        case session
        /// The identity of the machine that builds.
        case machine(client: String?)
        case secret(Secret)
        /// A file with a certificate and its key: PKCS#12, or PEM.
        case certificate(path: String, password: Secret?)
        /// A token of another issuer.
        case idToken(Secret)
        /// Where such a token is had.
        case idTokenRequest(url: String, token: Secret)
    }

    /// What stands for the name of a cloud where `az` says which one it is.
    public static let cloudOfSession = "the cloud of az"

    /// As templates name it, such as `Public` or `AzureChinaCloud`.
    public var cloud: String
    /// Where a cloud that is not built in says what its addresses are.
    public var metadataHost: String?
    public var subscription: String?
    public var tenant: String?
    public var client: String?
    public var way: Way

    public init(
        cloud: String = "Public",
        metadataHost: String? = nil,
        subscription: String? = nil,
        tenant: String? = nil,
        client: String? = nil,
        way: Way
    ) {
        self.cloud = cloud
        self.metadataHost = metadataHost
        self.subscription = subscription
        self.tenant = tenant
        self.client = client
        self.way = way
    }
}
