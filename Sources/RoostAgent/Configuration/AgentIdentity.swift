import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

/// The key and the OAuth client by which an agent signs in.
struct AgentIdentity: Sendable {
    let key: AgentKey
    let credentials: AgentCredentials

    /// Reads them from the agent's folder.
    ///
    /// - Throws: ``ConfigurationFailure``.
    init(files: AgentFiles) throws(ConfigurationFailure) {
        credentials = try files.credentials()
        key = try files.key()
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
