import FoundationEssentials
import RoostModel

/// An elastic pool as the server holds it.
struct ElasticState: Sendable {
    /// What the store keeps of the pool; its machines have rows of their own.
    struct Row: Codable, Hashable, Sendable {
        var pool: ElasticPool
        /// The highest number that a machine had: none is given twice.
        var lastNumber = 0
        var spending = MachineSpending()
        /// What agents really offered, by the digest of their image; empty stands for machines without image.
        var offers: [String: Capabilities] = [:]
        /// Which version of each image is wanted, which is on trial, by the image's name in small letters.
        var rolls: [String: ElasticRoll] = [:]
    }

    var row: Row
    /// Those that are not gone, by number.
    var instances: [Int: ElasticInstance] = [:]
    var memory = ElasticMemory()

    var pool: ElasticPool { row.pool }
    var settings: ElasticPoolSettings { row.pool.settings }

    /// It is deleted, and has no machine any more.
    var isEmptying: Bool { pool.state == .deleting && instances.isEmpty }

    init(_ pool: ElasticPool) { row = Row(pool: pool) }

    func roll(_ image: String) -> ElasticRoll { row.rolls[image.lowercased()] ?? ElasticRoll(image: image) }

    /// What the server says of a machine's agent.
    func offer(of instance: ElasticInstance) -> Capabilities {
        let image = settings.images.first { $0.name.lowercased() == instance.image.name.lowercased() }
        return ElasticOffer.capabilities(of: image, version: instance.image, isOnTrial: trial(of: instance) != nil)
    }

    /// The same for the machine of an agent; machines are looked through only while something is on trial.
    func trial(of agent: AgentID) -> AgentTrial? {
        guard row.rolls.values.contains(where: { $0.candidate != nil }) else { return nil }
        return instances.values.first { $0.agents.contains(agent) }.flatMap { trial(of: $0) }
    }

    /// What a machine's version is tried on; nil when it is not on trial.
    func trial(of instance: ElasticInstance) -> AgentTrial? {
        guard let canary = settings.canary, roll(instance.image.name).candidate?.digest == instance.image.digest,
            !instance.image.digest.isEmpty
        else { return nil }
        return AgentTrial(digest: instance.image.digest, share: canary.share)
    }

    // MARK: Rows

    static let poolPrefix = "elastic-pool:"
    static let instancePrefix = "elastic-instance:"

    static func name(_ pool: PoolID) -> String { "\(poolPrefix)\(pool)" }
    static func name(_ pool: PoolID, _ number: Int) -> String { "\(instancePrefix)\(pool):\(number)" }

    /// Those of a store, by pool.
    ///
    /// - Parameters:
    ///   - settings: of the store.
    ///   - tick: now, monotonic.
    ///   - now: by the wall clock.
    /// - Returns: with their machines, whose calls that were under way are due again.
    /// - Throws: ``ElasticPoolError/row(_:problem:)``: the machine of a row that was left out would be taken for nobody's and removed, whatever runs on it.
    static func all(
        _ settings: [String: Data],
        tick: Date,
        now: Date
    ) throws(ElasticPoolError) -> [PoolID: ElasticState] {
        var pools: [PoolID: ElasticState] = [:]
        for (name, value) in settings where name.hasPrefix(poolPrefix) {
            let row: Row = try read(name, value)
            var state = ElasticState(row.pool)
            state.row = row
            pools[row.pool.pool] = state
        }
        for (name, value) in settings where name.hasPrefix(instancePrefix) {
            let instance: ElasticInstance = try read(name, value)
            pools[instance.pool]?.instances[instance.number] = instance
        }
        return pools.mapValues { state in
            var state = state
            state.memory.begin(state.instances, tick: tick, now: now)
            return state
        }
    }

    private static func read<Value: Decodable>(_ name: String, _ value: Data) throws(ElasticPoolError) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: value) } catch {
            throw .row(name, problem: "\(error)")
        }
    }
}

/// What is known of an elastic pool only while the server runs; moments are monotonic.
struct ElasticMemory: Sendable {
    struct Quota: Sendable {
        var room: Int
        var until: Date
        /// The provider's own.
        var words: String
    }

    struct ImageTrouble: Sendable {
        var failures = 0
        var until: Date?
    }

    /// A machine without a row that is still there.
    struct Stray {
        /// Calls to remove it that failed.
        var attempts = 0
        /// It is not tried again before.
        var until: Date
    }

    /// When each machine came into its phase.
    var entered: [Int: Date] = [:]
    /// When each row was made.
    var made: [Int: Date] = [:]
    /// Machines for which the provider is at work.
    var underWay: Set<Int> = []
    /// When calls that failed are made again.
    var retryAt: [Int: Date] = [:]
    /// What failed while nothing else succeeded: the provider itself may have been away.
    var doubts = ElasticDoubts()

    var listing: [ListedMachine]?
    var isListing = false
    var wantsListing = true
    /// Agents that get no further job, because their machine goes or is kept as it is.
    var leaving: Set<AgentID> = []
    /// How many calls have changed something so far: a listing counts when none did since it began.
    var changes = 0
    var listedAt: Date?
    /// Listings one after another that had no machine, and since which nothing was changed.
    var emptyListings = 0
    /// It was said that only the set is left.
    var looksThroughSet = false
    /// How many listings one after another had just the machines of the rows; below zero, how many had not, or failed.
    var agreements = 0

    /// What the pool's images come to in their galleries.
    var selections = ElasticSelections()

    /// What was too many for how long.
    var surplus = ElasticSurplus()
    /// Machines without a row that are just being removed.
    var destroying: Set<String> = []
    /// Those that could not be removed, by the provider's name.
    var strays: [String: Stray] = [:]

    var throttledUntil: Date?
    var backoffUntil: Date?
    var settlingUntil: Date?
    /// Starts that failed, one after another.
    var failures = 0
    var quota: Quota?
    /// Answers that there was no room, one after another.
    var quotaRefusals = 0
    /// The provider's last words about a failure.
    var words: String?
    var images: [String: ImageTrouble] = [:]
    /// What the last starts took, the newest last.
    var starts: [Duration] = []

    /// What the last plan said.
    var shortages: [ScalingShortage] = []
    var prospects: [RequestID: JobProspect] = [:]
    var wakeAt: Date?

    /// How long after a start of the server it stays unknown which agents are silent.
    static let settlingTime = 30.0
    /// A clock that was set must not make a machine look older than this.
    private static let mostAge = 600.0

    /// Takes over rows of a store: what was asked of the provider may have been done or not, and is asked again.
    mutating func begin(_ instances: [Int: ElasticInstance], tick: Date, now: Date) {
        settlingUntil = tick + Self.settlingTime
        for (number, instance) in instances {
            entered[number] = tick - min(max(0, now.timeIntervalSince(instance.since)), Self.mostAge)
            made[number] = tick - max(0, now.timeIntervalSince(instance.createdAt))
            switch instance.phase {
            case .creating: (entered[number], retryAt[number]) = (tick, tick)
            case .planned, .recycling, .deleting: retryAt[number] = tick
            case .booting, .idle, .busy, .used, .saved, .gone: break
            }
        }
    }

    /// A moment as the planners count.
    static func uptime(_ tick: Date) -> Duration { .milliseconds(Int64(tick.timeIntervalSince1970 * 1_000)) }

    mutating func forget(_ number: Int) {
        entered[number] = nil
        made[number] = nil
        retryAt[number] = nil
        doubts.machines.remove(number)
        underWay.remove(number)
    }
}
