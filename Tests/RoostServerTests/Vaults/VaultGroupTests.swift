import Foundation
import RoostClient
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Synchronization
import Testing

@testable import RoostServer

@Suite("Variable groups with a vault", .timeLimit(.minutes(6)))
struct VaultGroupTests {
    private static let yaml = """
        variables:
        - group: release
        - name: url
          value: $[ variables.db ]
        steps:
        - script: echo $(db)
        """

    private static let admin = Caller(.user(name: "admin", scopes: [.full]))

    /// A server with an agent, a vault `team` with the secret `db`, and a run of a pipeline that names the group `release`.
    private func with(
        _ body: @Sendable @escaping (TestCluster, Pipeline, SimulatedAgent) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let vault = VaultWire(name: "team")
            let made = try await cluster.client.createVault(vault)
            _ = try await cluster.client.setSecret("db", SecretWire(value: "own-db-hush"), in: made)
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: cluster.defaultPool.id.rawValue,
                name: "a"
            )
            let result: Result<Void, any Error>
            do { result = .success(try await body(cluster, pipeline, agent)) } catch { result = .failure(error) }
            await agent.close()
            try result.get()
        }
    }

    private func makeGroup(
        _ cluster: TestCluster,
        type: String = "AzureKeyVault",
        _ provider: VariableGroupWire.ProviderData,
        _ names: String...
    ) async throws -> VariableGroupWire {
        let draft = VariableGroupWire(
            name: "release",
            type: type,
            variables: Dictionary(uniqueKeysWithValues: names.map { ($0, VariableValueWire(isSecret: true)) }),
            providerData: provider
        )
        let project = try #require(cluster.plane.projects().first).name
        return try await cluster.client.createVariableGroup(project: project, draft)
    }

    /// The error of a run that failed before its agent had the job.
    private func problem(_ cluster: TestCluster, _ run: RunID) async throws -> String {
        let view = try await cluster.finished(run)
        #expect(view.run.state == .completed(.failed))
        return view.records.flatMap(\.issues).map(\.message).first { $0.contains("Variable group") }
            ?? "nothing was said"
    }

    @Test("a job has the values of a vault of this server, masked; the read is in the audit")
    func own() async throws {
        try await with { cluster, pipeline, agent in
            let made = try await makeGroup(cluster, .init(vault: "team"), "db")
            #expect(made.type == "AzureKeyVault" && made.providerData?.vault == "team")
            #expect(made.variables?["db"] == VariableValueWire(isSecret: true))
            _ = try await cluster.client.grant(.init(grantee: "pool:Default", rights: ["get"]), in: "team")
            let run = try await cluster.queue(pipeline)
            let job = try await agent.takeJob(try await agent.openSession())
            #expect(job.variables?["db"] == VariableValueWire(value: "own-db-hush", isSecret: true))
            #expect(job.variables?["url"] == VariableValueWire(value: "own-db-hush", isSecret: true))
            #expect(job.mask?.contains { $0.value == "own-db-hush" } == true)
            let entry = try #require(
                try await cluster.store.auditEvents(limit: 20, before: nil).first { $0.action == "secret.get" }
            )
            #expect(entry.actor.hasPrefix("job:") && entry.subject == "vault:team/db")
            #expect(entry.detail.contains("variable group 'release' of run \(run.id)"))
            // The store has marks, never the value.
            let stored = try #require(try await cluster.store.run(run.id)).variableGroups["release"]?["db"]
            #expect(stored.map { VaultMark.isIn($0.value) } == true)
            try await agent.begin(job)
            try await agent.complete(job)
            _ = try await cluster.finished(run.id)
        }
    }

    @Test(
        "a job whose pool was granted nothing, or whose secret is not there, fails before it starts and says what to do"
    )
    func refused() async throws {
        try await with { cluster, pipeline, agent in
            _ = try await makeGroup(cluster, .init(vault: "team"), "db")
            let polling = Task { [session = try await agent.openSession()] in try await agent.takeJob(session) }
            let first = try await problem(cluster, cluster.queue(pipeline).id)
            #expect(
                first == "Variable group 'release': the secrets of the vault 'team' cannot be read: jobs of the pool "
                    + "'Default' may not get secrets of it. Run 'roost vault grant team pool:Default get'."
            )
            _ = try await cluster.client.grant(.init(grantee: "pool:Default", rights: ["get"]), in: "team")
            let vault = try await cluster.client.vault("team")
            _ = try await cluster.client.deleteSecret("db", in: vault)
            let second = try await problem(cluster, cluster.queue(pipeline).id)
            #expect(
                second.contains(
                    "the secret 'db' of the vault 'team' cannot be read: the answer is 404 (SecretNotFound)."
                )
            )
            _ = try await cluster.client.recoverSecret("db", in: vault)
            let third = try await cluster.queue(pipeline)
            let job = try await polling.value
            #expect(job.variables?["db"]?.value == "own-db-hush")
            _ = try await cluster.plane.cancelRun(third.id, by: .system)
        }
    }

    @Test("who may not read a vault gives none of it to jobs; a fork's run gets none, nor does a mark written by hand")
    func limits() async throws {
        try await with { cluster, pipeline, agent in
            let project = try #require(cluster.plane.projects().first)
            let eve = try await cluster.plane.createToken(
                user: "eve",
                name: "t",
                scopes: [.full],
                lifetime: .seconds(60),
                by: .system
            )
            _ = try await cluster.plane.assignRole(
                .administrator,
                to: .user("eve"),
                on: .project(project.id),
                by: .system
            )
            let client = try RoostClient(
                url: cluster.address,
                credential: .personalToken(eve.value),
                options: ClientOptions(userAgent: "eve")
            )
            let draft = VariableGroupWire(
                name: "mine",
                type: "AzureKeyVault",
                variables: ["db": VariableValueWire()],
                providerData: .init(vault: "team")
            )
            await #expect(throws: ClientError.self) {
                _ = try await client.createVariableGroup(project: project.name, draft)
            }
            await client.close()
            let made = try await makeGroup(cluster, .init(vault: "team"), "db")
            _ = try await cluster.client.grant(.init(grantee: "pool:Default", rights: ["get"]), in: "team")
            let mark = VaultMark(group: VariableGroupID(made.id ?? 0), name: "db")
            var run = try await cluster.queue(pipeline)
            var job = try #require(try await cluster.store.jobs(of: run.id).first)
            job.variables["x"] = OutputVariable(value: "a\(mark.text)b")
            #expect(try await cluster.plane.filledFromVaults(job, of: run).variables["x"]?.value == "aown-db-hushb")
            run.cause.pullRequest = RunPullRequest(
                number: 1,
                id: "1",
                sourceBranch: "refs/heads/x",
                targetBranch: "refs/heads/main",
                sourceCommit: "c",
                isFork: true
            )
            #expect(try await cluster.plane.filledFromVaults(job, of: run).variables["x"]?.value == "ab")
            run.cause.pullRequest = nil
            run.variableGroups = [:]
            #expect(try await cluster.plane.filledFromVaults(job, of: run).variables["x"]?.value == "ab")
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
        }
    }

    // MARK: Vaults of others

    private func connect(
        _ cluster: TestCluster,
        _ type: String,
        _ url: String,
        _ parameters: [String: String],
        _ data: [String: String] = [:]
    ) async throws -> String {
        let project = try #require(cluster.plane.projects().first)
        let draft = TaskConnectionDraft(
            name: "outside",
            type: type,
            url: url,
            scheme: type == "azurerm" ? "ServicePrincipal" : "Token",
            parameters: parameters,
            data: data
        )
        return try await cluster.plane.createTaskConnection(draft, in: project.id, by: Self.admin).id.uuidString
    }

    @Test("Azure Key Vault is read through a service connection; what it refuses is told, and nothing of its text")
    func azure() async throws {
        try await ScriptedVaults.with { outside in
            try await with { cluster, pipeline, agent in
                let connection = try await connect(
                    cluster,
                    "azurerm",
                    "https://management.azure.com/",
                    ["tenantid": "tenant", "serviceprincipalid": "client", "serviceprincipalkey": "client-hush"],
                    [
                        "environment": "AzureCloud", "environmentAuthorityUrl": "\(outside.address)/",
                        "keyVaultUrl": outside.address,
                    ]
                )
                let group = try await makeGroup(cluster, .init(serviceEndpointId: connection, vault: "team"), "db")
                let run = try await cluster.queue(pipeline)
                let session = try await agent.openSession()
                let job = try await agent.takeJob(session)
                #expect(job.variables?["db"] == VariableValueWire(value: "azure-db-hush", isSecret: true))
                #expect(
                    outside.seen.withLock { $0 } == [
                        "POST /tenant/oauth2/v2.0/token", "GET /secrets/db?api-version=7.4",
                    ]
                )
                try await agent.begin(job)
                try await agent.complete(job)
                _ = try await cluster.finished(run.id)
                let polling = Task { try await agent.takeJob(session) }
                let project = try #require(cluster.plane.projects().first).name
                let closed = VariableGroupWire(variables: ["db": .init(), "closed": .init()])
                _ = try await cluster.client.updateVariableGroup(project: project, id: group.id ?? 0, closed)
                let text = try await problem(cluster, cluster.queue(pipeline).id)
                // The pipeline reads 'closed' as a variable of the group.
                #expect(
                    text.contains("the secret 'closed' of the Azure Key Vault 'team' cannot be read: ")
                        && text.contains("403 (ForbiddenByRbac)") && !text.contains("secret text here")
                )
                try await failsWithWrongSecret(cluster, pipeline, connection)
                polling.cancel()
            }
        }
    }

    private func failsWithWrongSecret(
        _ cluster: TestCluster,
        _ pipeline: Pipeline,
        _ connection: String
    ) async throws {
        let known = try #require(cluster.plane.taskConnection(connection, in: nil))
        let draft = TaskConnectionDraft(parameters: ["serviceprincipalkey": "wrong-hush"])
        _ = try await cluster.plane.updateTaskConnection(known, draft, by: Self.admin)
        let text = try await problem(cluster, cluster.queue(pipeline).id)
        #expect(text.contains("answers 401: invalid_client") && !text.contains("wrong-hush"))
    }

    @Test("HashiCorp Vault is read with a role or a token, numbers as text")
    func hashiCorp() async throws {
        try await ScriptedVaults.with { outside in
            try await with { cluster, pipeline, agent in
                let connection = try await connect(
                    cluster,
                    "hashicorpvault",
                    outside.address,
                    ["roleId": "role", "secretId": "role-hush"]
                )
                let provider = VariableGroupWire.ProviderData(
                    serviceEndpointId: connection,
                    vault: "team/app",
                    mount: "kv"
                )
                let group = try await makeGroup(cluster, type: "HashiCorpVault", provider, "user", "port")
                #expect(group.type == "HashiCorpVault" && group.providerData?.mount == "kv")
                let run = try await cluster.queue(pipeline)
                let session = try await agent.openSession()
                let job = try await agent.takeJob(session)
                #expect(job.variables?["user"] == VariableValueWire(value: "hashi-user", isSecret: true))
                #expect(job.variables?["port"] == VariableValueWire(value: "5432", isSecret: true))
                try await agent.begin(job)
                try await agent.complete(job)
                _ = try await cluster.finished(run.id)
                let polling = Task { try await agent.takeJob(session) }
                let known = try #require(cluster.plane.taskConnection(connection, in: nil))
                let draft = TaskConnectionDraft(parameters: ["token": "stale"])
                _ = try await cluster.plane.updateTaskConnection(known, draft, by: Self.admin)
                let text = try await problem(cluster, cluster.queue(pipeline).id)
                #expect(
                    text.contains(
                        "HashiCorp Vault secret 'kv/team/app' cannot be read: the answer is 403 (permission denied)"
                    )
                )
                polling.cancel()
            }
        }
    }

    @Test("an address that is not secure, or where nobody is, is told")
    func unreachable() async throws {
        await #expect(throws: OutsideHTTP.Unreachable.self) {
            try await OutsideHTTP.send("GET", "http://vault.example/x")
        }
        let problem = await #expect(throws: OutsideHTTP.Unreachable.self) {
            try await OutsideHTTP.send("GET", "http://127.0.0.1:1/x")
        }
        #expect(problem?.reason.hasPrefix("127.0.0.1 cannot be reached") == true)
    }

    @Test("marks are found wherever they stand, and nothing else is one")
    func marks() {
        let a = VaultMark(group: VariableGroupID(7), name: "a-b/c")
        #expect(VaultMark.all(in: "x\(a.text)y\(a.text)") == [a, a])
        #expect(VaultMark.fill("x\(a.text)y") { $0 == a ? "1" : nil } == "x1y")
        for text in ["", "vault:7/a", "\u{E05A}vault:7\u{E05A}", "\u{E05A}", "\u{E05A}vault:x/a\u{E05A}"] {
            #expect(!VaultMark.isIn(text) && VaultMark.fill(text) { _ in "1" } == text)
        }
    }
}
