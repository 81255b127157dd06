import RoostClient

/// What a failed call means to a listener.
enum ServerTrouble: Hashable, Sendable {
    /// The agent, its pool or its key is no longer known.
    case registrationGone(String)
    case accessDenied(String)
    /// Another listener has the agent's session.
    case sessionConflict(String)
    /// The session is over; another can be made.
    case sessionExpired
    /// The server finds the agent's assertion too old or too new.
    case clockSkew(String)
    /// The job's lease or the job itself is gone.
    case leaseGone(String)
    /// The proxy wants another user or password; to ask on fast may lock an account.
    case proxyRefuses(String)
    /// It may work later.
    case passing(String)

    init(_ error: ClientError) {
        switch error {
        case .unauthorized(_, let reason, _, _) where reason.lowercased().contains("current server time is"):
            self = .clockSkew(reason)
        case .unauthorized(_, let reason, _, _): self = .registrationGone(reason)
        case .refused(let refusal): self = Self.read(refusal)
        case .proxy(_, _, .refuses): self = .proxyRefuses(error.summary)
        case .unreachable, .tlsFailure, .proxy, .timedOut, .notAService, .malformedAnswer, .invalidURL, .file:
            self = .passing(error.summary)
        }
    }

    private static func read(_ refusal: ClientError.Refusal) -> ServerTrouble {
        switch refusal.typeKey {
        case "TaskAgentNotFoundException", "TaskAgentPoolNotFoundException", "TaskAgentAccessTokenExpiredException":
            .registrationGone(refusal.message)
        case "TaskAgentSessionConflictException": .sessionConflict(refusal.message)
        case "TaskAgentSessionExpiredException": .sessionExpired
        case "TaskAgentJobNotFoundException", "TaskAgentJobTokenExpiredException": .leaseGone(refusal.message)
        case "AccessDeniedException", "AccessCheckException": .accessDenied(refusal.message)
        default: refusal.status == 403 ? .accessDenied(refusal.message) : .passing(refusal.message)
        }
    }
}
