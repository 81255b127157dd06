public import RoostLanguage
public import RoostModel
public import RoostStore

/// What the control plane refuses, and why.
public enum ControlError: UserFacingError {
    case projectNotFound(String)
    case poolNotFound(String)
    case queueNotFound(String)
    case agentNotFound(String)
    case pipelineNotFound(String)
    case runNotFound(String)
    case planNotFound(String)
    case timelineNotFound(String)
    case jobNotFound(String)
    case requestNotFound(Int)
    case logNotFound(Int)
    case tokenNotFound(String)
    case signInNotFound(String)
    case userNotFound(String)
    case userDisabled(String)
    case machineNotFound(String)
    case trustRuleNotFound(String)
    case environmentNotFound(String)
    case checkNotFound(String)
    case approvalNotFound(String)
    case validationNotFound(String)
    /// A round of a pool's maintenance; nil is its definition.
    case maintenanceNotFound(Int?)
    case variableGroupNotFound(String)
    case serviceConnectionNotFound(String)
    case vaultNotFound(String)
    case sessionExpired(String)
    /// The kind is `pool`, `agent`, `project`, `pipeline`, `queue`, `environment` or `variable group`.
    case nameTaken(kind: String, name: String)
    case sessionConflict(agent: String, owner: String)
    /// The lease ran out and the job may be with another agent.
    case leaseLost(request: Int)
    case invalid(what: String, problem: String, advice: String?)
    /// All problems of a pipeline's files, with their places.
    case pipelineInvalid([Diagnostic])
    case repositoryUnavailable(url: String, reason: String)
    case inUse(what: String, by: String)
    case forbidden(what: String, needs: String)
    /// The name is the thing's, as people know it.
    case roleMissing(holder: RoleHolder, permission: Permission, on: Secured, name: String)
    case lastAdministrator
    /// An enrolment token that was let in may not register after all.
    case enrollment(TokenRefusal)
    case identity(IdentityError)
    case gallery(GalleryError)
    case imageTemplate(ImageTemplateError)
    case elastic(ElasticPoolError)
    /// The pool, or the whole organization when it is nil, takes no agents by personal tokens.
    case personalTokenRefused(pool: String?)
    case storeUnavailable(StoreError)
    case shuttingDown

    public var code: String {
        switch self {
        case .projectNotFound: "project.not-found"
        case .poolNotFound: "pool.not-found"
        case .queueNotFound: "queue.not-found"
        case .agentNotFound: "agent.not-found"
        case .pipelineNotFound: "pipeline.not-found"
        case .runNotFound: "run.not-found"
        case .planNotFound: "plan.not-found"
        case .timelineNotFound: "timeline.not-found"
        case .jobNotFound: "job.not-found"
        case .requestNotFound: "request.not-found"
        case .logNotFound: "log.not-found"
        case .tokenNotFound: "token.not-found"
        case .signInNotFound: "sign-in.not-found"
        case .userNotFound: "user.not-found"
        case .userDisabled: "user.disabled"
        case .machineNotFound: "machine.not-found"
        case .trustRuleNotFound: "trust-rule.not-found"
        case .environmentNotFound: "environment.not-found"
        case .checkNotFound: "check.not-found"
        case .approvalNotFound: "approval.not-found"
        case .validationNotFound: "validation.not-found"
        case .maintenanceNotFound: "maintenance.not-found"
        case .variableGroupNotFound: "variable-group.not-found"
        case .serviceConnectionNotFound: "service-connection.not-found"
        case .vaultNotFound: "vault.not-found"
        case .sessionExpired: "session.expired"
        case .nameTaken(let kind, _): "\(kind).name-taken"
        case .sessionConflict: "session.conflict"
        case .leaseLost: "lease.lost"
        case .invalid: "request.invalid"
        case .pipelineInvalid: "pipeline.invalid"
        case .repositoryUnavailable: "repository.unavailable"
        case .inUse: "in-use"
        case .forbidden: "forbidden"
        case .roleMissing: "access.role-missing"
        case .lastAdministrator: "role.last-administrator"
        case .enrollment(let refusal): refusal.code
        case .identity(let error): error.code
        case .gallery(let error): error.code
        case .imageTemplate(let error): error.code
        case .elastic(let error): error.code
        case .personalTokenRefused: "enrollment.personal-token-refused"
        case .storeUnavailable(let error): error.code
        case .shuttingDown: "server.stopping"
        }
    }

