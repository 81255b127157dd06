import FoundationEssentials
import HTTPTypes
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
    let issuerKeys: IssuerKeyCache
    /// Of the token endpoints, which are asked before anybody has proved anything.
    let grantLimiter: RateLimiter
    /// Two exchanges a second for an address, thirty at once.
    let exchangeLimiter = RateLimiter(rate: 2, burst: 30)

    /// Where identities sign in, without a slash at its end.
    var authority: String { "\(address)\(plane.instanceID.uuidString.lowercased())" }

    /// Tells a client that has no token where it gets one, as Azure DevOps does.
    func nameAuthority(in headers: inout HTTPFields) {
        let named = headers[values: .wwwAuthenticate].map {
            $0 == "Bearer" ? "Bearer authorization_uri=\(authority)" : $0
        }
        headers[values: .wwwAuthenticate] = named
    }

    /// Below which agents ask for tokens.
    var tokenAddress: String { "\(address)_apis/oauth2/token/\(plane.instanceID.uuidString.lowercased())" }
}
