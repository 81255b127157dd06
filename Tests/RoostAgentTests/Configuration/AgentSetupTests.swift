import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire
import Synchronization
import Testing

@testable import RoostAgent

/// A console with prepared answers.
final class ScriptedConsole: AgentConsole {
    private let answers: Mutex<[String]>
    fileprivate let said = Mutex<[String]>([])

    init(_ answers: [String] = []) { self.answers = Mutex(answers) }

    var text: String { said.withLock { $0.joined(separator: "\n") } }

    func say(_ line: String) { said.withLock { $0.append(line) } }
    func complain(_ line: String) { said.withLock { $0.append(line) } }

    func ask(_ question: String, isSecret: Bool) -> String? {
        said.withLock { $0.append("\(question)\(isSecret ? " (hidden)" : "")") }
        return answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    func secretLine() -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

@Suite("Configuring an agent")
struct AgentSetupTests {
    static func setup(
        _ folder: String,
        _ values: [String: String],
        verb: AgentVerb = .configure,
        console: ScriptedConsole = ScriptedConsole(),
        environment: [String: String] = ["PATH": "/nowhere"]
    ) -> AgentSetup {
        AgentSetup(
            root: AgentRoot(folder),
            inputs: AgentInputs(AgentCommandLine(verb: verb, values: values), variables: [:]),
            console: console,
            environment: environment
        )
    }

    static func values(_ server: ScriptedServer) -> [String: String] {
        [
            "unattended": "true", "url": server.url, "auth": "pat", "token": ScriptedServer.personToken,
            "pool": "linux",
            "agent": "build-01",
        ]
    }

    @Test("unattended it makes the calls in their order, and its files hold what they should and nothing of the token")
    func unattended() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                try await Self.setup(folder, Self.values(server)).configure()
                #expect(
                    server.state.value.calls == [
                        "GET _apis/connectionData", "GET _apis/distributedtask/pools",
                        "GET _apis/distributedtask/pools/1/agents",
                        "POST _apis/distributedtask/pools/1/agents", "POST _apis/oauth2/token/host",
                        "GET _apis/connectionData", "GET _apis/roost/packagekeys",
                    ]
                )
                let settings = try AgentFiles(root: AgentRoot(folder)).settings()
                #expect(
                    settings
                        == AgentSettings(
                            agentId: 7,
                            agentName: "build-01",
                            poolId: 1,
                            poolName: "linux",
                            serverUrl: server.url
                        )
                )
                let credentials = try AgentFiles(root: AgentRoot(folder)).credentials()
                #expect(credentials.scheme == "OAuth")
                #expect(credentials.data.authorizationUrl == "https://inner.example/org/_apis/oauth2/token/host")
                #expect(credentials.data.oauthEndpointUrl == "\(server.url)_apis/oauth2/token/host")
                let known = try AgentFiles(root: AgentRoot(folder)).key(in: "\(folder)/.credentials_rsaparams")
                    .publicKey.modulus
                #expect(server.state.value.agents.first?.authorization?.publicKey?.modulus == known)
                #expect(server.state.value.agents.first?.systemCapabilities?["Agent.Version"] == AgentVersion.level)
                try expectNoToken(in: folder)
            }
        }
    }

    private func expectNoToken(in folder: String) throws {
        for name in [".agent", ".credentials", ".credentials_rsaparams"] {
            let text = try #require(SmallFile.read("\(folder)/\(name)"))
            #expect(!text.contains(ScriptedServer.personToken))
        }
        for name in [".credentials", ".credentials_rsaparams"] {
            var status = stat()
            #expect(stat("\(folder)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
        let key = try #require(SmallFile.read("\(folder)/.credentials_rsaparams"))
        for member in ["d", "dp", "dq", "exponent", "inverseQ", "modulus", "p", "q"] {
            #expect(key.contains("\"\(member)\""))
        }
    }

    @Test("a person is asked for what is missing, and asked again for what does not work")
    func attended() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                let answers = [
                    "nonsense", server.url, "", "wrong", server.url, "PAT", ScriptedServer.personToken, "linus",
                    "linux", "", "/proc/x",
                    "job folder",
                ]
                let console = ScriptedConsole(answers)
                let url = ["url": "nonsense:"]
                _ = url
                try await Self.setup(folder, [:], console: console).configure()
                let settings = try AgentFiles(root: AgentRoot(folder)).settings()
                #expect(settings.agentName == MachineFacts.hostName && settings.workFolder == "job folder")
                #expect(console.text.contains("Enter personal access token (hidden)"))
                #expect(console.text.contains("'nonsense' is no address of a server."))
                #expect(console.text.contains("The server does not accept the token: The token is not known here."))
                #expect(
                    console.text.contains(
                        "There is no agent pool 'linus', or the token may not see it. Did you mean 'linux'?"
                    )
                )
                #expect(console.text.contains("The work folder '/proc/x' cannot be written"))
            }
        }
    }

    struct Flaw: Sendable {
        var changes: [String: String?] = [:]
        var token: (status: Int, key: String, message: String)?
        var code: String
        var summary: String
    }

    @Test(
        "each thing that can be wrong has its own words, and leaves no configuration behind",
        arguments: [
            Flaw(
                changes: ["token": "other"],
                code: "token.unknown",
                summary: "The server does not accept the token: The token is not known here."
            ),
            Flaw(
                token: (401, "VssUnauthorizedException", "The token expired on 2026-01-01T00:00:00Z."),
                code: "token.expired",
                summary: "The token has expired: The token expired on 2026-01-01T00:00:00Z."
            ),
            Flaw(
                token: (403, "AccessDeniedException", "It needs the scope vso.agentpools_manage."),
                code: "token.scope",
                summary: "The token is valid but may not do this: It needs the scope vso.agentpools_manage."
            ),
            Flaw(
                changes: ["token": nil],
                code: "configure.missing-argument",
                summary: "The argument '--token' is missing."
            ),
            Flaw(
                changes: ["url": nil],
                code: "configure.missing-argument",
                summary: "The argument '--url' is missing."
            ),
            Flaw(changes: ["url": "ftp://x"], code: "url.invalid", summary: "'ftp://x' is no address of a server."),
            Flaw(
                changes: ["auth": "negotiate"],
                code: "configure.auth-kind",
                summary: "Signing in with '--auth negotiate' is not available."
            ),
            Flaw(
                changes: ["pool": "linus"],
                code: "pool.not-found",
                summary: "There is no agent pool 'linus', or the token may not see it."
            ),
            Flaw(
                changes: ["url": "http://127.0.0.1:1/org"],
                code: "server.nobody-listens",
                summary: "Nothing listens at the server's address: nobody listens there (connection refused)."
            ),
            Flaw(
                changes: ["url": "http://no-such-host.invalid/org"],
                code: "server.unknown-name",
                summary: "The server's name is not known to this machine: its name is not known."
            ),
            Flaw(
                changes: ["work": "/proc/none"],
                code: "configure.work-folder",
                summary: "The work folder '/proc/none' cannot be written: No such file or directory."
            ),
        ]
    )
    func flaws(_ flaw: Flaw) async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                server.state.change { $0.tokenFlaw = flaw.token }
                var values = Self.values(server)
                for (name, value) in flaw.changes { values[name] = value }
                let setup = Self.setup(folder, values)
                let failure = await #expect(throws: ConfigurationFailure.self) { try await setup.configure() }
                #expect(failure?.code == flaw.code)
                #expect(failure?.summary == flaw.summary)
                #expect(failure?.advice?.isEmpty == false)
                #expect(FileTree.names(in: folder).filter { $0.hasPrefix(".") } == [])
            }
        }
    }

    @Test("a server of another kind is named as such")
    func otherServer() async throws {
        let server = try SocketServer { _ in SocketServer.Answer(status: 404, body: Array("<html>no</html>".utf8)) }
        defer { server.close() }
        try await ScratchFolder.with { folder in
            let values = ["unattended": "true", "url": "http://127.0.0.1:\(server.port)/", "token": "t"]
            let failure = await #expect(throws: ConfigurationFailure.self) {
                try await Self.setup(folder, values).configure()
            }
            #expect(failure?.code == "server.other")
        }
    }

    @Test("a name that is taken is refused, and taken over with --replace")
    func replace() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                server.state.change {
                    $0.agents = [TaskAgentWire(id: 7, name: "build-01", systemCapabilities: ["old": "1"])]
                }
                let failure = await #expect(throws: ConfigurationFailure.self) {
                    try await Self.setup(folder, Self.values(server)).configure()
                }
                #expect(failure == .agentExists("build-01", pool: "linux"))
                var values = Self.values(server)
                values["replace"] = "true"
                try await Self.setup(folder, values).configure()
                let agent = try #require(server.state.value.agents.first)
                #expect(
                    agent.systemCapabilities?["old"] == "1" && agent.systemCapabilities?["Agent.Name"] == "build-01"
                )
                #expect(server.state.value.calls.contains("PUT _apis/distributedtask/pools/1/agents/7"))
                let again = await #expect(throws: ConfigurationFailure.self) {
                    try await Self.setup(folder, values).configure()
                }
                #expect(again == .alreadyConfigured(AgentRoot(folder).path))
            }
        }
    }

    @Test("removing takes the registration back and deletes the files, but not those of a person")
    func remove() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                try await Self.setup(folder, Self.values(server)).configure()
                _ = SmallFile.write("A=1\n", to: "\(folder)/.env")
                let values = ["unattended": "true", "token": ScriptedServer.personToken]
                _ = SmallFile.write("vsts.agent.x.service\n", to: "\(folder)/.service")
                let refused = await #expect(throws: ConfigurationFailure.self) {
                    try await Self.setup(folder, values, verb: .remove).remove()
                }
                #expect(refused == .serviceInstalled("vsts.agent.x.service"))
                FileTree.delete("\(folder)/.service")
                try await Self.setup(folder, values, verb: .remove).remove()
                #expect(server.state.value.agents.isEmpty)
                #expect(FileTree.names(in: folder).filter { $0.hasPrefix(".") } == [".env"])
                try await Self.setup(folder, values, verb: .remove).remove()
            }
        }
    }

    @Test("removing without a token uses the agent's own key and asks nothing")
    func removeByKey() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                try await Self.setup(folder, Self.values(server)).configure()
                let console = ScriptedConsole()
                try await Self.setup(folder, [:], verb: .remove, console: console).remove()
                #expect(server.state.value.agents.isEmpty)
                #expect(!AgentRoot(folder).isConfigured)
                #expect(!console.said.withLock { $0 }.contains { $0.contains("token") })
            }
        }
    }

    @Test("removing without a token and without a key says why it needs a token")
    func removeWithoutKey() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                try await Self.setup(folder, Self.values(server)).configure()
                FileTree.delete(AgentRoot(folder).file(.key))
                let console = ScriptedConsole()
                let setup = Self.setup(folder, ["unattended": "true"], verb: .remove, console: console)
                let refused = await #expect(throws: ConfigurationFailure.self) { try await setup.remove() }
                #expect(refused == .missingArgument("token"))
                #expect(console.said.withLock { $0 }.contains { $0.contains("own key cannot be used") })
                #expect(server.state.value.agents.count == 1)
            }
        }
    }

    @Test("a new key replaces the old one on both sides")
    func reauthorize() async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                try await Self.setup(folder, Self.values(server)).configure()
                let old = try AgentFiles(root: AgentRoot(folder)).key(in: "\(folder)/.credentials_rsaparams").publicKey
                    .modulus
                let values = ["unattended": "true", "token": ScriptedServer.personToken]
                try await Self.setup(folder, values, verb: .reauth).reauthorize()
                let new = try AgentFiles(root: AgentRoot(folder)).key(in: "\(folder)/.credentials_rsaparams").publicKey
                    .modulus
                #expect(new != old)
                #expect(server.state.value.agents.first?.authorization?.publicKey?.modulus == new)
            }
        }
    }

    @Test("files of Azure Pipelines' agent are understood")
    func foreignFiles() async throws {
        try await ScratchFolder.with { folder in
            let text = """
                \u{feff}{
                  "agentId": 12, "agentName": "a", "poolId": 3, "poolName": "p", "serverUrl": "https://h/o/",
                  "workFolder": "_work", "acceptTeeEula": true, "agentCloudId": "x", "signatureVerification": { "mode": "none" }
                }
                """
            _ = SmallFile.write(text, to: "\(folder)/.agent")
            let settings = try AgentFiles(root: AgentRoot(folder)).settings()
            #expect(settings.agentId == 12 && settings.acceptTeeEula == true)
            _ = SmallFile.write("{", to: "\(folder)/.agent")
            #expect(throws: ConfigurationFailure.self) { _ = try AgentFiles(root: AgentRoot(folder)).settings() }
        }
    }
}