    public var summary: String {
        switch self {
        case .projectNotFound(let name): "There is no project '\(name)'."
        case .poolNotFound(let name): "There is no agent pool '\(name)'."
        case .queueNotFound(let name): "There is no agent queue '\(name)' in this project."
        case .agentNotFound(let name): "There is no agent '\(name)' in this pool."
        case .pipelineNotFound(let name): "There is no pipeline '\(name)'."
        case .runNotFound(let name): "There is no run '\(name)'."
        case .planNotFound(let name): "There is no orchestration plan '\(name)'."
        case .timelineNotFound(let name): "There is no timeline '\(name)'."
        case .jobNotFound(let name): "There is no job '\(name)'."
        case .requestNotFound(let id): "There is no job request \(id), or it has ended."
        case .logNotFound(let id): "There is no log \(id) in this run."
        case .tokenNotFound(let id): "There is no token '\(id)'."
        case .signInNotFound(let id): "There is no open sign-in '\(id)'."
        case .userNotFound(let name): "Nobody is known here as '\(name)'."
        case .userDisabled(let name): "The person '\(name)' is disabled."
        case .machineNotFound(let name): "There is no machine '\(name)'."
        case .trustRuleNotFound(let id): "There is no trust rule '\(id)'."
        case .environmentNotFound(let name): "There is no environment '\(name)' in this project."
        case .checkNotFound(let id): "There is no check \(id)."
        case .validationNotFound(let run): "No step of run \(run) waits for a person."
        case .maintenanceNotFound(let id):
            id.map { "The pool remembers no maintenance \($0)." } ?? "No maintenance is set up for the pool."
        case .approvalNotFound(let id): "There is no approval '\(id)', or its run has ended."
        case .variableGroupNotFound(let name): "There is no variable group '\(name)' in this project."
        case .serviceConnectionNotFound(let name): "There is no service connection '\(name)' in this project."
        case .vaultNotFound(let name): "There is no vault '\(name)'."
        case .sessionExpired(let id): "The session \(id) has expired."
        case .nameTaken(let kind, let name):
            "There is already \(["agent", "environment", "identity"].contains(kind) ? "an" : "a") \(kind) named '\(name)'."
        case .sessionConflict(let agent, let owner): "The agent '\(agent)' already has a session, opened by '\(owner)'."
        case .leaseLost(let request): "The lease of job request \(request) has run out."
        case .invalid(let what, let problem, _): "\(what) is not valid: \(problem)."
        case .pipelineInvalid(let diagnostics): Self.listing(diagnostics)
        case .repositoryUnavailable(let url, let reason): "The repository \(url) cannot be read: \(reason)."
        case .inUse(let what, let user): "\(what) is in use by \(user)."
        case .forbidden(let what, let needs): "You may not \(what): it needs \(needs)."
        case .roleMissing(let holder, let permission, let thing, let name):
            "\(holder) may not \(Self.deed(permission, thing, name)): no role allows it."
        case .lastAdministrator: "The organization would be left without an administrator."
        case .enrollment(let refusal): refusal.summary
        case .identity(let error): error.summary
        case .gallery(let error): error.summary
        case .imageTemplate(let error): error.summary
        case .elastic(let error): error.summary
        case .personalTokenRefused(let pool?):
            "The pool '\(pool)' takes no agents registered with a personal access token."
        case .personalTokenRefused(nil):
            "This organization takes no agents registered with a personal access token."
        case .storeUnavailable(let error): error.summary
        case .shuttingDown: "The server is stopping."
        }
    }

