import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

extension IdentitySignIn {
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    /// A longer file is no token.
    private static let tokenLimit = 64 << 10

    // MARK: A service principal

    func secret() async throws(ConfigurationFailure) -> Secret {
        let client = try questions.text("clientid", "Enter Client(App) ID", useInput: useInput)
        let secret = try questions.secret("clientsecret", "Enter Client secret", useInput: useInput)
        return try await program(client) { _ throws(ConfigurationFailure) in [("client_secret", secret.exposed)] }
    }

    func certificate() async throws(ConfigurationFailure) -> Secret {
        let client = try questions.text("clientid", "Enter Client(App) ID", useInput: useInput)
        let path = try questions.text("clientcertificate", "Enter certificate file", useInput: useInput)
        let keyPath = inputs.text("clientkey") ?? path
        let text = try content("clientcertificate", path)
        let keyText = try content("clientkey", keyPath)
        let certificate: ClientCertificate
        do { certificate = try ClientCertificate(certificate: text, key: keyText, at: Date()) } catch {
            throw .signIn(.certificate(path: path, error))
        }
        return try await program(client) { authority throws(ConfigurationFailure) in
            do {
                let proof = try certificate.assertion(client: client, audience: authority.tokenEndpoint, at: Date())
                return [("client_assertion_type", Self.assertionType), ("client_assertion", proof.exposed)]
            } catch { throw .signIn(.certificateCannotSign(path: path)) }
        }
    }

    /// Signs a program in with its own proof.
    private func program(
        _ client: String,
        _ proof: (Authority) throws(ConfigurationFailure) -> [(name: String, value: String)]
    ) async throws(ConfigurationFailure) -> Secret {
        try await asking(settings.clientOptions(for: url)) { identities throws(ConfigurationFailure) in
            let authority = try await authority(identities)
            let form =
                [("grant_type", "client_credentials"), ("client_id", client), ("scope", Self.scope)]
                + (try proof(authority))
            return try await judging { () async throws(IdentityFailure) in
                try await identities.token(at: authority.tokenEndpoint, form)
            }
        }
    }

    // MARK: Another issuer's token

    /// With a client id the token is the proof of that identity; without one a trust rule of the server decides.
    func federated() async throws(ConfigurationFailure) -> Secret {
        let token = try idToken()
        guard let client = inputs.text("clientid") else {
            return try await asking(settings.clientOptions(for: url)) { identities throws(ConfigurationFailure) in
                try await exchange(token, identities)
            }
        }
        return try await program(client) { _ throws(ConfigurationFailure) in
            [("client_assertion_type", Self.assertionType), ("client_assertion", token.exposed)]
        }
    }

    /// A short-lived right to register agents, for a token that a rule of the server trusts (RFC 8693).
    func exchange(_ token: Secret, _ identities: IdentityClient) async throws(ConfigurationFailure) -> Secret {
        var form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token.exposed),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ]
        if let pool { form.append(("pool", pool)) }
        let fields = form.map { (name: $0.0, value: $0.1) }
        return try await judging { () async throws(IdentityFailure) in
            try await identities.token(at: "\(url)_apis/roost/enrollment/exchange", fields)
        }
    }

    private func idToken() throws(ConfigurationFailure) -> Secret {
        if let path = inputs.text("tokenfile") { return Secret(try word("tokenfile", path)) }
        if inputs.secret("idtoken") != nil { return try questions.secret("idtoken", "Enter id token") }
        if let path = environment["AZURE_FEDERATED_TOKEN_FILE"], !path.isEmpty {
            return Secret(try word("tokenfile", path))
        }
        guard !inputs.flag("unattended") else { throw .signIn(.noToken) }
        let path = try questions.text("tokenfile", "Enter file of the id token")
        return Secret(try word("tokenfile", path))
    }

    // MARK: Files

    private func content(_ option: String, _ path: String) throws(ConfigurationFailure) -> String {
        guard let text = SmallFile.read(path, limit: Self.tokenLimit + 1) else {
            throw .signIn(.file(option: option, path: path, reason: systemMessage(errno)))
        }
        guard text.utf8.count <= Self.tokenLimit else {
            throw .signIn(.file(option: option, path: path, reason: "it is too long"))
        }
        return text
    }

    private func word(_ option: String, _ path: String) throws(ConfigurationFailure) -> String {
        let text = try content(option, path).trimmingWhitespace
        guard !text.isEmpty, !text.contains(where: \.isWhitespace) else {
            throw .signIn(.file(option: option, path: path, reason: "it holds no token"))
        }
        return text
    }
}
