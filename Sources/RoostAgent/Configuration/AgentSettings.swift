import FoundationEssentials
public import RoostModel

/// The file `.agent`: who the agent is and where its server is.
///
/// The members are those of Azure Pipelines' agent; those that have their default are left out, unknown ones are ignored.
public struct AgentSettings: Codable, Hashable, Sendable {
    public var acceptTeeEula: Bool?
    public var agentId: Int
    public var agentName: String
    public var poolId: Int
    public var poolName: String
    /// The organization, with a slash at its end.
    public var serverUrl: String
    /// Absolute or below the agent's folder.
    public var workFolder: String
    /// No capabilities are found out or sent.
    public var skipCapabilitiesScan: Bool?
    /// A lost session ends the listener.
    public var skipSessionRecover: Bool?
    /// Absolute path of a program that runs before the agent takes its first job; only Roost's agent has it.
    public var warmUp: String?
    /// Whether jobs are kept apart, in settings of Roost's agent alone; nil is ``IsolationMode/auto``.
    public var isolation: IsolationMode?
    /// Folders that isolated jobs do not see, beside those of agents; only Roost's agent has it.
    public var hiddenFolders: [String]?
    /// How many jobs the agent runs at once, each as an agent of its own below this folder; only Roost's agent has it.
    ///
    /// Nil is one, in this folder. A slot says of how many it is one.
    public var slots: Int?
    /// The most that each job may use; only Roost's agent has it.
    public var limits: MachineSize?
    /// What stays on the disk, as ``UpkeepPolicy`` reads it; only Roost's agent has it.
    public var upkeep: String?

    public init(
        agentId: Int,
        agentName: String,
        poolId: Int,
        poolName: String,
        serverUrl: String,
        workFolder: String = "_work",
        acceptTeeEula: Bool? = nil,
        skipCapabilitiesScan: Bool? = nil,
        skipSessionRecover: Bool? = nil,
        warmUp: String? = nil,
        isolation: IsolationMode? = nil,
        hiddenFolders: [String]? = nil,
        slots: Int? = nil,
        limits: MachineSize? = nil,
        upkeep: String? = nil
    ) {
        self.agentId = agentId
        self.agentName = agentName
        self.poolId = poolId
        self.poolName = poolName
        self.serverUrl = serverUrl
        self.workFolder = workFolder
        self.acceptTeeEula = acceptTeeEula
        self.skipCapabilitiesScan = skipCapabilitiesScan
        self.skipSessionRecover = skipSessionRecover
        self.warmUp = warmUp
        self.isolation = isolation
        self.hiddenFolders = hiddenFolders
        self.slots = slots
        self.limits = limits
        self.upkeep = upkeep
    }

    private enum CodingKeys: String, CodingKey {
        case acceptTeeEula, agentId, agentName, poolId, poolName, serverUrl, workFolder, skipCapabilitiesScan,
            skipSessionRecover, warmUp, isolation, hiddenFolders, slots, limits, upkeep
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        acceptTeeEula = try container.decodeIfPresent(Bool.self, forKey: .acceptTeeEula)
        agentId = try container.decode(Int.self, forKey: .agentId)
        agentName = try container.decode(String.self, forKey: .agentName)
        poolId = try container.decode(Int.self, forKey: .poolId)
        poolName = try container.decodeIfPresent(String.self, forKey: .poolName) ?? ""
        serverUrl = try container.decode(String.self, forKey: .serverUrl)
        workFolder = try container.decodeIfPresent(String.self, forKey: .workFolder) ?? "_work"
        skipCapabilitiesScan = try container.decodeIfPresent(Bool.self, forKey: .skipCapabilitiesScan)
        skipSessionRecover = try container.decodeIfPresent(Bool.self, forKey: .skipSessionRecover)
        warmUp = try container.decodeIfPresent(String.self, forKey: .warmUp)
        isolation = try container.decodeIfPresent(IsolationMode.self, forKey: .isolation)
        hiddenFolders = try container.decodeIfPresent([String].self, forKey: .hiddenFolders)
        slots = try container.decodeIfPresent(Int.self, forKey: .slots)
        limits = try container.decodeIfPresent(MachineSize.self, forKey: .limits)
        upkeep = try container.decodeIfPresent(String.self, forKey: .upkeep)
    }
}

extension AgentSettings {
    /// What the settings say of upkeep.
    ///
    /// - Throws: ``ConfigurationFailure/upkeep(_:reason:)``.
    func upkeepPolicy() throws(ConfigurationFailure) -> UpkeepPolicy {
        guard let upkeep else { return UpkeepPolicy() }
        do throws(UpkeepPolicy.Fault) { return try UpkeepPolicy(parsing: upkeep) } catch {
            throw .upkeep(upkeep, reason: error.description)
        }
    }
}

/// The file `.credentials`: the OAuth client that the agent is; its key is in a file of its own.
struct AgentCredentials: Codable, Hashable, Sendable {
    var scheme = "OAuth"
    var data: Client

    /// What names the client and where it gets its tokens.
    struct Client: Codable, Hashable, Sendable {
        var clientId: UUID
        /// As the server handed it out; the audience of assertions.
        var authorizationUrl: String
        /// The same under the address the agent knows the server by.
        var oauthEndpointUrl: String?

        private enum CodingKeys: String, CodingKey { case clientId, authorizationUrl, oauthEndpointUrl }

        init(clientId: UUID, authorizationUrl: String, oauthEndpointUrl: String?) {
            self.clientId = clientId
            self.authorizationUrl = authorizationUrl
            self.oauthEndpointUrl = oauthEndpointUrl
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // The service writes ids in lower case, and so does Azure Pipelines' agent.
            try container.encode(clientId.uuidString.lowercased(), forKey: .clientId)
            try container.encode(authorizationUrl, forKey: .authorizationUrl)
            try container.encodeIfPresent(oauthEndpointUrl, forKey: .oauthEndpointUrl)
        }
    }
}
