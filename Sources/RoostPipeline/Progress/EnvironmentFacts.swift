public import RoostModel

/// An environment as far as a run's progress depends on it.
public struct EnvironmentFacts: Hashable, Sendable {
    public var id: EnvironmentID
    public var name: String
    public var resources: [Resource]

    /// A machine of it: an agent.
    public struct Resource: Hashable, Sendable {
        public var id: Int
        public var name: String
        /// Name of the pool its agent is in.
        public var pool: String
        public var agent: String
        public var tags: [String]

        public init(id: Int, name: String, pool: String, agent: String, tags: [String] = []) {
            self.id = id
            self.name = name
            self.pool = pool
            self.agent = agent
            self.tags = tags
        }
    }

    public init(id: EnvironmentID, name: String, resources: [Resource] = []) {
        self.id = id
        self.name = name
        self.resources = resources
    }
}

/// An environment a deployment uses, with its texts evaluated.
public struct EnvironmentUse: Hashable, Sendable {
    public var name: String
    public var resource: String?
    public var tags: [String]
    /// `file:line:column` of the name.
    public var place: String

    public init(name: String, resource: String? = nil, tags: [String] = [], place: String = "") {
        self.name = name
        self.resource = resource
        self.tags = tags
        self.place = place
    }
}

/// How far the checks of a stage are that must pass before it begins.
public enum StageGate: Hashable, Sendable {
    case waiting
    case passed
    /// It never begins: its first job ends like this and shows the issue.
    case refused(TaskResult, Issue)
}
