public import FoundationEssentials
public import RoostModel

/// What an elastic pool has, what it should have, and why the two differ.
public struct ElasticStatusWire: Codable, Sendable, Hashable {
    public struct Machine: Codable, Sendable, Hashable {
        public var number: Int
        /// Of the machine and of its agent.
        public var name: String
        /// `planned`, `creating`, `booting`, `idle`, `busy`, `used`, `recycling`, `saved` or `deleting`.
        public var phase: String
        public var since: Date
        public var reason: String
        /// How often it was made anew, and once.
        public var generation: Int
        /// The provider's name of it.
        public var machine: String?
        /// The version that it was made of.
        public var image: String?
        public var agentId: Int?
        /// Jobs that it can run at once.
        public var slots: Int?
        /// All of its agents, one for each slot.
        public var agentIds: [Int]?
        /// The jobs that it runs.
        public var requests: [Int]
        /// What a person asked to become of it.
        public var wish: String?
    }

    /// One thing that is not as it should be, or not yet.
    public struct Difference: Codable, Sendable, Hashable {
        public var sentence: String
        /// The machine it is about.
        public var machine: Int?
        public var since: Date?
        /// When something is done about it, when nothing happens before.
        public var nextAttempt: Date?

        public init(
            _ sentence: String,
            machine: Int? = nil,
            since: Date? = nil,
            nextAttempt: Date? = nil
        ) {
            self.sentence = sentence
            self.machine = machine
            self.since = since
            self.nextAttempt = nextAttempt
        }
    }

    public struct Image: Codable, Sendable, Hashable {
        public var name: String
        /// The version that new machines are made of.
        public var wanted: String?
        /// Why there is none.
        public var problem: String?
        /// A newer one that is tried.
        public var candidate: String?
        /// Versions that were on trial and failed, with the reason.
        public var withdrawn: [String]
        /// Machines of each version that there are.
        public var machines: [String: Int]

        public init(
            name: String,
            wanted: String?,
            problem: String?,
            candidate: String?,
            withdrawn: [String],
            machines: [String: Int]
        ) {
            self.name = name
            self.wanted = wanted
            self.problem = problem
            self.candidate = candidate
            self.withdrawn = withdrawn
            self.machines = machines
        }
    }

    /// The service connection with which the pool was made.
    public struct Connection: Codable, Sendable, Hashable {
        public var id: String
        public var name: String
        public var project: String
        /// Why it is of no use, such as that it is deleted.
        public var problem: String?

        public init(id: String, name: String, project: String, problem: String?) {
            self.id = id
            self.name = name
            self.project = project
            self.problem = problem
        }
    }

    /// A job that waits, and what for.
    public struct WaitingJob: Codable, Sendable, Hashable {
        public var request: Int
        public var sentence: String

        public init(request: Int, sentence: String) {
            self.request = request
            self.sentence = sentence
        }
    }

    public var poolId: Int
    public var name: String
    public var provider: String
    /// The set of its machines, `/providers/roost/KIND/sets/NAME`.
    public var set: String?
    /// Nil for a pool that was made without one.
    public var connection: Connection?
    /// `active`, `paused`, `draining` or `deleting`.
    public var state: String
    /// `online`, `offline`, `unhealthy` or `new`.
    public var health: String
    public var at: Date
    /// Most machines now, by settings, schedule and budget.
    public var max: Int
    public var standby: Int
    /// Machines that there should be, for jobs that run and wait, and for standby.
    public var desired: Int
    /// Machines that there are for that: idle, busy or on their way.
    public var observed: Int
    /// Machines in each phase that has some.
    public var counts: [String: Int]
    public var machines: [Machine]
    public var images: [Image]
    public var waiting: [WaitingJob]
    /// Empty when everything is as it should be.
    public var differences: [Difference]

    /// - Parameters:
    ///   - pool: what it is.
    ///   - name: of the agent pool.
    ///   - report: what differs.
    ///   - instances: machines with their names.
    ///   - images: where they stand.
    ///   - now: the moment of all of it.
    public init(
        _ pool: ElasticPool,
        name: String,
        _ report: ElasticPoolReport,
        _ instances: [(ElasticInstance, name: String)],
        images: [Image],
        at now: Date
    ) {
        poolId = pool.pool.rawValue
        self.name = name
        provider = pool.provider
        set = MachineSet.resource(pool.provider, pool.setName)
        (state, health, at) = (report.state.rawValue, report.health.rawValue, now)
        (max, standby, desired, observed) = (report.max, report.standby, report.desired, report.observed)
        counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.phase.rawValue, $0.machines) })
        machines = instances.map { Machine($0.0, name: $0.name) }
        self.images = images
        waiting = report.jobs.map { WaitingJob(request: $0.request.rawValue, sentence: $0.sentence) }
        differences = report.differences.map { difference in
            Difference(
                difference.sentence,
                machine: difference.instance,
                since: difference.age.map { now - Double($0.components.seconds) },
                nextAttempt: difference.nextIn.map { now + Double($0.components.seconds) }
            )
        }
    }
}

extension ElasticStatusWire.Machine {
    fileprivate init(_ instance: ElasticInstance, name: String) {
        number = instance.number
        self.name = name
        phase = instance.phase.rawValue
        since = instance.since
        reason = instance.reason
        generation = instance.generation
        machine = instance.providerID
        image = instance.image.version.isEmpty ? nil : instance.image.version
        agentId = instance.agents.first?.rawValue
        slots = instance.slots
        agentIds = instance.agents.map(\.rawValue)
        requests = instance.jobs.map(\.rawValue)
        wish = instance.wish?.kind.rawValue
    }
}