@Suite("How an agent reaches its server")
struct ConnectionSettingsTests {
    struct Case: Sendable {
        var files: [String: String] = [:]
        var environment: [String: String] = [:]
        var proxy: String?
    }

    @Test(
        "the file wins over the variables, and a bypass over both",
        arguments: [
            Case(),
            Case(environment: ["http_proxy": "http://p:1"], proxy: "http://p:1"),
            Case(environment: ["https_proxy": "http://p:1"]),
            Case(environment: ["http_proxy": "http://p:1", "VSTS_HTTP_PROXY": "http://q:2"], proxy: "http://q:2"),
            Case(
                files: [".proxy": "http://f:3\nbasicauth=true\n"],
                environment: ["VSTS_HTTP_PROXY": "http://q:2"],
                proxy: "http://f:3"
            ),
            Case(environment: ["http_proxy": "http://p:1", "no_proxy": "other, .example.org"]),
            Case(environment: ["http_proxy": "http://p:1", "no_proxy": "ample.org"], proxy: "http://p:1"),
            Case(files: [".proxy": "http://f:3", ".proxybypass": "git.*\\.example\\.ORG"]),
        ]
    )
    func proxy(_ wanted: Case) async throws {
        try await ScratchFolder.with { folder in
            for (name, text) in wanted.files { _ = SmallFile.write(text, to: "\(folder)/\(name)") }
            let settings = ConnectionSettings(
                root: AgentRoot(folder),
                environment: wanted.environment,
                serverURL: "http://git.example.org/org/"
            )
            let proxy = settings.proxy(for: "http://git.example.org/org/")
            #expect(proxy?.url == wanted.proxy)
        }
    }

