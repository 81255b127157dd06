public import FoundationEssentials

/// How an agent came to its pool.
public struct AgentEnrolmentWire: Codable, Sendable, Hashable {
    /// The kind of credential, such as `personalToken` or `federated`.
    public var signIn: String?
    /// Whose, as in the audit.
    public var actor: String?
    public var at: Date?

    public init(signIn: String? = nil, actor: String? = nil, at: Date? = nil) {
        self.signIn = signIn
        self.actor = actor
        self.at = at
    }
}

/// What holds for enrolments in every pool.
public struct EnrollmentPolicyWire: Codable, Sendable, Hashable {
    /// `allowed` or `refused`.
    public var patEnrollment: String?

    public init(patEnrollment: String? = nil) { self.patEnrollment = patEnrollment }
}
