/// One setting of an elastic pool that cannot be.
public struct ElasticSettingFlaw: Hashable, Sendable {
    /// The name of the setting, such as `standby` or `schedules[2].max`.
    public var field: String
    /// What is wrong, as the rest of a sentence that begins with the field.
    public var problem: String
    public var advice: String

    public init(field: String, problem: String, advice: String) {
        self.field = field
        self.problem = problem
        self.advice = advice
    }

    public var sentence: String { "\(field) \(problem). \(advice)" }
}

/// Settings of an elastic pool that cannot be, all of them at once.
public struct InvalidElasticPool: UserFacingError, Hashable {
    /// In the order of the settings; never empty.
    public var flaws: [ElasticSettingFlaw]

    public init(flaws: [ElasticSettingFlaw]) { self.flaws = flaws }

    public var code: String { "elastic-pool.invalid" }
    public var summary: String {
        flaws.count == 1
            ? "A setting of the elastic pool cannot be: \(flaws.map { "\($0.field) \($0.problem)" }.joined())."
            : "\(flaws.count) settings of the elastic pool cannot be: \(flaws.map { "\($0.field) \($0.problem)" }.joined(separator: "; "))."
    }
    public var advice: String? { flaws.map(\.advice).joined(separator: " ") }
}
