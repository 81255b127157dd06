import FoundationEssentials
import RoostModel

/// What handlers work with.
struct RouteServices: Sendable {
    let plane: ControlPlane
    let configuration: ServerConfiguration
    /// The address agents and people use, ending in a slash.
    let address: String
    let authenticator: Authenticator
    let limiter: RateLimiter
    let metrics: ServerMetrics
    let connections: OpenConnections
    let triggers: TriggerService
    let replay = AssertionReplay()
    let assertionBinding = AssertionBinding()
    /// Keys of other issuers.
    let issuerKeys: any IssuerKeys
    /// Of the token endpoints, which are asked before anybody has proved anything.
    let grantLimiter: RateLimiter

    /// Below which agents ask for tokens.
    var tokenAddress: String { "\(address)_apis/oauth2/token/\(plane.instanceID.uuidString.lowercased())" }
}
