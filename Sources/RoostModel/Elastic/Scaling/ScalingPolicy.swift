/// An elastic pool's settings as they hold at one moment: schedules, budget and what starts took are worked in.
public struct ScalingPolicy: Hashable, Sendable {
    /// Most machines at once.
    public var max: Int
    /// Why it is not more.
    public var ceiling: ScalingCeiling
    public var idleDelay: Duration
    public var recycle: ElasticPoolSettings.Recycle
    /// How long a machine may be without its agent.
    public var bootDeadline: Duration
    /// How long the provider may take to make a machine; that includes fetching and unpacking its image.
    public var creationDeadline: Duration
    /// How long a machine that was made may be missing in listings of machines and of agents.
    public var listLag: Duration
    public var maxSaved: Int
    public var burst: Int
    public var slots: Int
    public var timeToLive: Duration?
    /// Of 100 jobs, how many may meet a candidate; 0 without a canary.
    public var canaryShare: Int
    /// Most machines of a candidate.
    public var canaryMachines: Int
    /// Until the schedule or the budget may say something else.
    public var changesIn: Duration?

    public init(
        max: Int,
        ceiling: ScalingCeiling = .settings,
        idleDelay: Duration = .seconds(1_800),
        recycle: ElasticPoolSettings.Recycle = .reimage,
        bootDeadline: Duration = .seconds(600),
        creationDeadline: Duration = .seconds(600),
        listLag: Duration = .seconds(60),
        maxSaved: Int = 0,
        burst: Int = 10,
        slots: Int = 1,
        timeToLive: Duration? = nil,
        canaryShare: Int = 0,
        canaryMachines: Int = 0,
        changesIn: Duration? = nil
    ) {
        self.max = max
        self.ceiling = ceiling
        self.idleDelay = idleDelay
        self.recycle = recycle
        self.bootDeadline = bootDeadline
        self.creationDeadline = creationDeadline
        self.listLag = listLag
        self.maxSaved = maxSaved
        self.burst = burst
        self.slots = slots
        self.timeToLive = timeToLive
        self.canaryShare = canaryShare
        self.canaryMachines = canaryMachines
        self.changesIn = changesIn
    }

    /// How long a machine may be in a phase of those before its agent is online.
    func deadline(in phase: ElasticPhase) -> Duration { phase == .creating ? creationDeadline : bootDeadline }
}

/// Where a pool's maximum comes from.
public enum ScalingCeiling: Hashable, Sendable {
    case settings
    /// The name of the schedule.
    case schedule(String)
    /// So many machine-hours were allowed, and are spent.
    case budget(ElasticBudget.Period, hours: Int)

    /// As the end of a sentence about the maximum.
    public var phrase: String {
        switch self {
        case .settings: "of its settings"
        case .schedule(let name): "of schedule '\(name)'"
        case .budget(let period, let hours): "because the \(hours) machine-hours of this \(period.rawValue) are spent"
        }
    }
}
