public import FoundationEssentials

/// An identifier that cannot be mixed up with one of another noun.
public protocol Identifier: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible
where RawValue: Hashable & Sendable & Codable & Comparable {
    /// Wraps a raw value; every raw value is a possible identifier.
    init(_ rawValue: RawValue)
}

extension Identifier {
    public init(rawValue: RawValue) { self.init(rawValue) }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier where RawValue == Int {
    public var description: String { String(rawValue) }
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Int.self)) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension Identifier where RawValue == UUID {
    /// Lower case with dashes, the form used on the wire.
    public var description: String { rawValue.uuidString.lowercased() }
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(UUID.self)) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
    /// Parses a UUID in any letter case; nil when the text is none.
    public init?(text: some StringProtocol) {
        guard let uuid = UUID(uuidString: String(text)) else { return nil }
        self.init(uuid)
    }
}

/// A pool of agents in the organization; positive.
public struct PoolID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A project's view of a pool; positive.
public struct QueueID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// An agent, unique in the organization; positive.
public struct AgentID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A pipeline (build definition); positive.
public struct PipelineID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A run (build) of a pipeline, unique in the organization; positive and rising.
public struct RunID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// One request for an agent; positive and rising in order of queueing.
public struct RequestID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A log of a run: 1, 2, … within its run.
public struct LogID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A project.
public struct ProjectID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// One attempt of a job; also the id of the job's timeline record.
public struct JobID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// The orchestration plan of a run, under which timelines and logs are addressed.
public struct PlanID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// A record of a timeline: stage, phase, job or task.
public struct RecordID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// The OAuth client of a registered agent.
public struct ClientID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// A listener's session.
public struct SessionID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// A personal access token.
public struct TokenID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}
