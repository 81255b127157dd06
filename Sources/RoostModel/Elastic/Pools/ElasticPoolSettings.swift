/// How many machines an elastic pool has, of what, and for how long.
public struct ElasticPoolSettings: Hashable, Sendable {
    /// What becomes of a machine after a job.
    public enum Recycle: String, Hashable, Sendable, Codable, CaseIterable {
        /// A clean machine takes its place.
        case reimage
        case delete
        /// The next job gets it as it is.
        case reuse
    }

    /// How long a machine may take until its agent is online.
    public enum BootDeadline: Hashable, Sendable, Codable {
        /// Four times what 95 of 100 starts of the last 50 took, at least 10 s and at most 10 min.
        case learnt
        case fixed(Duration)
    }

    /// Most machines at once, whatever their state.
    public var max: Int
    /// Agents that wait for a job that may come.
    public var standby: Int
    /// How long a machine that is one too many stays idle before it goes.
    public var idleDelay: Duration
    public var recycle: Recycle
    /// Most machines that are kept for study because their agent never came online.
    public var maxSaved: Int
    /// A machine older than this is replaced once it has no job; nil is no limit.
    public var timeToLive: Duration?
    public var bootDeadline: BootDeadline
    /// Most machines that are being made at once.
    public var burst: Int
    /// How a new version of an image comes in; nil takes it at once.
    public var canary: CanarySettings?
    /// Accepted for programs that set it; changes nothing.
    public var interactiveUI: Bool
    /// The first that is open decides, in this order.
    public var schedules: [ElasticSchedule]
    public var budget: ElasticBudget
    /// In order of preference; empty for engines that make machines out of no image.
    public var images: [ElasticImage]
    /// Jobs that one machine runs at once.
    public var slots: Int
    public var size: MachineSize
    public var network: MachineNetwork

    public init(
        max: Int,
        standby: Int = 0,
        idleDelay: Duration = .seconds(1_800),
        recycle: Recycle = .reimage,
        maxSaved: Int = 0,
        timeToLive: Duration? = nil,
        bootDeadline: BootDeadline = .learnt,
        burst: Int = 10,
        canary: CanarySettings? = CanarySettings(),
        interactiveUI: Bool = false,
        schedules: [ElasticSchedule] = [],
        budget: ElasticBudget = ElasticBudget(),
        images: [ElasticImage] = [],
        slots: Int = 1,
        size: MachineSize = MachineSize(),
        network: MachineNetwork = .server
    ) {
        self.max = max
        self.standby = standby
        self.idleDelay = idleDelay
        self.recycle = recycle
        self.maxSaved = maxSaved
        self.timeToLive = timeToLive
        self.bootDeadline = bootDeadline
        self.burst = burst
        self.canary = canary
        self.interactiveUI = interactiveUI
        self.schedules = schedules
        self.budget = budget
        self.images = images
        self.slots = slots
        self.size = size
        self.network = network
    }
}

extension ElasticPoolSettings: Codable {
    private enum Key: String, CodingKey {
        case max, standby, idleDelay, recycle, maxSaved, timeToLive, bootDeadline, burst, canary, interactiveUI
        case schedules, budget, images, slots, size, network
    }

    /// Reads what a store kept; settings that it does not know have their defaults, but a canary that is not there is none.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        func value<Value: Decodable>(_ key: Key, else missing: Value) throws -> Value {
            try box.decodeIfPresent(Value.self, forKey: key) ?? missing
        }
        let plain = try ElasticPoolSettings(max: box.decode(Int.self, forKey: .max))
        self.init(
            max: plain.max,
            standby: try value(.standby, else: plain.standby),
            idleDelay: try value(.idleDelay, else: plain.idleDelay),
            recycle: try value(.recycle, else: plain.recycle),
            maxSaved: try value(.maxSaved, else: plain.maxSaved),
            timeToLive: try box.decodeIfPresent(Duration.self, forKey: .timeToLive),
            bootDeadline: try value(.bootDeadline, else: plain.bootDeadline),
            burst: try value(.burst, else: plain.burst),
            canary: try box.decodeIfPresent(CanarySettings.self, forKey: .canary),
            interactiveUI: try value(.interactiveUI, else: plain.interactiveUI),
            schedules: try value(.schedules, else: plain.schedules),
            budget: try value(.budget, else: plain.budget),
            images: try value(.images, else: plain.images),
            slots: try value(.slots, else: plain.slots),
            size: try value(.size, else: plain.size),
            network: try value(.network, else: plain.network)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(max, forKey: .max)
        try box.encode(standby, forKey: .standby)
        try box.encode(idleDelay, forKey: .idleDelay)
        try box.encode(recycle, forKey: .recycle)
        try box.encode(maxSaved, forKey: .maxSaved)
        try box.encodeIfPresent(timeToLive, forKey: .timeToLive)
        try box.encode(bootDeadline, forKey: .bootDeadline)
        try box.encode(burst, forKey: .burst)
        try box.encodeIfPresent(canary, forKey: .canary)
        try box.encode(interactiveUI, forKey: .interactiveUI)
        try box.encode(schedules, forKey: .schedules)
        try box.encode(budget, forKey: .budget)
        try box.encode(images, forKey: .images)
        try box.encode(slots, forKey: .slots)
        try box.encode(size, forKey: .size)
        try box.encode(network, forKey: .network)
    }
}
