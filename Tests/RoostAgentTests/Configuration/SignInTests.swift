import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Signing in to register an agent")
struct SignInTests {
    typealias Script = ScriptedServer.Identities

    static func values(_ server: ScriptedServer, _ kind: String, _ more: [String: String] = [:]) -> [String: String] {
        ["unattended": "true", "url": server.url, "auth": kind, "pool": "linux", "agent": "build-01"]
            .merging(more) { $1 }
    }

    /// Nothing of a credential is in any file of a folder.
    static func expectNoTrace(in folder: String, of secrets: [String] = []) {
        let all = secrets + [Script.secret, Script.idToken, Script.machineSecret, ScriptedServer.identityToken]
        for name in FileTree.names(in: folder) where name != "given" {
            let text = SmallFile.read("\(folder)/\(name)") ?? ""
            for secret in all { #expect(!text.contains(secret), "\(name)") }
        }
    }

    struct Way: Sendable, CustomTestStringConvertible {
        var kind: String
        var values: [String: String] = [:]
        var environment: [String: String] = [:]
        /// A field of the form that was sent, and its value.
        var proof: (name: String, value: String)?
        var testDescription: String { "\(kind) \(values.keys.sorted()) \(environment.keys.sorted())" }
    }

    @Test(
        "every kind of identity registers an agent that keeps nothing of it",
        arguments: [
            Way(
                kind: "SP",
                values: ["clientid": Script.client, "tenantid": "tenant-1", "clientsecret": Script.secret],
                proof: ("client_secret", Script.secret)
            ),
            Way(kind: "federated", values: ["idtoken": Script.idToken], proof: ("subject_token", Script.idToken)),
            Way(kind: "Federated", values: ["tokenfile": "given"], proof: ("subject_token", Script.idToken)),
            Way(
                kind: "federated",
                environment: ["AZURE_FEDERATED_TOKEN_FILE": "given"],
                proof: ("subject_token", Script.idToken)
            ),
            Way(
                kind: "federated",
                values: ["clientid": Script.client, "idtoken": Script.idToken],
                proof: ("client_assertion", Script.idToken)
            ),
            Way(
                kind: "machine",
                environment: ["IDENTITY_ENDPOINT": "/machine", "IDENTITY_HEADER": Script.machineSecret]
            ),
            Way(kind: "machine", environment: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": "/"]),
            Way(kind: "aad", proof: ("device_code", "device-1")),
        ]
    )
    func kinds(_ way: Way) async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                let file = "\(folder)/given"
                _ = SmallFile.write("\(Script.idToken)\n", to: file)
                let host = String(server.url.dropLast("/org/".count))
                let values = way.values.mapValues { $0 == "given" ? file : $0 }
                let environment = way.environment.mapValues {
                    $0 == "given" ? file : $0.hasPrefix("/") ? host + $0 : $0
                }
                let console = ScriptedConsole()
                try await AgentSetupTests.setup(
                    folder,
                    Self.values(server, way.kind, values),
                    console: console,
                    environment: environment
                ).configure()
                #expect(server.state.value.agents.first?.name == "build-01")
                if let proof = way.proof {
                    #expect(server.state.value.identities.forms.last?[proof.name] == proof.value)
                }
                #expect(
                    console.text.contains("Open http://example/device[31m and enter ABCD-EFGH") == (way.kind == "aad")
                )
                #expect(!console.text.contains(Script.secret) && !console.text.contains(Script.idToken))
                Self.expectNoTrace(in: folder)
            }
        }
    }

    @Test("a certificate signs in with an assertion that its public key proves")
    func certificate() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                let files = try CertificateFiles(in: folder)
                server.state.change { $0.identities.certificateKey = files.publicKey }
                let given = ["clientid": Script.client, "clientcertificate": files.certificate, "clientkey": files.key]
                try await AgentSetupTests.setup(folder, Self.values(server, "certificate", given)).configure()
                #expect(server.state.value.agents.first?.name == "build-01")
                let parts = try #require(server.state.value.identities.forms.last?["client_assertion"])
                    .split(separator: ".")
                let header = String(decoding: try #require(Base64URL.decode(parts[0])), as: UTF8.self)
                #expect(header.contains("\"x5t\"") && header.contains("\"x5t#S256\""))
            }
        }
    }

    @Test("a certificate and a key that are no credential are named as such, before anybody is asked")
    func certificateFaults() async throws {
        try await ScratchFolder.with { folder in
            let files = try CertificateFiles(in: folder)
            let other = try CertificateFiles(in: folder, name: "other")
            let text = try #require(SmallFile.read(files.certificate))
            let key = try #require(SmallFile.read(files.key))
            let otherKey = try #require(SmallFile.read(other.key))
            func fault(_ certificate: String, _ key: String, at now: Date = Date()) -> ClientCertificate.Fault? {
                do { _ = try ClientCertificate(certificate: certificate, key: key, at: now) } catch { return error }
                return nil
            }
            #expect(fault(text, key) == nil)
            #expect(fault(text + key, text + key) == nil)
            #expect(fault("", key) == .noCertificate)
            #expect(fault("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key) == .noCertificate)
            #expect(fault(text, text) == .noKey)
            #expect(fault(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n") == .encryptedKey)
            #expect(fault(text, otherKey) == .otherKey)
            guard case .expired(let end) = fault(text, key, at: .distantFuture) else {
                Issue.record("it never expires")
                return
            }
            #expect(end > Date() && end < Date() + 31 * 86_400)
            let failure = SignInFailure.certificate(path: "app.pem", .expired(end))
            #expect(failure.summary.hasPrefix("The certificate 'app.pem' expired on "))
        }
    }

    struct Flaw: Sendable, CustomTestStringConvertible {
        var kind: String
        var values: [String: String] = [:]
        var answer: (status: Int, error: String, message: String)?
        /// Of the service itself, once the identity has signed in.
        var service: (status: Int, key: String, message: String)?
        var code: String
        var says: String
        var testDescription: String { "\(kind) \(code)" }
    }

    private static let app = ["clientid": Script.client, "clientsecret": Script.secret]

    @Test(
        "what is wrong with an identity has its own sentence and code, and nothing is left behind",
        arguments: [
            Flaw(
                kind: "sp",
                values: ["clientid": Script.client, "clientsecret": "wrong-secret"],
                code: "identity.wrong-secret",
                says: "The client secret is wrong: AADSTS7000215: Invalid client secret provided."
            ),
            Flaw(
                kind: "sp",
                values: ["clientid": "x", "clientsecret": "wrong-secret"],
                code: "identity.unknown",
                says: "The authority knows no client of this id: AADSTS700016: There is no application 'x'."
            ),
            Flaw(
                kind: "sp",
                values: app,
                answer: (401, "invalid_client", "AADSTS7000222: The secret's keys are expired."),
                code: "identity.expired-secret",
                says: "The client secret has expired"
            ),
            Flaw(
                kind: "sp",
                values: app,
                service: (403, "AccessDeniedException", "It needs the scope vso.agentpools_manage."),
                code: "token.scope",
                says: "The service principal is valid but may not do this: It needs the scope vso.agentpools_manage."
            ),
            Flaw(
                kind: "sp",
                values: app,
                service: (401, "VssUnauthorizedException", "The token is of another audience."),
                code: "token.unknown",
                says: "The server does not accept the service principal: The token is of another audience."
            ),
            Flaw(kind: "sp", values: ["clientid": "x"], code: "configure.missing-argument", says: "'--clientsecret'"),
            Flaw(kind: "sp", values: ["clientsecret": "x"], code: "configure.missing-argument", says: "'--clientid'"),
            Flaw(
                kind: "federated",
                values: ["clientid": Script.client, "idtoken": "other.id.token"],
                code: "identity.unknown-certificate",
                says: "AADSTS700027"
            ),
            Flaw(
                kind: "federated",
                values: ["idtoken": Script.idToken],
                answer: (400, "invalid_grant", "Rule 'cloud': the claim 'sub' is 'b' and not 'a'."),
                code: "trust.refused",
                says:
                    "No trust rule of the server lets this token in: Rule 'cloud': the claim 'sub' is 'b' and not 'a'."
            ),
            Flaw(kind: "federated", code: "identity.no-token", says: "There is no id token to sign in with."),
            Flaw(
                kind: "federated",
                values: ["tokenfile": "/nowhere/token"],
                code: "identity.file",
                says: "The file '/nowhere/token' of '--tokenfile' cannot be used: No such file or directory."
            ),
            Flaw(
                kind: "machine",
                values: ["clientid": "stranger"],
                code: "machine.no-identity",
                says: "This machine has no such identity: Identity not found."
            ),
            Flaw(
                kind: "aad",
                answer: (400, "expired_token", "AADSTS70020: The code has expired."),
                code: "device-code.expired",
                says: "Nobody confirmed the code in time"
            ),
            Flaw(
                kind: "aad",
                answer: (400, "authorization_declined", "The user has declined."),
                code: "device-code.declined",
                says: "The sign-in was declined: The user has declined."
            ),
            Flaw(
                kind: "sp",
                values: app.merging(["authority": "https://127.0.0.1:1"]) { $1 },
                code: "identity.authority",
                says: "'https://127.0.0.1:1' is no address of an authority."
            ),
            Flaw(
                kind: "sp",
                values: app.merging(["authority": "http://127.0.0.1:1/tenant"]) { $1 },
                code: "server.nobody-listens",
                says: "Nothing listens at the server's address"
            ),
            Flaw(kind: "spp", code: "configure.auth-kind", says: "Signing in with '--auth spp' is not available."),
        ]
    )
    func flaws(_ flaw: Flaw) async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                server.state.change { state in
                    state.tokenFlaw = flaw.service
                    state.identities.flaw = flaw.answer
                    state.identities.exchangeFlaw = flaw.answer
                }
                let host = String(server.url.dropLast("/org/".count))
                let setup = AgentSetupTests.setup(
                    folder,
                    Self.values(server, flaw.kind, flaw.values),
                    environment: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": host]
                )
                let failure = await #expect(throws: ConfigurationFailure.self) { try await setup.configure() }
                #expect(failure?.code == flaw.code)
                #expect(failure?.summary.contains(flaw.says) == true, "\(failure?.summary ?? "")")
                #expect(failure?.advice?.isEmpty == false)
                #expect(failure?.description.contains("wrong-secret") == false || flaw.code == "identity.wrong-secret")
                #expect(FileTree.names(in: folder) == [])
            }
        }
    }

    @Test("a server that names no authority, and one that names an open one, get no secret")
    func authorities() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                server.state.change { $0.identities.namesAuthority = false }
                let setup = AgentSetupTests.setup(folder, Self.values(server, "sp", Self.app))
                let failure = await #expect(throws: ConfigurationFailure.self) { try await setup.configure() }
                #expect(failure == .signIn(.noAuthority(url: server.url)))
                var named = Self.values(server, "sp", Self.app)
                named["authority"] = "\(server.authority)/"
                try await AgentSetupTests.setup(folder, named).configure()
            }
        }
        func authority(_ text: String, _ tenant: String?, _ server: String = "https://h/o/") -> String? {
            (try? Authority(text, tenant: tenant, server: server))?.url
        }
        #expect(authority("https://h/t", nil) == "https://h/t")
        #expect(authority("https://h/t/", "u") == "https://h/u")
        #expect(authority("https://h", "u") == "https://h/u")
        #expect(authority("https://h", nil) == nil)
        #expect(authority("http://h/t", nil) == nil)
        #expect(authority("http://h/t", nil, "http://h/o/") == "http://h/t")
    }

    @Test("a machine's token of another issuer is exchanged by the server's rules")
    func foreignMachine() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                let claims = Base64URL.encode(Data(#"{"iss":"https://cloud.example/t/","sub":"vm"}"#.utf8))
                server.state.change { $0.identities.machineToken = "e30.\(claims).c2ln" }
                let host = String(server.url.dropLast("/org/".count))
                try await AgentSetupTests.setup(
                    folder,
                    Self.values(server, "machine"),
                    environment: ["AZURE_POD_IDENTITY_AUTHORITY_HOST": host]
                ).configure()
                #expect(server.state.value.identities.forms.last?["subject_token"] == "e30.\(claims).c2ln")
            }
        }
    }

    @Test("secrets come from variables and from standard input too")
    func otherSources() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                var values = Self.values(server, "sp", ["clientid": Script.client, "clientsecret": "-"])
                try await AgentSetupTests.setup(folder, values, console: ScriptedConsole([Script.secret])).configure()
                AgentFiles(root: AgentRoot(folder)).deleteConfiguration()
                let nothing = AgentSetupTests.setup(folder, values)
                let failure = await #expect(throws: ConfigurationFailure.self) { try await nothing.configure() }
                #expect(failure == .inputEnded)
                values["clientsecret"] = nil
                let line = AgentCommandLine(verb: .configure, values: values)
                let names = ["ROOST_AGENT_INPUT_CLIENTSECRET", "VSTS_AGENT_INPUT_CLIENTSECRET"]
                for name in names {
                    #expect(AgentInputs(line, variables: [name: "x"]).text("clientsecret") == "x")
                }
                #expect(AgentInputs(line, variables: [names[0]: "a", names[1]: "b"]).text("clientsecret") == "a")
                #expect(AgentInputs(line, variables: ["ROOST_ID_TOKEN": "t"]).text("idtoken") == "t")
                for name in names + ["ROOST_ID_TOKEN"] { #expect(AgentEnvironment.isOwn(name)) }
            }
        }
    }

    @Test("the metadata endpoint is the one of the environment, else that of clouds")
    func endpoints() {
        func endpoint(_ environment: [String: String]) -> MachineEndpoint {
            MachineEndpoint(environment: environment, resource: "api://x", client: "c")
        }
        let query = "&resource=api%3A%2F%2Fx&client_id=c"
        let cloud = endpoint(["IDENTITY_ENDPOINT": "http://e/t"])
        #expect(
            cloud.url == "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01\(query)"
        )
        #expect(cloud.headers.map(\.name) == ["Metadata"])
        let service = endpoint(["IDENTITY_ENDPOINT": "http://e/t", "IDENTITY_HEADER": "s"])
        #expect(service.url == "http://e/t?api-version=2019-08-01\(query)")
        #expect(service.headers.first?.value == "s")
    }

    @Test("a question for a device's code is asked again only while that may help, slower when told so")
    func polls() {
        #expect(DevicePollRule.pause(interval: nil) == .seconds(5))
        #expect(DevicePollRule.pause(interval: 0) == DevicePollRule.shortest)
        #expect(DevicePollRule.pause(interval: 7) == .seconds(7))
        #expect(DevicePollRule.pause(after: "authorization_pending", .seconds(1)) == .seconds(1))
        #expect(DevicePollRule.pause(after: "slow_down", .seconds(1)) == .seconds(6))
        for end in ["expired_token", "access_denied", "authorization_declined", "bad_verification_code", ""] {
            #expect(DevicePollRule.pause(after: end, .seconds(1)) == nil)
        }
    }
}
