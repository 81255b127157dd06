/// Where in its life a machine of an elastic pool is.
public enum ElasticPhase: String, Hashable, Sendable, Codable, CaseIterable {
    /// Written down, nothing asked of the provider. Goes to creating, to booting where a listing has it already, or is given up.
    case planned
    /// The provider is asked for it. Goes to booting once there is a machine.
    case creating
    /// There is a machine, whose agent is not online yet. Goes to idle.
    case booting
    /// Its agent waits for a job. Goes to busy.
    case idle
    /// Runs jobs. Goes to used, or to idle where machines are used again.
    case busy
    /// Had its jobs. Goes to recycling or deleting.
    case used
    /// A clean machine is made in its place, until its agent is online. Goes to idle.
    case recycling
    /// Kept for study until a person deletes it.
    case saved
    /// The provider is asked to remove it. Goes to gone once no listing has it.
    case deleting
    /// There is no machine any more. The end.
    case gone

    /// The phases that may follow.
    public var next: Set<ElasticPhase> {
        switch self {
        case .planned: [.creating, .booting, .gone]
        case .creating: [.booting, .idle, .deleting, .gone]
        case .booting: [.idle, .saved, .deleting, .gone]
        case .idle: [.busy, .recycling, .saved, .deleting, .gone]
        case .busy: [.idle, .used, .saved, .deleting, .gone]
        case .used: [.idle, .recycling, .saved, .deleting, .gone]
        case .recycling: [.idle, .saved, .deleting, .gone]
        case .saved: [.deleting, .gone]
        case .deleting: [.gone]
        case .gone: []
        }
    }

    /// Counts against the pool's maximum.
    public var occupies: Bool { self != .gone }

    /// Is, or will be by itself, an agent that can take a job.
    public var isSupply: Bool {
        switch self {
        case .planned, .creating, .booting, .idle, .recycling: true
        case .busy, .used, .saved, .deleting, .gone: false
        }
    }

    /// Is on its way to an agent.
    public var isComing: Bool { isSupply && self != .idle }
}

/// A move that a machine's life does not have.
public struct IllegalInstanceMove: UserFacingError, Hashable {
    public var instance: Int
    public var from: ElasticPhase
    public var to: ElasticPhase

    public init(instance: Int, from: ElasticPhase, to: ElasticPhase) {
        self.instance = instance
        self.from = from
        self.to = to
    }

    public var code: String { "elastic-instance.move" }
    public var summary: String { "Machine \(instance) is \(from.rawValue) and cannot become \(to.rawValue)." }
    public var advice: String? {
        from == .gone ? "It does not exist any more." : "It can become \(options); try again when it is."
    }

    private var options: String {
        ElasticPhase.allCases.filter(from.next.contains).map(\.rawValue).joined(separator: ", ")
    }
}
