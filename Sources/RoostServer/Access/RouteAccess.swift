import RoostModel

/// Who may use a route: every route declares one, and ``decide(_:parameters:)`` is the only place that judges.
///
/// It says what each kind of principal may do. People are bound by the scopes of their token; a listener and a job only ever reach what
/// is their own, which is compared with the parameters of the path. What a path does not show (whose session, whose request) the
/// handlers compare with the principal.
struct RouteAccess: Hashable, Sendable {
    enum Users: Hashable, Sendable {
        case none, any
        /// One of these, or a scope that includes one.
        case scoped(Set<TokenScope>)
    }
    /// What a listener's token reaches.
    enum Listeners: Hashable, Sendable {
        case none, any
        /// `poolId` is the agent's pool.
        case ownPool
        /// Also `agentId` is the agent.
        case ownAgent
    }
    /// What a job's token reaches.
    enum Jobs: Hashable, Sendable {
        case none, any
        /// `planId` is the plan of the job's run.
        case ownPlan
        /// `buildId` is the job's run.
        case ownRun
    }

    /// What somebody reaches who may register agents and nothing else.
    enum Enrollers: Hashable, Sendable {
        case none, any
        /// `poolId` is one of the pools.
        case ownPools
    }

    var isAnonymous = false
    /// Also programs and machines, which have scopes as people do.
    var users = Users.none
    var enrollers = Enrollers.none
    var listeners = Listeners.none
    var jobs = Jobs.none

    /// No credential is asked for.
    static let anonymous = RouteAccess(isAnonymous: true, users: .any, enrollers: .any, listeners: .any, jobs: .any)
    /// Any credential that is valid.
    static let anyone = RouteAccess(users: .any, enrollers: .any, listeners: .any, jobs: .any)
    /// A person, whatever the scopes of the token.
    static let person = RouteAccess(users: .any)

    /// A person with one of these scopes.
    static func scope(_ scopes: TokenScope...) -> RouteAccess { RouteAccess(users: .scoped(Set(scopes))) }
    static func enroller(_ reach: Enrollers) -> RouteAccess { RouteAccess(enrollers: reach) }
    static func listener(_ reach: Listeners) -> RouteAccess { RouteAccess(listeners: reach) }
    static func job(_ reach: Jobs) -> RouteAccess { RouteAccess(jobs: reach) }

    /// Adds the parts of another declaration to the empty ones of this.
    func or(_ other: RouteAccess) -> RouteAccess {
        RouteAccess(
            isAnonymous: isAnonymous || other.isAnonymous,
            users: users == .none ? other.users : users,
            enrollers: enrollers == .none ? other.enrollers : enrollers,
            listeners: listeners == .none ? other.listeners : listeners,
            jobs: jobs == .none ? other.jobs : jobs
        )
    }

    /// Nil when the principal may use the route, else what it lacks.
    ///
    /// - Parameters:
    ///   - principal: who asks; nil without a credential.
    ///   - parameter: the path's parameters by name.
    /// - Returns: nil, or why not.
    func refusal(of principal: Principal?, parameter: (String) -> Substring?) -> AccessRefusal? {
        guard !isAnonymous else { return nil }
        func isNumber(_ name: String, _ number: Int) -> Bool { parameter(name).map { Int($0) == number } ?? false }
        switch principal {
        case nil:
            return .unauthenticated(.missing)
        case .user(_, let scopes), .identity(_, _, let scopes):
            return refusal(ofScopes: scopes)
        case .enroller(let enroller):
            return refusal(of: enroller, parameter: parameter)
        case .agent(let agent, let pool):
            let isOwn: Bool
            switch listeners {
            case .none: isOwn = false
            case .any: isOwn = true
            case .ownPool: isOwn = isNumber("poolId", pool.rawValue)
            case .ownAgent:
                isOwn = isNumber("poolId", pool.rawValue) && isNumber("agentId", agent.rawValue)
            }
            return isOwn
                ? nil
                : .forbidden(needs: "the token of a person; a listener's is for its own session, messages and jobs")
        case .job(_, let run, let plan, _):
            let isOwn: Bool
            switch jobs {
            case .none: isOwn = false
            case .any: isOwn = true
            case .ownPlan: isOwn = parameter("planId").flatMap { PlanID(text: $0) } == plan
            case .ownRun: isOwn = isNumber("buildId", run.rawValue)
            }
            return isOwn ? nil : .forbidden(needs: "the token of a person; a job's is for its own run")
        }
    }

    private func refusal(of enroller: Enroller, parameter: (String) -> Substring?) -> AccessRefusal? {
        switch enrollers {
        case .any: return nil
        case .none: return .forbidden(needs: "more than an enrolment, which registers agents only")
        case .ownPools:
            let pool = parameter("poolId").flatMap { Int($0) }.map { PoolID($0) }
            guard let pool else { return .forbidden(needs: "a pool in the path") }
            guard !enroller.pools.contains(pool) else { return nil }
            return .otherPool(pool, of: enroller)
        }
    }

    private func refusal(ofScopes scopes: Set<TokenScope>) -> AccessRefusal? {
        switch users {
        case .none: return .forbidden(needs: "the token of an agent or a job")
        case .any: return nil
        case .scoped(let wanted):
            guard !wanted.contains(where: { $0.isGranted(by: scopes) }) else { return nil }
            let names = wanted.map { "'\($0)'" }.sorted().joined(separator: " or ")
            return .forbidden(needs: "a token with the scope \(names)")
        }
    }
}

extension TokenScope {
    /// Scopes that include this one.
    private var wider: [TokenScope] {
        switch self {
        case .agentPools: [.agentPoolsManage]
        case .build: [.buildExecute]
        case .project: [.projectManage]
        case .secrets: [.secretsManage]
        default: []
        }
    }

    func isGranted(by scopes: Set<TokenScope>) -> Bool {
        scopes.contains(self) || scopes.contains(.full) || wider.contains(where: scopes.contains)
    }
}
