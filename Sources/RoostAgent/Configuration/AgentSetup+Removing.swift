import Glibc
import RoostClient
import RoostModel
import RoostWire

extension AgentSetup {
    /// Takes the registration back and deletes the agent's files.
    ///
    /// Without a configuration there is nothing to ask the server for; files that are left are deleted all the same.
    ///
    /// - Throws: ``ConfigurationFailure``; the files stay then.
    func remove() async throws(ConfigurationFailure) {
        try refuseService()
        if root.isConfigured {
            _ = try files.settings()
            console.say("Removing agent from the server")
            try await takeBackAll()
        } else {
            console.say(
                "Cannot connect to server, because config files are missing. Skipping removing agent from the server."
            )
        }
        for file in [AgentRoot.File.credentials, .settings] where root.has(file) {
            console.say("Removing \(file.rawValue)")
        }
        files.deleteConfiguration()
        console.say("Succeeded: Removing the configuration")
    }

    /// Each agent leaves with its own key; those that cannot are taken back with one credential.
    private func takeBackAll() async throws(ConfigurationFailure) {
        var left: [(setup: AgentSetup, settings: AgentSettings)] = []
        for agent in agents {
            let settings = try agent.files.settings()
            if inputs.secret("token") == nil, try await agent.leave(settings) {
                agent.forget(in: root)
            } else {
                left.append((agent, settings))
            }
        }
        guard let first = left.first else { return }
        let server = try await connect(to: first.settings.serverUrl)
        do throws(ConfigurationFailure) {
            for (agent, settings) in left {
                try await delete(settings, server)
                agent.forget(in: root)
            }
            await server.client.close()
        } catch {
            await server.client.close()
            throw error
        }
    }

    /// Deletes the configuration of a slot whose registration is gone, so that a second attempt begins with the next.
    private func forget(in agent: AgentRoot) {
        guard root != agent else { return }
        files.deleteConfiguration()
        // What jobs and logs have left stays, as it does for an agent without slots.
        for folder in [root.diagnostics, root.path, "\(agent.path)/\(AgentRoot.slotsFolder)"] { rmdir(folder) }
    }

    /// Takes the registration back with the agent's own key.
    ///
    /// - Returns: false, after saying why, when the key is missing or refused; then a person's token is needed.
    private func leave(_ settings: AgentSettings) async throws(ConfigurationFailure) -> Bool {
        let identity: AgentIdentity
        do throws(ConfigurationFailure) {
            identity = try await AgentIdentity(files: files, environment: environment)
        } catch {
            console.complain("The agent's own key cannot be used: \(error.summary) A token is needed.")
            return false
        }
        do throws(ClientError) {
            try await deleteOwn(settings, identity)
        } catch {
            let refusal = ServerRefusal(error, isAgent: true)
            guard [.wrongToken, .clockSkew, .narrowToken].contains(refusal.kind) else { throw .server(refusal) }
            console.complain("The server refuses the agent's own key: \(refusal.reason) A token is needed.")
            return false
        }
        console.say("Succeeded: Removing agent from the server")
        return true
    }

    private func deleteOwn(_ settings: AgentSettings, _ identity: AgentIdentity) async throws(ClientError) {
        let url = settings.serverUrl
        let client = try await Self.signIn(url, identity.credential, connectionSettings(url))
        do throws(ClientError) {
            try await client.deleteAgent(pool: settings.poolId, id: settings.agentId)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private func delete(_ settings: AgentSettings, _ server: ConnectedServer) async throws(ConfigurationFailure) {
        do throws(ClientError) {
            let found = try await server.client.agents(pool: settings.poolId, named: settings.agentName)
            // An agent of that name with another number is somebody else's.
            guard found.contains(where: { $0.id == settings.agentId }) else {
                console.say(
                    "The agent '\(settings.agentName)' is no longer in the pool. Skipping removing agent from the server."
                )
                return
            }
            try await server.client.deleteAgent(pool: settings.poolId, id: settings.agentId)
            console.say("Succeeded: Removing agent from the server")
        } catch {
            guard error.typeKey == "TaskAgentNotFoundException" || error.typeKey == "TaskAgentPoolNotFoundException"
            else {
                throw .server(ServerRefusal(error, as: server.kind))
            }
            console.say(
                "The agent '\(settings.agentName)' is no longer in the pool. Skipping removing agent from the server."
            )
        }
    }

    // MARK: Reauth

    /// Makes a new key for the agent and tells it to the server; everything else stays as it is.
    ///
    /// - Throws: ``ConfigurationFailure``; the old key stays then.
    func reauthorize() async throws(ConfigurationFailure) {
        let settings = try files.settings()
        _ = try keyProtection(.auto)
        console.say("\n>> Connect:\n")
        let server = try await connect(to: settings.serverUrl)
        do throws(ConfigurationFailure) {
            for agent in agents { try await agent.renewKey(try agent.files.settings(), server) }
            await server.client.close()
        } catch {
            await server.client.close()
            throw error
        }
    }

    private func renewKey(_ settings: AgentSettings, _ server: ConnectedServer) async throws(ConfigurationFailure) {
        let key = try makeKey()
        let draft = try await draft(settings.agentName, key)
        let found = try await asking(server) { () async throws(ClientError) in
            try await server.client.agents(pool: settings.poolId, named: settings.agentName)
        }
        let agent: TaskAgentWire
        if let known = found.first(where: { $0.name?.lowercased() == settings.agentName.lowercased() }) {
            agent = try await replace(known, draft, settings.poolId, server)
        } else {
            agent = try await asking(server) { () async throws(ClientError) in
                try await server.client.addAgent(pool: settings.poolId, draft)
            }
        }
        console.say(try await keeper.keep(key, try keyProtection(keeper.present)).sentence)
        try files.write(try Self.credentials(agent, server.url))
        var changed = settings
        changed.agentId = agent.id ?? settings.agentId
        try files.write(changed)
        console.say("Testing agent connection.")
        try await test(server)
        console.say("Succeeded: The agent has a new key.")
    }

    /// A service must be uninstalled first: it would start an agent that is no more.
    private func refuseService() throws(ConfigurationFailure) {
        guard root.has(.service) else { return }
        let unit = SmallFile.read(root.file(.service)) ?? ""
        throw .serviceInstalled(unit.split(whereSeparator: \.isNewline).first.map(String.init) ?? ".service")
    }
}
