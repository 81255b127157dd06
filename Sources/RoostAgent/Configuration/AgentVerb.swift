/// What an invocation of the agent is to do.
public enum AgentVerb: String, Sendable, CaseIterable {
    /// Register this machine in a pool.
    case configure
    /// Take the registration back.
    case remove
    /// Make a new key for the same registration.
    case reauth
    /// Listen for jobs; what is meant when no verb is given.
    case run
    /// Nothing: Azure Pipelines' agent loads its programs here, which this one does when it runs.
    case warmup

    /// By name in any letter case.
    init?(word: String) {
        self.init(rawValue: word.lowercased())
    }

    /// One line for `--help`.
    var summary: String {
        switch self {
        case .configure: "register this machine as an agent of a pool"
        case .remove: "remove the agent from its pool and delete its configuration"
        case .reauth: "give the agent a new key, with the token of a person"
        case .run: "listen for jobs (also when no command is given)"
        case .warmup: "accepted for compatibility; does nothing"
        }
    }
}
