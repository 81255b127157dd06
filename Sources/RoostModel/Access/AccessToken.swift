public import FoundationEssentials

/// What a personal access token allows; names as Azure DevOps gives them.
public struct TokenScope: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    /// Everything, as the first-start administrator has it.
    public static let full = TokenScope(rawValue: "app_token")
    /// Read pools, queues and agents.
    public static let agentPools = TokenScope(rawValue: "vso.agentpools")
    /// Write pools, register and remove agents.
    public static let agentPoolsManage = TokenScope(rawValue: "vso.agentpools_manage")
    /// Read pipelines, runs, timelines and logs.
    public static let build = TokenScope(rawValue: "vso.build")
    /// Also queue, cancel and change them.
    public static let buildExecute = TokenScope(rawValue: "vso.build_execute")
    /// Read projects.
    public static let project = TokenScope(rawValue: "vso.project")
    /// Make and change projects.
    public static let projectManage = TokenScope(rawValue: "vso.project_manage")
    /// Make, list and revoke tokens.
    public static let tokensManage = TokenScope(rawValue: "vso.tokens_manage")

    /// Read the secrets of vaults that grant it.
    public static let secrets = TokenScope(rawValue: "vso.secrets")
    /// Also make vaults, and change, delete and recover their secrets where that is granted.
    public static let secretsManage = TokenScope(rawValue: "vso.secrets_manage")

    /// All scopes a token can be given, in the order a person is shown them.
    public static let all: [TokenScope] = [
        .full, .agentPools, .agentPoolsManage, .build, .buildExecute, .project, .projectManage, .tokensManage,
        .secrets, .secretsManage,
    ]
}

/// A personal access token as the server keeps it: a hash, never the value.
public struct AccessToken: Hashable, Sendable, Codable {
    public var id: TokenID
    /// The user it acts for.
    public var user: String
    /// A name the user gave it.
    public var name: String
    /// SHA-256 of the token's text, lower-case hexadecimal.
    public var hash: String
    public var scopes: Set<TokenScope>
    public var createdAt: Date
    /// The moment from which it is refused.
    public var expiresAt: Date
    public var revokedAt: Date?
    /// To the day, so that reading is not a write.
    public var lastUsedAt: Date?

    public init(
        id: TokenID,
        user: String,
        name: String,
        hash: String,
        scopes: Set<TokenScope>,
        createdAt: Date,
        expiresAt: Date,
        revokedAt: Date? = nil,
        lastUsedAt: Date? = nil
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }
}

/// Who makes a request.
public enum Principal: Hashable, Sendable {
    /// A person or a script with a personal access token or a dashboard session.
    case user(name: String, scopes: Set<TokenScope>)
    /// A service principal or a machine, with a token of the authorization server.
    case identity(IdentityID, name: String, scopes: Set<TokenScope>)
    /// Somebody who may register agents, and nothing else.
    case enroller(Enroller)
    /// A listener, with the token it got for its key: its own session, messages and leases only.
    case agent(AgentID, pool: PoolID)
    /// A running job, with the token that came in its message: its own run only.
    case job(JobID, run: RunID, plan: PlanID, project: ProjectID)

    /// The text that audit events carry, such as `user:admin` or `agent:7`.
    public var auditName: String {
        switch self {
        case .user(let name, _): "user:\(name)"
        case .identity(_, let name, _): "identity:\(name)"
        case .enroller(let enroller): "enroller:\(enroller.name)"
        case .agent(let id, _): "agent:\(id)"
        case .job(let id, _, _, _): "job:\(id)"
        }
    }
}

/// One change that somebody made, kept for ever.
public struct AuditEvent: Hashable, Sendable, Codable {
    /// Who, as ``Principal/auditName`` gives it, or `system`.
    public var actor: String
    /// What, such as `pool.create` or `agent.disable`.
    public var action: String
    /// On what, such as `pool:4` or `run:17`.
    public var subject: String
    /// More, for a person; never a secret.
    public var detail: String
    public var at: Date
    /// The request that did it.
    public var requestID: String?

    public init(actor: String, action: String, subject: String, detail: String = "", at: Date, requestID: String? = nil)
    {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.at = at
        self.requestID = requestID
    }
}
