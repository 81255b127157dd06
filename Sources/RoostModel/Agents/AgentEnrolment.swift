public import FoundationEssentials

/// How an agent came to its pool: by what kind of credential, whose, and when; replacing it counts anew.
public struct AgentEnrolment: Hashable, Sendable, Codable {
    public var signIn: SignIn
    /// Who, as in audit events.
    public var actor: String
    public var at: Date

    public init(signIn: SignIn, actor: String, at: Date) {
        self.signIn = signIn
        self.actor = actor
        self.at = at
    }
}
