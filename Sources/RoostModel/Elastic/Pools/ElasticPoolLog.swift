public import FoundationEssentials

/// What happened in an elastic pool, for people.
public struct ElasticPoolLog: Hashable, Sendable, Codable {
    public enum Level: String, Hashable, Sendable, Codable, CaseIterable {
        case error, warning, info
    }

    /// What was being done, in Azure DevOps' words.
    public enum Operation: String, Hashable, Sendable, Codable, CaseIterable {
        /// Settings were changed, or the image.
        case configurationJob
        /// It was decided how many machines there shall be.
        case sizingJob
        case increaseCapacity
        case reimage
        case deleteVMs
    }

    /// Positive, rising in its pool.
    public var id: Int
    public var pool: PoolID
    public var at: Date
    public var level: Level
    public var operation: Operation
    public var message: String
    /// The machine it is about.
    public var instance: Int?

    public init(
        id: Int,
        pool: PoolID,
        at: Date,
        level: Level,
        operation: Operation,
        message: String,
        instance: Int? = nil
    ) {
        self.id = id
        self.pool = pool
        self.at = at
        self.level = level
        self.operation = operation
        self.message = message
        self.instance = instance
    }
}
