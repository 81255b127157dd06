import FoundationEssentials
import RoostClient
import RoostModel

/// Gets what an agent is registered with: a token that is given, or one that an identity signs in for.
struct IdentitySignIn: Sendable {
    let kind: SignInKind
    /// The organization, ending in a slash.
    let url: String
    let questions: SetupQuestions
    let settings: ConnectionSettings
    let environment: [String: String]
    /// The pool to join; a trust rule may be for some only.
    let pool: String?
    /// False asks a person although a value was given, because it did not work.
    let useInput: Bool

    /// What tokens for a server's service are made for.
    static let resource = "499b84ac-1321-427f-aa17-267ca6975798"
    static let scope = "\(resource)/.default"

    var inputs: AgentInputs { questions.inputs }
    var console: any AgentConsole { questions.console }

    /// A credential, and what it is good for.
    struct Grant: Sendable {
        var credential: ClientCredential
        /// It registers agents in some pools and does nothing else.
        var isEnrollment = false
    }

    /// What the text of an enrollment token begins with.
    private static let enrollmentMark = "rse_"

    /// Asks for what is missing and signs in.
    ///
    /// - Throws: ``ConfigurationFailure``.
    func grant() async throws(ConfigurationFailure) -> Grant {
        switch kind {
        case .pat: return try given()
        case .sp where inputs.text("clientcertificate") == nil: return Grant(credential: .bearer(try await secret()))
        case .sp, .certificate: return Grant(credential: .bearer(try await certificate()))
        case .aad: return Grant(credential: .bearer(try await person()))
        case .federated:
            return Grant(credential: .bearer(try await federated()), isEnrollment: inputs.text("clientid") == nil)
        case .machine: return try await machine()
        }
    }

    private func given() throws(ConfigurationFailure) -> Grant {
        let token = try questions.secret("token", "Enter personal access token", useInput: useInput)
        return Grant(credential: .personalToken(token), isEnrollment: token.exposed.hasPrefix(Self.enrollmentMark))
    }

    // MARK: The authority

    /// The one that is named, else the one of the server.
    func authority(_ client: IdentityClient) async throws(ConfigurationFailure) -> Authority {
        var text = inputs.text("authority")
        if text == nil {
            do { text = try await client.authority(of: url) } catch { throw .server(ServerRefusal(error)) }
        }
        guard let text else { throw .signIn(.noAuthority(url: url)) }
        do { return try Authority(text, tenant: inputs.text("tenantid"), server: url) } catch { throw .signIn(error) }
    }

    /// Runs calls of a client and closes it.
    func asking<Value: Sendable>(
        _ options: ClientOptions,
        _ body: (IdentityClient) async throws(ConfigurationFailure) -> Value
    ) async throws(ConfigurationFailure) -> Value {
        let client: IdentityClient
        do { client = try IdentityClient(options: options) } catch { throw .server(ServerRefusal(error)) }
        do throws(ConfigurationFailure) {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }

    /// Names what an endpoint refuses.
    func judging<Value: Sendable>(
        _ call: () async throws(IdentityFailure) -> Value
    ) async throws(ConfigurationFailure) -> Value {
        do { return try await call() } catch { throw failure(error) }
    }

    func failure(_ error: IdentityFailure) -> ConfigurationFailure {
        switch error {
        case .failed(let error): .server(ServerRefusal(error))
        case .refused(let refusal): .signIn(.refused(SignInRefusal(refusal, as: kind)))
        }
    }
}
