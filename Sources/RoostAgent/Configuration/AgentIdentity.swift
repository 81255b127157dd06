import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

/// The key and the OAuth client by which an agent signs in.
struct AgentIdentity: Sendable {
    let key: AgentKey
    let credentials: AgentCredentials

    init(key: AgentKey, credentials: AgentCredentials) {
        self.key = key
        self.credentials = credentials
    }

    /// Reads them from the agent's folder.
    ///
    /// - Parameters:
    ///   - files: of the agent.
    ///   - environment: see ``KeyKeeper/environment``.
    /// - Throws: ``ConfigurationFailure``.
    init(files: AgentFiles, environment: [String: String]) async throws(ConfigurationFailure) {
        credentials = try files.credentials()
        key = try await KeyKeeper(files: files, environment: environment).key()
    }

    var credential: ClientCredential {
        .agent(
            client: ClientID(credentials.data.clientId),
            tokenURL: credentials.data.oauthEndpointUrl ?? credentials.data.authorizationUrl,
            audience: credentials.data.authorizationUrl,
            key: key
        )
    }
}
