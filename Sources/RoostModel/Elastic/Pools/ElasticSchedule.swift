/// Times of the week at which an elastic pool has another size.
public struct ElasticSchedule: Hashable, Sendable, Codable {
    /// For people, such as `night`.
    public var name: String
    public var hours: BusinessHours
    /// Nil leaves the pool's own.
    public var max: Int?
    /// Nil leaves the pool's own.
    public var standby: Int?

    public init(name: String, hours: BusinessHours, max: Int? = nil, standby: Int? = nil) {
        self.name = name
        self.hours = hours
        self.max = max
        self.standby = standby
    }
}

/// Most hours that the machines of a pool may exist, all added up; nil is no limit.
///
/// A day and a month begin at midnight UTC. When the hours are spent no machine is made and none is made anew: what runs finishes.
public struct ElasticBudget: Hashable, Sendable, Codable {
    public enum Period: String, Hashable, Sendable, Codable, CaseIterable {
        case day, month
    }

    public var machineHoursPerDay: Int?
    public var machineHoursPerMonth: Int?

    public init(machineHoursPerDay: Int? = nil, machineHoursPerMonth: Int? = nil) {
        self.machineHoursPerDay = machineHoursPerDay
        self.machineHoursPerMonth = machineHoursPerMonth
    }
}

/// How long machines of a pool existed in the day and in the month that it is now.
public struct ElasticUsage: Hashable, Sendable, Codable {
    public var today: Duration
    public var thisMonth: Duration

    public init(today: Duration = .zero, thisMonth: Duration = .zero) {
        self.today = today
        self.thisMonth = thisMonth
    }
}