    @Test(
        "what an environment says of a proxy is kept for a service that has none, with the password in a file of its own"
    )
    func keeping() async throws {
        try await ScratchFolder.with { folder in
            let root = AgentRoot(folder)
            let url = "https://build.example.org/"
            let given = ConnectionSettings(
                root: root,
                environment: ["https_proxy": "http://me:p%20w@p:1", "no_proxy": ".example.org, 10.0.0.0/8, h:8443"],
                serverURL: url
            )
            try given.save(AgentFiles(root: root))
            let kept = ConnectionSettings(root: root, environment: [:], serverURL: url)
            #expect(kept.proxy == given.proxy && kept.proxy?.password?.exposed == "p w")
            for address in [url, "https://10.1.2.3/", "https://h:8443/"] {
                #expect(kept.proxy(for: address) == nil, "\(address)")
            }
            for address in ["https://elsewhere.org/", "https://h/"] {
                #expect(kept.proxy(for: address)?.url == "http://p:1", "\(address)")
            }
            #expect(SmallFile.read(root.file(.proxy)) == "http://p:1\nbasicauth=true\n")
            var status = stat()
            #expect(stat(root.file(.proxyCredentials), &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("the proxy's password comes from standard input, or is asked for; other kinds of proxies are refused")
    func password() throws {
        let values = ["proxyurl": "http://p:1", "proxyusername": "me", "unattended": "true"]
        func password(_ more: [String: String], _ console: ScriptedConsole) throws -> String? {
            let setup = AgentSetupTests.setup("/nowhere", values.merging(more) { $1 }, console: console)
            return try setup.withProxyPassword().connectionSettings("https://s/").proxy?.password?.exposed
        }
        let piped = try password(["proxypassword": "-"], ScriptedConsole(["from a pipe"]))
        #expect(piped == "from a pipe")
        let given = try password(["proxypassword": "given"], ScriptedConsole())
        #expect(given == "given")
        let console = ScriptedConsole(["typed"])
        let typed = try password(["unattended": "false"], console)
        #expect(typed == "typed" && console.text == "Enter the proxy's password (hidden)")
        #expect(throws: ConfigurationFailure.notAProxy("socks5://p:1")) {
            _ = try password(["proxyurl": "socks5://me:hidden@p:1"], ScriptedConsole())
        }
        let bad = ConnectionSettings(
            root: AgentRoot("/nowhere"),
            environment: ["https_proxy": "https://me:hidden@p:1"],
            serverURL: "https://s/"
        )
        #expect(throws: ConfigurationFailure.notAProxy("https://p:1")) { try bad.check() }
    }

    @Test("the server's own address is moved to the one the agent knows")
    func moving() {
        #expect(ServerURL.moved("https://inner/a/b?c", to: "http://outer:81/org/") == "http://outer:81/a/b?c")
        #expect(ServerURL.moved("https://inner", to: "http://outer:81") == "http://outer:81")
        #expect(ServerURL.normalized(" https://h/o ") == "https://h/o/")
        #expect(ServerURL.normalized("h/o") == nil)
    }
}
