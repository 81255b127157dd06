import FoundationEssentials
import RoostClient
import RoostLanguage
import RoostModel
import RoostWire

extension AgentSetup {
    // MARK: The pool

    /// Finds the pool, asking again while there is none of that name and somebody answers.
    func choosePool(_ server: ConnectedServer) async throws(ConfigurationFailure) -> TaskAgentPoolWire {
        var isFirst = true
        while true {
            let question = "Enter agent pool (press enter for default)"
            let name = try questions.text("pool", question, fallback: "default", useInput: isFirst)
            do throws(ConfigurationFailure) {
                return try await findPool(name, server)
            } catch {
                guard !isUnattended, error.isAboutPool else { throw error }
                console.complain(error.description)
                isFirst = false
            }
        }
    }

    private func findPool(
        _ name: String,
        _ server: ConnectedServer
    ) async throws(ConfigurationFailure) -> TaskAgentPoolWire {
        let found = try await asking(server) { () async throws(ClientError) in
            try await server.client.pools(named: name)
        }
        if let pool = found.first(where: { $0.name?.lowercased() == name.lowercased() }) ?? found.first {
            guard pool.isHosted != true else { throw .hostedPool(pool.name ?? name) }
            return pool
        }
        let all = try await asking(server) { () async throws(ClientError) in try await server.client.pools() }
        let names = all.filter { $0.isHosted != true }.compactMap(\.name).sorted()
        if server.isEnrollment, !names.isEmpty { throw .otherPool(name, own: names) }
        throw .poolNotFound(name, near: nearName(name, among: names), known: names)
    }

    // MARK: The agent

    /// Registers the agent under a name that is free, or that may be taken over.
    func addAgent(
        _ server: ConnectedServer,
        _ pool: TaskAgentPoolWire,
        _ key: AgentKey
    ) async throws(ConfigurationFailure) -> (agent: TaskAgentWire, isNew: Bool) {
        guard let poolID = pool.id else { throw .poolNotFound(pool.name ?? "", near: nil, known: []) }
        var isFirst = true
        while true {
            let question = "Enter agent name (press enter for \(MachineFacts.hostName))"
            let name = try questions.text("agent", question, fallback: MachineFacts.hostName, useInput: isFirst)
            console.say("Scanning for tool capabilities.")
            let draft = try await draft(name, key)
            console.say("Connecting to the server.")
            // The name was made for this machine: only an earlier start of it can have taken it.
            if isBoot, let agent = try await addIfFree(draft, poolID, server) { return (agent, true) }
            let found = try await asking(server) { () async throws(ClientError) in
                try await server.client.agents(pool: poolID, named: name)
            }
            guard let known = found.first(where: { $0.name?.lowercased() == name.lowercased() }) else {
                return try await add(draft, poolID, server)
            }
            if try questions.confirms("replace", "Enter replace? The pool has an agent '\(name)'") {
                return (try await replace(known, draft, poolID, server), false)
            }
            let failure = ConfigurationFailure.agentExists(name, pool: pool.name ?? "")
            guard !isUnattended else { throw failure }
            console.complain(failure.description)
            isFirst = false
        }
    }

    private func add(
        _ draft: TaskAgentWire,
        _ pool: Int,
        _ server: ConnectedServer
    ) async throws(ConfigurationFailure) -> (agent: TaskAgentWire, isNew: Bool) {
        // Somebody else may have taken the name since it was looked up.
        guard let agent = try await addIfFree(draft, pool, server) else {
            throw .agentExists(draft.name ?? "", pool: String(pool))
        }
        return (agent, true)
    }

    /// - Returns: nil when there is an agent of that name.
    private func addIfFree(
        _ draft: TaskAgentWire,
        _ pool: Int,
        _ server: ConnectedServer
    ) async throws(ConfigurationFailure) -> TaskAgentWire? {
        let agent: TaskAgentWire
        do throws(ClientError) { agent = try await server.client.addAgent(pool: pool, draft) } catch {
            if error.typeKey == "TaskAgentExistsException" { return nil }
            throw .server(ServerRefusal(error, as: server.kind))
        }
        console.say("Successfully added the agent")
        return agent
    }

    /// Takes the place of an agent; capabilities it has beyond the new ones stay.
    func replace(
        _ known: TaskAgentWire,
        _ draft: TaskAgentWire,
        _ pool: Int,
        _ server: ConnectedServer
    ) async throws(ConfigurationFailure) -> TaskAgentWire {
        var agent = known
        agent.authorization = draft.authorization
        agent.version = draft.version
        agent.osDescription = draft.osDescription
        agent.maxParallelism = draft.maxParallelism
        agent.systemCapabilities = (known.systemCapabilities ?? [:]).merging(draft.systemCapabilities ?? [:]) {
            _,
            new in new
        }
        let changed = agent
        let answer = try await asking(server) { () async throws(ClientError) in
            try await server.client.replaceAgent(pool: pool, id: known.id ?? 0, changed)
        }
        console.say("Successfully replaced the agent")
        return answer
    }

    /// What the server is told of this machine.
    func draft(_ name: String, _ key: AgentKey) async throws(ConfigurationFailure) -> TaskAgentWire {
        let publicKey: AgentPublicKey
        do { publicKey = try key.publicKey } catch { throw .noKeyMade }
        let scan = CapabilityScan(
            root: root,
            agentName: name,
            environment: AgentEnvironment(root: root, base: environment).values,
            asksVersions: !isBoot
        )
        return TaskAgentWire(
            name: name,
            version: AgentVersion.level,
            osDescription: OperatingSystem.current.description,
            provisioningState: "Provisioned",
            maxParallelism: 1,
            authorization: TaskAgentAuthorizationWire(
                publicKey: AgentPublicKeyWire(exponent: publicKey.exponent, modulus: publicKey.modulus)
            ),
            systemCapabilities: await scan.run().dictionary
        )
    }

    // MARK: What the answer says

    /// The OAuth client of a registered agent.
    static func credentials(_ agent: TaskAgentWire, _ url: String) throws(ConfigurationFailure) -> AgentCredentials {
        guard let client = agent.authorization?.clientId, let address = agent.authorization?.authorizationUrl,
            !address.isEmpty
        else { throw .noClient }
        return AgentCredentials(
            data: AgentCredentials.Client(
                clientId: client,
                authorizationUrl: address,
                oauthEndpointUrl: ServerURL.moved(address, to: url)
            )
        )
    }

    /// The address to keep: the server may know a better path, never a better host.
    static func storedURL(_ agent: TaskAgentWire, _ url: String) -> String {
        guard let told = agent.properties?["ServerUrl"]?.value else { return url }
        return ServerURL.normalized(ServerURL.moved(told, to: url)) ?? url
    }
}
