import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

/// What a script that sets a machine up asks for: secrets and facts by the machine's identity, and whether the agent has come online.
extension AgentSetup {
    /// An endpoint of the machine itself answers at once or not at all.
    private static let patience = Duration.seconds(15)
    private static let online = (patience: Duration.seconds(120), pause: Duration.milliseconds(500))

    /// Prints a secret of a vault, alone on a line of standard output.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func readSecret() async throws(ConfigurationFailure) {
        guard let vault = inputs.text("vault") else { throw .missingArgument("vault") }
        guard let name = inputs.text("secret") else { throw .missingArgument("secret") }
        let url = try await vaultURL(vault)
        let value = try await asking(connectionSettings(url).clientOptions(for: url)) {
            identities throws(IdentityFailure) in
            let resource = try await identities.vaultResource(url)
            let endpoint = MachineEndpoint(
                environment: environment,
                resource: resource,
                client: inputs.text("clientid")
            )
            let token = try await identities.machineToken(
                at: endpoint.url,
                headers: endpoint.headers.map { ($0.name, $0.value) }
            )
            return try await identities.vaultSecret(name, of: url, token: token)
        }
        console.say(value.exposed)
    }

    /// A vault by its name, its host, or its whole URL.
    private func vaultURL(_ vault: String) async throws(ConfigurationFailure) -> String {
        if vault.hasPrefix("https://") { return vault.hasSuffix("/") ? String(vault.dropLast()) : vault }
        if vault.contains(".") { return "https://\(vault)" }
        if let suffix = inputs.text("vaultsuffix") ?? environment["ROOST_VAULT_SUFFIX"] {
            return "https://\(vault).\(suffix)"
        }
        return "https://\(vault).\(try await fact("roost-vault-suffix"))"
    }

    /// Prints a fact of the machine.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func machineFact() async throws(ConfigurationFailure) {
        guard let name = inputs.text("fact") else { throw .missingArgument("fact") }
        console.say(try await fact(name))
    }

    private func fact(_ name: String) async throws(ConfigurationFailure) -> String {
        let url = MachineEndpoint.instance(environment)
        let facts = try await asking(
            ClientOptions(userAgent: AgentVersion.userAgent, timeout: Self.patience)
        ) { identities throws(IdentityFailure) in
            try await identities.machineFacts(at: url)
        }
        guard let value = facts[name] else { throw .machineFactUnknown(name) }
        return value
    }

    private func asking<Value: Sendable>(
        _ options: ClientOptions,
        _ body: (IdentityClient) async throws(IdentityFailure) -> Value
    ) async throws(ConfigurationFailure) -> Value {
        let client: IdentityClient
        do { client = try IdentityClient(options: options) } catch { throw .server(ServerRefusal(error)) }
        do throws(IdentityFailure) {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            switch error {
            case .failed(let error): throw .server(ServerRefusal(error))
            case .refused(let refusal): throw .signIn(.refused(SignInRefusal(refusal, as: .machine)))
            }
        }
    }

    /// Waits to be told what this machine is, and prints that.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func wake() throws(ConfigurationFailure) {
        guard let port = inputs.text("port") else { throw .missingArgument("port") }
        for line in try MachineWaking(port: port).wait() { console.say(line) }
    }

    /// Asks the server with the agent's own key until it says that the agent is online.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func waitOnline() async throws(ConfigurationFailure) {
        for agent in agents { try await agent.waitOnlineAlone() }
    }

    private func waitOnlineAlone() async throws(ConfigurationFailure) {
        let settings = try files.settings()
        let identity = try await AgentIdentity(files: files, environment: environment)
        do {
            let url = settings.serverUrl
            let client = try await Self.signIn(url, identity.credential, connectionSettings(url))
            let isOnline = await isOnline(settings, client)
            await client.close()
            guard isOnline else { throw ConfigurationFailure.notOnline(settings.agentName, pool: settings.poolName) }
        } catch let error as ClientError {
            throw .server(ServerRefusal(error, isAgent: true))
        } catch let error as ConfigurationFailure {
            throw error
        } catch {
            throw .notOnline(settings.agentName, pool: settings.poolName)
        }
        console.say("The agent '\(settings.agentName)' is online.")
    }

    private func isOnline(_ settings: AgentSettings, _ client: RoostClient) async -> Bool {
        let deadline = ContinuousClock.now + Self.online.patience
        while ContinuousClock.now < deadline {
            let agent = try? await client.agent(pool: settings.poolId, id: settings.agentId)
            if agent?.status?.lowercased() == "online" { return true }
            try? await Task.sleep(for: Self.online.pause)
        }
        return false
    }
}
