/// A thing that roles are given on.
public struct Secured: Hashable, Sendable, Codable, CustomStringConvertible {
    public let kind: SecuredKind
    /// Its number or UUID in lower case; empty for the organization and for all pools.
    public let id: String

    private init(_ kind: SecuredKind, _ id: String = "") {
        self.kind = kind
        self.id = id
    }

    public static let organization = Secured(.organization)
    public static let pools = Secured(.pools)
    public static func pool(_ id: PoolID) -> Secured { Secured(.pool, id.description) }
    public static func project(_ id: ProjectID) -> Secured { Secured(.project, id.description) }
    public static func pipeline(_ id: PipelineID) -> Secured { Secured(.pipeline, id.description) }
    public static func environment(_ id: EnvironmentID) -> Secured { Secured(.environment, id.description) }
    /// By the connection's UUID.
    public static func serviceConnection(_ id: String) -> Secured { Secured(.serviceConnection, id.lowercased()) }
    public static func variableGroup(_ id: VariableGroupID) -> Secured { Secured(.variableGroup, id.description) }
    /// By the file's UUID.
    public static func secureFile(_ id: String) -> Secured { Secured(.secureFile, id.lowercased()) }
    /// By the provider's name, such as `sandbox`.
    public static func provider(_ name: String) -> Secured { Secured(.provider, name.lowercased()) }

    /// Such as `pool:4`, or `organization`.
    public var description: String { id.isEmpty ? kind.rawValue : "\(kind.rawValue):\(id)" }

    /// The inverse of ``description``; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let kind = parts.first.flatMap({ SecuredKind(rawValue: $0) }) else { return nil }
        let standsAlone = kind == .organization || kind == .pools
        guard parts.count == (standsAlone ? 1 : 2) else { return nil }
        self.init(kind, standsAlone ? "" : parts[1])
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let secured = Secured(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no thing that roles are given on")
        }
        self = secured
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Somebody who can have roles.
public enum RoleHolder: Hashable, Sendable, Codable, CustomStringConvertible {
    /// A person by name, compared ignoring case.
    case user(String)
    case identity(IdentityID)
    /// All people and programs of the organization.
    case everyone

    /// Such as `user:ada`, `identity:<uuid>` or `everyone`.
    public var description: String {
        switch self {
        case .user(let name): "user:\(name.lowercased())"
        case .identity(let id): "identity:\(id)"
        case .everyone: "everyone"
        }
    }

    /// The inverse of ``description``; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        switch parts.first {
        case "everyone" where parts.count == 1: self = .everyone
        case "user" where parts.count == 2: self = .user(parts[1].lowercased())
        case "identity" where parts.count == 2:
            guard let id = IdentityID(text: parts[1]) else { return nil }
            self = .identity(id)
        default: return nil
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let holder = RoleHolder(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "nobody who can have roles")
        }
        self = holder
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Principal {
    /// Who it is as far as roles go; nil for agents, jobs and enrolments, which have none.
    public var roleHolder: RoleHolder? {
        switch self {
        case .user(let name, _): .user(name.lowercased())
        case .identity(let id, _, _): .identity(id)
        case .enroller, .agent, .job: nil
        }
    }
}
