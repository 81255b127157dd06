import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

extension IdentitySignIn {
    /// An endpoint of the machine itself answers at once or not at all.
    private static let patience = Duration.seconds(10)

    /// A token of the machine's identity; one of another issuer is exchanged by a trust rule.
    func machine() async throws(ConfigurationFailure) -> Grant {
        let token = try await machineToken()
        let own = Grant(credential: .bearer(token))
        guard let issuer = Self.issuer(of: token), ServerURL.host(of: issuer) != ServerURL.host(of: url) else {
            return own
        }
        return try await asking(settings.clientOptions(for: url)) { identities throws(ConfigurationFailure) in
            do throws(ConfigurationFailure) {
                return Grant(credential: .bearer(try await exchange(token, identities)), isEnrollment: true)
            } catch {
                // Servers of other makers have no such exchange and read the token themselves.
                guard case .signIn(.refused(let refusal)) = error, refusal.isUnknownAddress else { throw error }
                return own
            }
        }
    }

    private func machineToken() async throws(ConfigurationFailure) -> Secret {
        let endpoint = MachineEndpoint(
            environment: environment,
            resource: Self.resource,
            client: inputs.text("clientid")
        )
        // Never through a proxy: the endpoint knows the machine by its connection.
        let options = ClientOptions(userAgent: AgentVersion.userAgent, timeout: Self.patience)
        return try await asking(options) { identities throws(ConfigurationFailure) in
            do throws(IdentityFailure) {
                return try await identities.machineToken(
                    at: endpoint.url,
                    headers: endpoint.headers.map { ($0.name, $0.value) }
                )
            } catch {
                guard case .failed(let error) = error else { throw failure(error) }
                throw .signIn(.noMachineIdentity(url: endpoint.address, reason: error.plainReason))
            }
        }
    }

    private struct Claims: Decodable { var iss: String? }

    /// The issuer a token names; it is proved by whoever accepts the token.
    private static func issuer(of token: Secret) -> String? {
        let parts = token.exposed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let body = Base64URL.decode(parts[1]) else { return nil }
        return (try? WireJSON.decode(Claims.self, from: body))?.iss
    }
}

extension MachineEndpoint {
    /// Without the query.
    var address: String { String(url.prefix { $0 != "?" }) }
}

extension ClientError {
    /// The reason alone, for a sentence of its own.
    fileprivate var plainReason: String {
        switch self {
        case .unreachable(_, let reason), .tlsFailure(_, let reason), .malformedAnswer(_, let reason): reason
        case .timedOut: "its metadata endpoint does not answer"
        default: summary
        }
    }
}
