import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Logging
import RoostModel
import RoostWire

/// Where listeners turn their signed assertion into a token (RFC 7523 §2.2).
func addTokenEndpoint(to table: RouteTable) {
    table.post("oauth2/token/{instanceId}", access: .anonymous) { call in
        let form = QueryValues(String(buffer: try await call.body()))
        do {
            let agent = try call.client(form)
            let issued = try call.plane.issueListenerToken(for: agent)
            return try JSONAnswer.one(
                OAuthTokenWire(
                    access_token: issued.token.exposed,
                    expires_in: Int(issued.lifetime.components.seconds),
                    token_type: "bearer",
                    scope: "agent.listen"
                ),
                call.negotiation
            )
        } catch let refusal as TokenEndpointRefusal {
            call.context.logger.info(
                "a token was refused",
                metadata: ["request": "\(call.context.requestID)", "reason": "\(refusal.description)"]
            )
            let body = OAuthErrorWire(error: refusal.error, error_description: refusal.description)
            return try JSONAnswer.one(body, call.negotiation, status: .badRequest)
        }
    }
}

/// Why no token is given; the texts about time are what agents look for to name a wrong clock.
private enum TokenEndpointRefusal: Error {
    case badRequest(String)
    case otherServer
    case unknownClient
    case wrongAssertion(ClientAssertion.Refusal, now: Date)
    case usedBefore

    /// By RFC 6749 §5.2.
    var error: String {
        switch self {
        case .badRequest: "invalid_request"
        default: "invalid_client"
        }
    }

    var description: String {
        switch self {
        case .badRequest(let text): text
        case .otherServer: "The assertion is meant for another server."
        case .unknownClient: "The client is not registered here: its agent was removed or never configured."
        case .usedBefore: "The assertion has been used before."
        case .wrongAssertion(.malformed, _): "The assertion is no signed JSON Web Token."
        case .wrongAssertion(.wrongSignature, _): "The assertion is not signed with the registered key of the agent."
        case .wrongAssertion(.wrongAudience, _): "The assertion is meant for another server."
        case .wrongAssertion(.expired(let date), let now):
            "The bearer token expired on \(date.ISO8601Format()). Current server time is \(now.ISO8601Format())."
        case .wrongAssertion(.notYetValid(let date), let now):
            "The bearer token is not valid until \(date.ISO8601Format()). Current server time is \(now.ISO8601Format())."
        }
    }
}

extension Call {
    /// Clocks may be this far apart, in seconds.
    private static let skew: TimeInterval = 300

    /// The agent whose key signed the assertion.
    fileprivate func client(_ form: QueryValues) throws(TokenEndpointRefusal) -> Agent {
        guard form["grant_type"] == "client_credentials" else {
            throw .badRequest("The grant_type must be client_credentials.")
        }
        guard form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            let assertion = form["client_assertion"]
        else { throw .badRequest("A client_assertion of type jwt-bearer is needed.") }
        let now = Date()
        guard let client = ClientAssertion.unverifiedClient(assertion) else {
            throw .wrongAssertion(.malformed, now: now)
        }
        guard let agent = plane.agent(client: client) else { throw .unknownClient }
        let proved: ClientAssertion
        do {
            proved = try ClientAssertion.verify(
                assertion,
                key: agent.publicKey,
                audience: nil,
                at: now,
                skew: Self.skew
            )
        } catch {
            throw .wrongAssertion(error, now: now)
        }
        // Agents reach the server under other names too and keep the audience of their registration: its last part is this server's id.
        let instance = plane.instanceID.uuidString.lowercased()
        guard proved.audience.split(separator: "/").last?.lowercased() == instance,
            text("instanceId").lowercased() == instance
        else {
            throw .otherServer
        }
        let id = "\(client):\(proved.id)"
        guard services.replay.isFirst(id, expires: proved.expires + Self.skew, at: now) else { throw .usedBefore }
        return agent
    }
}