    public var location: String? {
        switch self {
        case .storeUnavailable(let error): error.location
        default: nil
        }
    }

    public var advice: String? {
        switch self {
        case .projectNotFound: "List them with 'roost project list'."
        case .signInNotFound: "List those that are open with 'roost sign-in list'."
        case .userNotFound: "List people with 'roost user list'."
        case .userDisabled(let name): "An administrator enables them with 'roost user enable \(name)'."
        case .machineNotFound: "List them with 'roost machine list'."
        case .poolNotFound: "List them with 'roost pool list', or make one with 'roost pool create NAME'."
        case .pipelineNotFound: "List them with 'roost pipeline list'."
        case .runNotFound: "List them with 'roost run list'."
        case .environmentNotFound: "List them with 'roost environment list'."
        case .maintenanceNotFound(let id):
            id == nil
                ? "'roost pool maintenance set' sets it up."
                : "'roost pool maintenance history' lists what it remembers."
        case .validationNotFound(let run): "'roost run show \(run)' says how far the run is."
        case .approvalNotFound: "List those that wait with 'roost approval list'."
        case .variableGroupNotFound: "List them with 'roost variable-group list'."
        case .serviceConnectionNotFound: "List them with 'roost service-connection list'."
        case .vaultNotFound: "List them with 'roost vault list'."
        case .checkNotFound: "See those of an environment with 'roost environment show NAME'."
        case .agentNotFound: "List them with 'roost agent list'."
        case .trustRuleNotFound: "List them with 'roost trust list'."
        case .nameTaken(let kind, _):
            kind == "agent" ? "Choose another name, or replace it with --replace." : "Choose another name."
        case .sessionConflict: "Stop the other listener; its session ends by itself half a minute after it is gone."
        case .invalid(_, _, let advice): advice
        case .repositoryUnavailable: "Check the URL, and that the server's user may read it with git."
        case .inUse: "Wait for it to end, or cancel it."
        case .roleMissing(let holder, let permission, let thing, _):
            Self.advice(for: permission, on: thing, to: holder)
        case .lastAdministrator: "Give somebody else the role 'administrator' on the organization first."
        case .enrollment(let refusal): refusal.advice
        case .identity(let error): error.advice
        case .gallery(let error): error.advice
        case .imageTemplate(let error): error.advice
        case .elastic(let error): error.advice
        case .personalTokenRefused:
            "Register it with an identity, an issuer's token or an enrollment token; see docs/enrollment.md."
        case .storeUnavailable(let error): error.advice
        case .shuttingDown: "Try again in a moment."
        default: nil
        }
    }

    /// One line for each problem, `file:line:column: error: text`.
    private static func listing(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { $0.description }.joined(separator: "\n")
    }
}

extension ControlError {
    private static func deed(_ permission: Permission, _ thing: Secured, _ name: String) -> String {
        switch permission {
        case .view: "see \(title(thing, name))"
        case .create where thing == .pools: "make pools"
        case .create: "make anything in \(title(thing, name))"
        case .use, .manage: "\(permission.rawValue) \(title(thing, name))"
        }
    }

    private static func title(_ thing: Secured, _ name: String) -> String {
        switch thing.kind {
        case .organization, .pools: thing.kind.title
        default: "the \(thing.kind.title) '\(name)'"
        }
    }

    /// The narrowest role that would do.
    private static func advice(for permission: Permission, on thing: Secured, to holder: RoleHolder) -> String? {
        let role = thing.kind.roles.first {
            $0.permissions(on: thing.kind, isInherited: false).contains(permission)
        }
        return role.map {
            "Ask an administrator for the role '\($0.rawValue)': roost role assign \($0.rawValue) --to \(holder) --on \(thing)"
        }
    }
}
