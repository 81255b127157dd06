import RoostClient
import RoostLanguage
import RoostModel

extension AgentSetup {
    /// A server that has accepted a credential.
    struct ConnectedServer: Sendable {
        var client: RoostClient
        var url: String
        var settings: ConnectionSettings
        var kind: SignInKind
        /// What was accepted registers agents in some pools and does nothing else.
        var isEnrollment = false
    }

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
        let kind = try chooseSignIn(useInput)
        let settings = connectionSettings(url)
        try settings.check()
        let granted = try await signIn(kind, url, settings, useInput).grant()
        console.say("Connecting to server ...")
        do throws(ClientError) {
            // The machine of a pool asks for what it needs at once: each answer is a good part of its start.
            let client =
                if isBoot {
                    try Self.client(url, granted.credential, settings)
                } else {
                    try await Self.signIn(url, granted.credential, settings)
                }
            return ConnectedServer(
                client: client,
                url: url,
                settings: settings,
                kind: kind,
                isEnrollment: granted.isEnrollment
            )
        } catch {
            throw .server(ServerRefusal(error, as: kind))
        }
    }

    private func signIn(
        _ kind: SignInKind,
        _ url: String,
        _ settings: ConnectionSettings,
        _ useInput: Bool
    ) -> IdentitySignIn {
        IdentitySignIn(
            kind: kind,
            url: url,
            questions: questions,
            settings: settings,
            environment: environment,
            pool: inputs.text("pool") ?? (try? files.settings().poolName),
            useInput: useInput
        )
    }

    /// A client whose credential the server has accepted.
    static func signIn(
        _ url: String,
        _ credential: ClientCredential,
        _ settings: ConnectionSettings
    ) async throws(ClientError) -> RoostClient {
        let client = try client(url, credential, settings)
        do throws(ClientError) {
            _ = try await client.connectionData()
            return client
        } catch {
            await client.close()
            throw error
        }
    }

    private static func client(
        _ url: String,
        _ credential: ClientCredential,
        _ settings: ConnectionSettings
    ) throws(ClientError) -> RoostClient {
        var options = settings.clientOptions(for: url)
        // A person waits; the listener has more patience.
        options.retries = 1
        return try RoostClient(url: url, credential: credential, options: options)
    }

    /// What the command line says; where it says nothing, what the files and the environment say.
    func connectionSettings(_ url: String) -> ConnectionSettings {
        let environment = AgentEnvironment(root: root, base: environment).values
        return ConnectionSettings(inputs, root: root, environment: environment, serverURL: url)
    }

    /// The same with a password for the proxy, which stands on a line of standard input (`-`), or is asked for where there is a user only.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func withProxyPassword() throws(ConfigurationFailure) -> AgentSetup {
        if let text = inputs.text("proxyurl"), Proxy(text) == nil {
            throw .notAProxy(GitCredentials.withoutUser(text))
        }
        let isAsked = inputs.text("proxypassword") == nil && inputs.text("proxyusername") != nil && !isUnattended
        guard isAsked || inputs.text("proxypassword") == SetupQuestions.standardInput else { return self }
        let password = try questions.secret("proxypassword", "Enter the proxy's password")
        return AgentSetup(
            root: root,
            inputs: inputs.with(["proxypassword": password.exposed]),
            console: console,
            environment: environment,
            givenKey: givenKey,
            isBoot: isBoot,
            journal: journal
        )
    }

    private func serverURL(_ useInput: Bool) throws(ConfigurationFailure) -> String {
        let text = try questions.text("url", "Enter server URL", useInput: useInput)
        guard let url = ServerURL.normalized(text) else { throw .notAnURL(text) }
        return url
    }

    private func chooseSignIn(_ useInput: Bool) throws(ConfigurationFailure) -> SignInKind {
        let question = "Enter authentication type (press enter for PAT)"
        let text = try questions.text("auth", question, fallback: "pat", useInput: useInput).lowercased()
        if let kind = SignInKind(word: text) { return kind }
        let kinds = SignInKind.allCases.map(\.rawValue)
        throw .signInKind(text, near: SignInKind.elsewhere.contains(text) ? nil : nearName(text, among: kinds))
    }
}
