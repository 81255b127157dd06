public import FoundationEssentials

/// What a machine shall be, whatever makes it.
public struct MachineOrder: Sendable {
    public var tag: MachineTag
    /// Nil for providers that make machines out of no image.
    public var image: MachineImage?
    public var size: MachineSize
    public var network: MachineNetwork
    /// What its first agent joins.
    public var joining: MachineJoining
    /// What its other agents join, on a machine that runs several jobs at once.
    public var others: [MachineJoining]

    /// One for each of its slots.
    public var joinings: [MachineJoining] { [joining] + others }

    public init(
        tag: MachineTag,
        image: MachineImage?,
        size: MachineSize = MachineSize(),
        network: MachineNetwork = .server,
        joining: MachineJoining,
        others: [MachineJoining] = []
    ) {
        self.tag = tag
        self.image = image
        self.size = size
        self.network = network
        self.joining = joining
        self.others = others
    }
}

/// The image of a machine.
public struct MachineImage: Sendable {
    /// For people, such as `team/agents/1.4.2`.
    public var name: String
    /// SHA-256 of its content, hexadecimal: machines of the same digest are the same.
    public var digest: String
    /// Writes its files into an empty folder, checked; throws what reading the gallery meets.
    public var fetch: @Sendable (_ folder: String) async throws -> Void

    public init(name: String, digest: String, fetch: @escaping @Sendable (String) async throws -> Void) {
        self.name = name
        self.digest = digest
        self.fetch = fetch
    }
}

/// Most that a machine may use; nil is no limit.
public struct MachineSize: Hashable, Sendable, Codable {
    /// Thousandths of a processor: 1500 is one and a half.
    public var milliProcessors: Int?
    /// Bytes.
    public var memory: Int?
    public var processes: Int?

    public init(milliProcessors: Int? = nil, memory: Int? = nil, processes: Int? = nil) {
        self.milliProcessors = milliProcessors
        self.memory = memory
        self.processes = processes
    }
}

/// What a machine reaches.
public enum MachineNetwork: String, Hashable, Sendable, Codable, CaseIterable {
    /// The server and nothing else.
    case server
    /// What the machine on which it runs reaches.
    case host
}

/// What the agent of a new machine needs to join.
public struct MachineJoining: Sendable {
    public var url: URL
    public var pool: String
    /// The agent's name.
    public var agent: String
    /// Good for one registration of this agent in this generation of the machine.
    public var token: Secret
    /// Certificates, in PEM, of authorities that the machine trusts beside its own, because the server's certificate is of one of them.
    public var authority: String?
    /// The machine runs one job and is made anew after it.
    public var isForOneJob: Bool

    public init(
        url: URL,
        pool: String,
        agent: String,
        token: Secret,
        authority: String? = nil,
        isForOneJob: Bool = false
    ) {
        self.url = url
        self.pool = pool
        self.agent = agent
        self.token = token
        self.authority = authority
        self.isForOneJob = isForOneJob
    }
}
