import FoundationEssentials
import NIOSSL
import RoostClient
import RoostImages
import RoostModel
import RoostWire

/// Signs in to a cloud in the way that a template says.
struct AzureAuthority: Sendable {
    let environment: LookupEnvironment
    let web: WebClient
    let identity: IdentityClient

    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    /// Where machines in the cloud ask for a token of their identity.
    private static let machineHost = "http://169.254.169.254"

    func connection(
        _ signIn: AzureSignIn,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> AzureConnection {
        if case .session = signIn.way { return try await session(signIn, by: deadline) }
        let endpoints = try await endpoints(signIn, by: deadline)
        let token = try await token(signIn, endpoints, by: deadline)
        var subscription = signIn.subscription ?? ""
        if subscription.isEmpty, case .machine = signIn.way {
            subscription = try await machineSubscription(by: deadline)
        }
        return AzureConnection(endpoints: endpoints, token: token, subscription: subscription, web: web)
    }

    // MARK: Where

    private func endpoints(
        _ signIn: AzureSignIn,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> AzureEndpoints {
        guard let host = signIn.metadataHost else {
            if let known = AzureEndpoints(cloud: signIn.cloud) { return known }
            throw .signIn(
                reason: "there is no cloud of this name",
                address: nil,
                advice: "Name Public, China or USGovernment, or give \"metadata_host\"."
            )
        }
        let base = host.contains("://") ? host : "https://\(host)"
        let url = base.contains("/metadata/endpoints") ? base : "\(base)/metadata/endpoints?api-version=2022-09-01"
        let answer = try await answered(by: deadline, at: url) { try await web.send(.init("GET", url)) }
        guard answer.status == 200, let found = AzureEndpoints(metadata: answer.body, host: base) else {
            throw .signIn(
                reason: "the answer with status \(answer.status) is no description of a cloud",
                address: url,
                advice: "Look whether \"metadata_host\" is right."
            )
        }
        guard AzureEndpoints.isSafe(found.resourceManager), AzureEndpoints.isSafe(found.authority) else {
            throw .signIn(reason: "it names addresses without TLS", address: url, advice: nil)
        }
        return found
    }

    // MARK: Tokens

    private func token(
        _ signIn: AzureSignIn,
        _ endpoints: AzureEndpoints,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> Secret {
        if case .machine(let client) = signIn.way { return try await machineToken(client, endpoints, by: deadline) }
        let tenant = if let named = signIn.tenant { named } else { try await tenant(signIn, endpoints, by: deadline) }
        let url = "\(endpoints.authority)/\(RoostClient.escape(tenant))/oauth2/v2.0/token"
        let proof = try await proof(signIn, audience: url, by: deadline)
        let form =
            [
                (name: "grant_type", value: "client_credentials"), ("client_id", signIn.client ?? ""),
                ("scope", "\(endpoints.audience)/.default"),
            ] + proof
        let hidden = proof.map(\.value)
        return try await answered(by: deadline, at: url) {
            do throws(IdentityFailure) { return try await identity.token(at: url, form) } catch {
                throw Self.obstacle(error, hiding: hidden)
            }
        }
    }

    /// The resource manager names the tenant of a subscription to those who bring no token.
    private func tenant(
        _ signIn: AzureSignIn,
        _ endpoints: AzureEndpoints,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> String {
        let url =
            "\(endpoints.resourceManager)/subscriptions/\(RoostClient.escape(signIn.subscription ?? ""))?api-version=2022-12-01"
        let answer = try await answered(by: deadline, at: url) { try await web.send(.init("GET", url)) }
        let challenges = answer.headers.filter { $0.name.lowercased() == "www-authenticate" }
        let authority = challenges.lazy.compactMap { AuthorityChallenge($0.value) }.first?.authority
        guard answer.status == 401, let tenant = authority?.split(separator: "/").last else {
            throw .signIn(
                reason: "the tenant of the subscription \"\(signIn.subscription ?? "")\" is not known there",
                address: url,
                advice: "Give \"tenant_id\", and look whether the subscription is of this cloud."
            )
        }
        return String(tenant)
    }

    /// What proves who the client is.
    private func proof(
        _ signIn: AzureSignIn,
        audience: String,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> [(name: String, value: String)] {
        let assertion: Secret
        switch signIn.way {
        case .secret(let secret): return [("client_secret", secret.exposed)]
        case .certificate(let path, let password):
            assertion = try Self.assertion(path, password, signIn.client ?? "", audience, at: environment.now())
        case .idToken(let token): assertion = token
        case .idTokenRequest(let url, let token): assertion = try await idToken(url, token, by: deadline)
        case .session, .machine: return []
        }
        return [("client_assertion_type", Self.assertionType), ("client_assertion", assertion.exposed)]
    }

    private static func assertion(
        _ path: String,
        _ password: Secret?,
        _ client: String,
        _ audience: String,
        at now: Date
    ) throws(AzureObstacle) -> Secret {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .signIn(reason: "the certificate \(path) cannot be read", address: nil, advice: nil)
        }
        let pem = String(validating: bytes, as: UTF8.self) ?? ""
        let text = pem.contains("-----BEGIN") ? pem : Self.pem(Array(bytes), password)
        guard let text else {
            throw .signIn(
                reason: "the certificate \(path) cannot be opened",
                address: nil,
                advice: "Look whether it is PKCS#12, and \"client_cert_password\" is right."
            )
        }
        do {
            return try ClientCertificate(certificate: text, key: text, at: now)
                .assertion(client: client, audience: audience, at: now)
        } catch ClientCertificate.Fault.expired(let end) {
            throw .signIn(reason: "the certificate \(path) ended at \(end)", address: nil, advice: "Make a new one.")
        } catch {
            throw .signIn(
                reason: "the certificate \(path) cannot be used",
                address: nil,
                advice: "It has to hold a certificate and its RSA key."
            )
        }
    }

    /// PKCS#12 as PEM; nil when it is none, or the password is another.
    private static func pem(_ bytes: [UInt8], _ password: Secret?) -> String? {
        let words = password.map { Array($0.exposed.utf8) }
        guard let bundle = try? NIOSSLPKCS12Bundle(buffer: bytes, passphrase: words),
            let certificate = try? bundle.certificateChain.first?.toDERBytes(),
            let key = try? bundle.privateKey.derBytes
        else { return nil }
        return [("CERTIFICATE", certificate), ("PRIVATE KEY", key)].map { name, der in
            "-----BEGIN \(name)-----\n\(Data(der).base64EncodedString())\n-----END \(name)-----\n"
        }.joined()
    }

    private func idToken(
        _ url: String,
        _ token: Secret,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> Secret {
        guard AzureEndpoints.isSafe(url) else {
            throw .signIn(reason: "an id token cannot be asked for without TLS", address: url, advice: nil)
        }
        let whole = "\(url)\(url.contains("?") ? "&" : "?")audience=\(RoostClient.escape("api://AzureADTokenExchange"))"
        let request = WebClient.Request(
            "GET",
            whole,
            headers: [("Authorization", "Bearer \(token.exposed)"), ("Accept", "application/json")]
        )
        let answer = try await answered(by: deadline, at: url) { try await web.send(request) }
        guard answer.status == 200,
            let value = try? JSONDecoder().decode([String: PlainJSON].self, from: answer.body)["value"]?.text
        else {
            throw .signIn(
                reason: "no id token came: the answer has status \(answer.status)",
                address: url,
                advice: "Look whether \"oidc_request_token\" is still good."
            )
        }
        return Secret(value)
    }

    // MARK: The machine's identity

    private func machineToken(
        _ client: String?,
        _ endpoints: AzureEndpoints,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> Secret {
        let resource = RoostClient.escape(endpoints.audience)
        let which = client.map { "&client_id=\(RoostClient.escape($0))" } ?? ""
        let url: String
        let headers: [(name: String, value: String)]
        if let endpoint = environment["IDENTITY_ENDPOINT"], let header = environment["IDENTITY_HEADER"] {
            url = "\(endpoint)?api-version=2019-08-01&resource=\(resource)\(which)"
            headers = [("X-IDENTITY-HEADER", header), ("Metadata", "true")]
        } else {
            url = "\(metadataHost)/metadata/identity/oauth2/token?api-version=2018-02-01&resource=\(resource)\(which)"
            headers = [("Metadata", "true")]
        }
        let hidden = headers.map(\.value)
        return try await answered(by: deadline, at: url) {
            do throws(IdentityFailure) { return try await identity.machineToken(at: url, headers: headers) } catch {
                throw Self.obstacle(error, hiding: hidden)
            }
        }
    }

    private var metadataHost: String { environment["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? Self.machineHost }

    private func machineSubscription(by deadline: ContinuousClock.Instant) async throws(AzureObstacle) -> String {
        let url = "\(metadataHost)/metadata/instance/compute/subscriptionId?api-version=2021-02-01&format=text"
        let request = WebClient.Request("GET", url, headers: [("Metadata", "true")])
        let answer = try await answered(by: deadline, at: url) { try await web.send(request) }
        guard answer.status == 200, let text = String(validating: answer.body, as: UTF8.self), !text.isEmpty else {
            throw .signIn(
                reason: "the subscription of this machine is not known",
                address: url,
                advice: "Give \"subscription_id\"."
            )
        }
        return text
    }

    // MARK: az

    private func session(
        _ signIn: AzureSignIn,
        by deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) -> AzureConnection {
        async let shown = signIn.cloud == AzureSignIn.cloudOfSession ? az(["cloud", "show"], by: deadline) : nil
        let token = try await sessionToken(by: deadline)
        let endpoints: AzureEndpoints
        do {
            if let text = try await shown {
                guard let found = AzureEndpoints(session: text) else { throw Self.unreadable("az cloud show") }
                endpoints = found
            } else {
                endpoints = try await self.endpoints(signIn, by: deadline)
            }
        } catch let error as AzureObstacle { throw error } catch { throw Self.unreadable("az cloud show") }
        return AzureConnection(
            endpoints: endpoints,
            token: Secret(token.accessToken),
            subscription: token.subscription ?? "",
            web: web
        )
    }

    private func sessionToken(by deadline: ContinuousClock.Instant) async throws(AzureObstacle) -> AzureSessionWire {
        let text = try await az(["account", "get-access-token"], by: deadline)
        guard let wire = try? JSONDecoder().decode(AzureSessionWire.self, from: Data(text.utf8)) else {
            throw Self.unreadable("az account get-access-token")
        }
        return wire
    }

    private static func unreadable(_ command: String) -> AzureObstacle {
        .signIn(reason: "what '\(command)' prints cannot be read", address: nil, advice: "Run it yourself.")
    }

    private func az(_ words: [String], by deadline: ContinuousClock.Instant) async throws(AzureObstacle) -> String {
        let environment = environment.variables
        let answer = try await answered(by: deadline, at: "az \(words.joined(separator: " "))") {
            do {
                return try await MachineProgram(
                    "az",
                    words + ["--output", "json", "--only-show-errors"],
                    environment: environment,
                    folder: "/"
                ).answer()
            } catch let failure as ImageBuildFailure {
                throw AzureObstacle.signIn(
                    reason: failure.summary,
                    address: nil,
                    advice: "Install the package azure-cli, or give the template a credential."
                )
            }
        }
        guard answer.code == 0 else {
            throw .signIn(
                reason: "'az \(words.joined(separator: " "))' says: \(answer.errors.asMessage(hiding: []))",
                address: nil,
                advice: "Sign in with 'az login'."
            )
        }
        return answer.output
    }

    // MARK: Refusals

    private static func obstacle(_ failure: IdentityFailure, hiding secrets: [String]) -> AzureObstacle {
        switch failure {
        case .failed(let error): return AzureObstacle.unanswered(error).asSignIn
        case .refused(let refusal):
            let words = refusal.message.asMessage(hiding: secrets)
            return .signIn(
                reason: "the answer is \(refusal.status)\(words.isEmpty ? "" : ": \(words)")",
                address: refusal.url.split(separator: "?").first.map(String.init),
                advice: advice(refusal.number)
            )
        }
    }

    /// For the numbers that people meet.
    private static func advice(_ number: Int?) -> String? {
        switch number {
        case 7_000_215: "The \"client_secret\" is wrong: give its value, not its id."
        case 7_000_222: "The \"client_secret\" has ended: make a new one."
        case 700_016: "The tenant does not know the \"client_id\": look at both."
        case 700_027: "The certificate is not registered with the client."
        case 70_021, 700_213: "No federated credential of the client is for this issuer and subject."
        case 700_024: "The token has ended: fetch a new one, or give \"oidc_request_url\", which does so by itself."
        case 90_002: "There is no such tenant in this cloud: look at \"tenant_id\" and \"cloud_environment_name\"."
        default: nil
        }
    }
}

private struct AzureSessionWire: Decodable, Sendable {
    var accessToken: String
    var subscription: String?
}
