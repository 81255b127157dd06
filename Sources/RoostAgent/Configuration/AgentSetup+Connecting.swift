import RoostClient
import RoostLanguage
import RoostModel

extension AgentSetup {
    /// A server that has accepted the token of a person.
    struct ConnectedServer: Sendable {
        var client: RoostClient
        var url: String
        var settings: ConnectionSettings
    }

    /// Kinds of `--auth` that Azure Pipelines' agent knows.
    private static let signInKinds = ["pat", "alt", "negotiate", "integrated", "aad", "sp"]

    /// Asks for address and credential until a connection works; unattended the first failure counts.
    ///
    /// - Parameter known: the address, when it is not to be asked for.
    /// - Returns: the server; its client must be closed.
    /// - Throws: ``ConfigurationFailure``.
    func connect(to known: String?) async throws(ConfigurationFailure) -> ConnectedServer {
        var isFirst = true
        while true {
            do throws(ConfigurationFailure) {
                return try await tryConnect(known, useInput: isFirst)
            } catch {
                guard !isUnattended, error != .inputEnded else { throw error }
                console.complain(error.description)
                isFirst = false
            }
        }
    }

    private func tryConnect(_ known: String?, useInput: Bool) async throws(ConfigurationFailure) -> ConnectedServer {
        let url: String
        if let known { url = known } else { url = try serverURL(useInput) }
        try checkSignIn(useInput)
        let token = try questions.secret("token", "Enter personal access token", useInput: useInput)
        console.say("Connecting to server ...")
        let settings = connectionSettings(url)
        do throws(ClientError) {
            let client = try await Self.signIn(url, .personalToken(token), settings)
            return ConnectedServer(client: client, url: url, settings: settings)
        } catch {
            throw .server(ServerRefusal(error))
        }
    }

    /// A client whose credential the server has accepted.
    static func signIn(
        _ url: String,
        _ credential: ClientCredential,
        _ settings: ConnectionSettings
    ) async throws(ClientError) -> RoostClient {
        var options = settings.clientOptions
        // A person waits; the listener has more patience.
        options.retries = 1
        let client = try RoostClient(url: url, credential: credential, options: options)
        do throws(ClientError) {
            _ = try await client.connectionData()
            return client
        } catch {
            await client.close()
            throw error
        }
    }

    /// What the command line says; without a word about it what the files and the environment say.
    func connectionSettings(_ url: String) -> ConnectionSettings {
        let given = ConnectionSettings(inputs)
        guard given == ConnectionSettings() else { return given }
        return ConnectionSettings(root: root, environment: environment, serverURL: url)
    }

    private func serverURL(_ useInput: Bool) throws(ConfigurationFailure) -> String {
        let text = try questions.text("url", "Enter server URL", useInput: useInput)
        guard let url = ServerURL.normalized(text) else { throw .notAnURL(text) }
        return url
    }

    private func checkSignIn(_ useInput: Bool) throws(ConfigurationFailure) {
        let question = "Enter authentication type (press enter for PAT)"
        let kind = try questions.text("auth", question, fallback: "pat", useInput: useInput).lowercased()
        guard kind != "pat" else { return }
        throw .signInKind(kind, near: Self.signInKinds.contains(kind) ? nil : nearName(kind, among: Self.signInKinds))
    }
}
