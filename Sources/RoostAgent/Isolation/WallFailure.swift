import Glibc
public import RoostModel

/// Why a job is not isolated although it should be.
public enum WallFailure: UserFacingError, Hashable {
    /// The system refuses a step of making the namespaces.
    case notRaised(step: String, error: Int32)
    /// A path cannot be hidden or shown.
    case notChanged(path: String, error: Int32)
    /// The agent found out at its start that it cannot; the rest of a sentence.
    case notPossible(String)
    /// Its steps run in containers, whose engine works outside.
    case containers

    public var code: String { "job.not-isolated" }

    public var summary: String {
        "The job was not begun, because this agent isolates its jobs and cannot isolate this one: \(reason)."
    }

    /// The rest of a sentence.
    var reason: String {
        switch self {
        case .notRaised(let step, let error):
            "the system does not let the agent's user \(step) (\(systemMessage(error)))"
        case .notChanged(let path, let error): "'\(path)' cannot be put apart (\(systemMessage(error)))"
        case .notPossible(let reason): reason
        case .containers: "it has containers, whose engine works outside"
        }
    }

    public var location: String? { nil }

    public var advice: String? {
        switch self {
        case .notRaised:
            "Let the agent's user make user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns; in a container also an unmasked /proc), or configure the agent with '--isolation off'."
        case .containers: "Give jobs with containers agents that do not isolate (--isolation off)."
        case .notChanged: "Try again; if that is of no use, configure the agent with '--isolation off'."
        case .notPossible:
            "Run the agent as a user of its own who may make user namespaces, or configure it with '--isolation auto'."
        }
    }
}
