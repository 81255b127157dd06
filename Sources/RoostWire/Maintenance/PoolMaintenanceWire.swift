public import FoundationEssentials

/// When the agents of a pool look after their disks: TaskAgentPoolMaintenanceDefinition.
public struct PoolMaintenanceDefinitionWire: Codable, Sendable, Hashable {
    public struct Options: Codable, Sendable, Hashable {
        public var workingDirectoryExpirationInDays: Int?

        public init(workingDirectoryExpirationInDays: Int? = nil) {
            self.workingDirectoryExpirationInDays = workingDirectoryExpirationInDays
        }
    }

    public struct Retention: Codable, Sendable, Hashable {
        public var numberOfHistoryRecordsToKeep: Int?

        public init(numberOfHistoryRecordsToKeep: Int? = nil) {
            self.numberOfHistoryRecordsToKeep = numberOfHistoryRecordsToKeep
        }
    }

    public struct Schedule: Codable, Sendable, Hashable {
        /// Names with commas, such as `monday, friday`, `all` or `none`.
        public var daysToBuild: String?
        public var startHours: Int?
        public var startMinutes: Int?
        /// `UTC` or `UTC+08:00`.
        public var timeZoneId: String?

        public init(
            daysToBuild: String? = nil,
            startHours: Int? = nil,
            startMinutes: Int? = nil,
            timeZoneId: String? = nil
        ) {
            self.daysToBuild = daysToBuild
            self.startHours = startHours
            self.startMinutes = startMinutes
            self.timeZoneId = timeZoneId
        }
    }

    public var id: Int?
    public var pool: TaskAgentPoolReferenceWire?
    public var enabled: Bool?
    public var jobTimeoutInMinutes: Int?
    public var maxConcurrentAgentsPercentage: Int?
    public var options: Options?
    public var retentionPolicy: Retention?
    public var scheduleSetting: Schedule?
    /// When the schedule begins it next; only Roost.
    public var nextStart: Date?

    public init(
        id: Int? = nil,
        pool: TaskAgentPoolReferenceWire? = nil,
        enabled: Bool? = nil,
        jobTimeoutInMinutes: Int? = nil,
        maxConcurrentAgentsPercentage: Int? = nil,
        options: Options? = nil,
        retentionPolicy: Retention? = nil,
        scheduleSetting: Schedule? = nil,
        nextStart: Date? = nil
    ) {
        self.id = id
        self.pool = pool
        self.enabled = enabled
        self.jobTimeoutInMinutes = jobTimeoutInMinutes
        self.maxConcurrentAgentsPercentage = maxConcurrentAgentsPercentage
        self.options = options
        self.retentionPolicy = retentionPolicy
        self.scheduleSetting = scheduleSetting
        self.nextStart = nextStart
    }
}

/// One round of maintenance in a pool: TaskAgentPoolMaintenanceJob.
public struct PoolMaintenanceJobWire: Codable, Sendable, Hashable {
    public struct Target: Codable, Sendable, Hashable {
        public var jobId: Int?
        public var agent: TaskAgentReferenceWire?
        public var status: String?
        public var result: String?
        /// Bytes; only Roost.
        public var freedBytes: Int?
        /// What it did, or why it did not; only Roost.
        public var message: String?

        public init(
            jobId: Int? = nil,
            agent: TaskAgentReferenceWire? = nil,
            status: String? = nil,
            result: String? = nil,
            freedBytes: Int? = nil,
            message: String? = nil
        ) {
            self.jobId = jobId
            self.agent = agent
            self.status = status
            self.result = result
            self.freedBytes = freedBytes
            self.message = message
        }
    }

    public var jobId: Int?
    public var definitionId: Int?
    public var pool: TaskAgentPoolReferenceWire?
    public var status: String?
    public var result: String?
    public var queueTime: Date?
    public var startTime: Date?
    public var finishTime: Date?
    public var requestedBy: IdentityWire?
    public var errorCount: Int?
    public var warningCount: Int?
    public var targetAgents: [Target]?
    /// Bytes; only Roost.
    public var freedBytes: Int?

    public init(
        jobId: Int? = nil,
        definitionId: Int? = nil,
        pool: TaskAgentPoolReferenceWire? = nil,
        status: String? = nil,
        result: String? = nil,
        queueTime: Date? = nil,
        startTime: Date? = nil,
        finishTime: Date? = nil,
        requestedBy: IdentityWire? = nil,
        errorCount: Int? = nil,
        warningCount: Int? = nil,
        targetAgents: [Target]? = nil,
        freedBytes: Int? = nil
    ) {
        self.jobId = jobId
        self.definitionId = definitionId
        self.pool = pool
        self.status = status
        self.result = result
        self.queueTime = queueTime
        self.startTime = startTime
        self.finishTime = finishTime
        self.requestedBy = requestedBy
        self.errorCount = errorCount
        self.warningCount = warningCount
        self.targetAgents = targetAgents
        self.freedBytes = freedBytes
    }
}

/// What an agent of Roost is to do when no job runs on it.
public struct MaintenanceOrderWire: Codable, Sendable, Hashable {
    public var jobId: Int
    /// Folders of pipelines that nobody used for longer go.
    public var workingDirectoryExpirationInDays: Int

    public init(jobId: Int, workingDirectoryExpirationInDays: Int) {
        self.jobId = jobId
        self.workingDirectoryExpirationInDays = workingDirectoryExpirationInDays
    }
}

/// What it did.
public struct MaintenanceReportWire: Codable, Sendable, Hashable {
    /// `succeeded` or `failed`.
    public var result: String
    public var freedBytes: Int
    /// Items that are gone.
    public var removed: Int
    public var message: String

    public init(result: String, freedBytes: Int, removed: Int, message: String) {
        self.result = result
        self.freedBytes = freedBytes
        self.removed = removed
        self.message = message
    }
}
