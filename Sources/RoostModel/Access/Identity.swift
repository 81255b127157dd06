public import FoundationEssentials

/// An identity of the organization's directory that is no person: a service principal or a machine's (Azure's object id).
public struct IdentityID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// What an identity stands for.
public enum IdentityKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A program that proves itself with a secret, a certificate or another issuer's token.
    case servicePrincipal
    /// A machine; its tokens come from the metadata endpoint of that machine and from nowhere else.
    case managedIdentity
}

/// By what kind of credential a request was signed, for reports and policies.
public enum SignIn: String, Hashable, Sendable, Codable, CaseIterable {
    case personalToken
    /// The dashboard's cookie.
    case session
    case deviceCode
    case authorizationCode
    case clientSecret
    case certificate
    /// A token of an issuer that a rule or an identity trusts.
    case federated
    case managedIdentity
    case enrollmentToken
    /// A listener's own key.
    case agentKey
    /// The token that came with a job.
    case jobToken
}

/// What lets a machine register an agent without a person: an enrolment token, or an identity that a trust rule lets in.
///
/// It reaches the pools it names and nothing else.
public struct Enroller: Hashable, Sendable {
    /// Where the right to register comes from.
    public enum Source: Hashable, Sendable {
        case token(UUID)
        case rule(UUID, subject: String)
        case identity(IdentityID)
    }

    public var source: Source
    /// Shown to people and kept with the agent.
    public var name: String
    public var pools: Set<PoolID>

    public init(source: Source, name: String, pools: Set<PoolID>) {
        self.source = source
        self.name = name
        self.pools = pools
    }
}
