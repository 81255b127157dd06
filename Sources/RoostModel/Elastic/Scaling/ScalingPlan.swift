/// What is to be done in an elastic pool, and when to look again.
public struct ScalingPlan: Hashable, Sendable {
    /// In the order in which they are written down.
    public var actions: [ScalingAction]
    /// Until the next plan, when nothing happens before; nil when only an event can change anything.
    public var wakeIn: Duration?
    /// What each waiting job waits for.
    public var prospects: [RequestID: JobProspect]
    /// Agents of each image that are too many, for ``ElasticSurplus``.
    public var surplus: [String: ScalingSurplus]

    public init(
        actions: [ScalingAction],
        wakeIn: Duration?,
        prospects: [RequestID: JobProspect] = [:],
        surplus: [String: ScalingSurplus] = [:]
    ) {
        self.surplus = surplus
        self.actions = actions
        self.wakeIn = wakeIn
        self.prospects = prospects
    }
}

/// Agents of an image that no job claims and standby does not need.
public struct ScalingSurplus: Hashable, Sendable {
    /// Before the plan takes any away; less than none when some are missing.
    public var agents: Int
    /// Those that the plan takes away because they were idle for long.
    public var dropped: Int

    public init(agents: Int, dropped: Int = 0) {
        self.agents = agents
        self.dropped = dropped
    }
}

/// What a waiting job waits for.
public enum JobProspect: Hashable, Sendable {
    /// This idle machine can take it.
    case idle(machine: Int)
    /// This machine is on its way.
    case coming(machine: Int, ElasticPhase)
    case short(ScalingObstacle)

    /// For people.
    public var sentence: String {
        switch self {
        case .idle(let machine): "Machine \(machine) is idle and takes it in a moment."
        case .coming(let machine, let phase): "Machine \(machine) is made for it (\(phase.rawValue))."
        case .short(let obstacle): obstacle.sentence
        }
    }
}
