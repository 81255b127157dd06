public import FoundationEssentials

/// Asks the server to do something with a service connection.
public struct EndpointRequestWire: Codable, Sendable, Hashable {
    /// What is asked.
    public struct DataSource: Codable, Sendable, Hashable {
        /// `TestConnection` tries whether the connection lets the server in.
        public var dataSourceName: String?

        public init(dataSourceName: String? = nil) { self.dataSourceName = dataSourceName }
    }

    public var dataSourceDetails: DataSource?

    public init(dataSourceDetails: DataSource? = nil) { self.dataSourceDetails = dataSourceDetails }
}

/// What came of an ``EndpointRequestWire``.
public struct EndpointRequestResultWire: Codable, Sendable, Hashable {
    /// Empty when nothing is wrong.
    public var errorMessage: String?
    public var result: [String]?
    /// `ok`, or what the other side's answer was.
    public var statusCode: String?

    public init(errorMessage: String? = nil, result: [String]? = nil, statusCode: String? = nil) {
        self.errorMessage = errorMessage
        self.result = result
        self.statusCode = statusCode
    }
}

/// Whether a service connection lets the server in, as far as somebody tried.
public struct EndpointStatusWire: Codable, Sendable, Hashable {
    /// `Ready` or `Failed`.
    public var state: String?
    public var statusMessage: String?
    /// Only Roost: when it was tried.
    public var verifiedOn: Date?

    public init(state: String? = nil, statusMessage: String? = nil, verifiedOn: Date? = nil) {
        self.state = state
        self.statusMessage = statusMessage
        self.verifiedOn = verifiedOn
    }
}

/// A job that was given a service connection.
public struct EndpointExecutionWire: Codable, Sendable, Hashable {
    /// What used it.
    public struct Execution: Codable, Sendable, Hashable {
        public var planType: String?
        public var definition: ReferenceWire?
        /// The run.
        public var owner: ReferenceWire?
        public var startTime: Date?
        /// Only Roost: the job.
        public var job: String?

        public init(
            planType: String? = nil,
            definition: ReferenceWire? = nil,
            owner: ReferenceWire? = nil,
            startTime: Date? = nil,
            job: String? = nil
        ) {
            self.planType = planType
            self.definition = definition
            self.owner = owner
            self.startTime = startTime
            self.job = job
        }
    }

    public var endpointId: UUID?
    public var data: Execution?

    public init(endpointId: UUID? = nil, data: Execution? = nil) {
        self.endpointId = endpointId
        self.data = data
    }
}
