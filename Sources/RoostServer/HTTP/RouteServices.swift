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

    /// Below which agents ask for tokens.
    var tokenAddress: String { "\(address)_apis/oauth2/token/\(plane.instanceID.uuidString.lowercased())" }
}
