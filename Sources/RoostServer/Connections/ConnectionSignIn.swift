import FoundationEssentials
import RoostModel
import RoostWire

/// Signs in at the cloud of a connection, by whatever opens it.
struct ConnectionSignIn: Sendable {
    let plane: ControlPlane
    let connection: TaskConnection
    /// Of the connection, opened.
    let parameters: [String: String]

    /// An access token.
    ///
    /// - Parameter scope: what it is for, such as `https://vault.azure.net/.default`.
    /// - Returns: the token; it is kept nowhere.
    /// - Throws: ``ConnectionFailure`` naming the connection, its kind and what the other side said.
    func token(scope: String) async throws(ConnectionFailure) -> Secret {
        if connection.kind == .managedIdentity { throw failure(.onlyOnMachine) }
        let url =
            "\(connection.authority)/\(PercentCoding.encode(try parameter(CloudParameter.tenant)))/oauth2/v2.0/token"
        let client = try parameter(CloudParameter.client)
        let form = [
            (name: "grant_type", value: "client_credentials"), (name: "client_id", value: client),
            (name: "scope", value: scope),
        ]
        return try await send(url, form + proof(client, url))
    }

    private func proof(
        _ client: String,
        _ url: String
    ) async throws(ConnectionFailure) -> [(name: String, value: String)] {
        switch connection.kind {
        case .secret: return [(name: "client_secret", value: try parameter(CloudParameter.secret))]
        case .certificate: return Self.assertion(try certificateAssertion(client, url))
        case .federation: return Self.assertion(try await idToken())
        case .managedIdentity: throw failure(.onlyOnMachine)
        case .none: throw failure(.notVerifiable(type: connection.type))
        }
    }

    private static func assertion(_ token: Secret) -> [(name: String, value: String)] {
        [
            (name: "client_assertion_type", value: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (name: "client_assertion", value: token.exposed),
        ]
    }

    private func certificateAssertion(_ client: String, _ url: String) throws(ConnectionFailure) -> Secret {
        let pem = try parameter(CloudParameter.certificate)
        let now = Date()
        do {
            return try ClientCertificate(certificate: pem, key: pem, at: now)
                .assertion(client: client, audience: url, at: now)
        } catch { throw failure(.badCertificate((error as? ClientCertificate.Fault)?.words ?? "its key cannot sign")) }
    }

    private func idToken() async throws(ConnectionFailure) -> Secret {
        do { return try await plane.sign(plane.idTokenClaims(of: connection)) } catch {
            throw failure(.failed("this server cannot sign an id token for it"))
        }
    }

    private struct Token: Decodable { var access_token: String }

    private func send(_ url: String, _ form: [(name: String, value: String)]) async throws(ConnectionFailure) -> Secret
    {
        let answer: OutsideHTTP.Answer
        do throws(OutsideHTTP.Unreachable) {
            answer = try await OutsideHTTP.send("POST", url, form: form.map { ($0.name, $0.value) })
        } catch { throw failure(.unreachable(error.reason)) }
        guard answer.status == 200 else {
            let said = try? JSONDecoder().decode(OAuthErrorWire.self, from: answer.body)
            let words = [said?.error, said?.error_description].compactMap(\.self).filter { !$0.isEmpty }
            let message = withoutSecrets(words.joined(separator: ", "))
            throw failure(.refused(url: url, status: answer.status, message: message))
        }
        guard let token = try? JSONDecoder().decode(Token.self, from: answer.body).access_token, !token.isEmpty else {
            throw failure(.unreachable("\(url) answers without an access token"))
        }
        return Secret(token)
    }

    /// The other side's words, without what was sent to it.
    private func withoutSecrets(_ message: String) -> String {
        let secrets = parameters.filter { !CloudParameter.open.contains($0.key.lowercased()) && $0.value.count > 3 }
        return String(secrets.values.reduce(message) { $0.replacing($1, with: "***") }.prefix(400))
    }

    private func parameter(_ name: String) throws(ConnectionFailure) -> String {
        guard let value = parameters[ignoringCase: name] else { throw failure(.missing(parameter: name)) }
        return value
    }

    private func failure(_ reason: ConnectionFailure.Reason) -> ConnectionFailure {
        ConnectionFailure(connection: connection.name, kind: connection.kind, reason: reason)
    }
}

/// What an id token says by which this server signs in for a connection.
struct ConnectionTokenClaims: Encodable, Hashable, Sendable {
    var iss: String
    var aud: String
    var sub: String
    var jti: String
    var iat: Int
    var nbf: Int
    var exp: Int
    var connection: String
}

extension ControlPlane {
    /// The subject of a connection's id tokens.
    func subject(of connection: TaskConnection) -> String {
        let project = read { $0.projects[ProjectID(connection.project)]?.name ?? "" }
        return JobTokenClaims.subject(
            organization: settings.organization,
            project: project,
            connection: connection.name
        )
    }

    func idTokenClaims(of connection: TaskConnection) -> ConnectionTokenClaims {
        let now = Int(Date().timeIntervalSince1970)
        return ConnectionTokenClaims(
            iss: tokenIssuerURL,
            aud: connection.federationAudience,
            sub: subject(of: connection),
            jti: UUID().uuidString.lowercased(),
            iat: now,
            nbf: now,
            exp: now + JobTokenClaims.life,
            connection: connection.name
        )
    }
}
