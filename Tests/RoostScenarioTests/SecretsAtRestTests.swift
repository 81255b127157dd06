import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// Looks through everything a server wrote for secrets that were put in, in each way there is.
@Suite("Secrets at rest", .timeLimit(.minutes(6)))
struct SecretsAtRestTests {
    private static let yaml = """
        variables:
        - group: kept
        - group: from-vault
        steps:
        - script: echo $(kept-secret)
        """

    @Test("no file of the server holds one in the clear: not the store, its log, a copy of it, blobs or backups")
    func nowhere() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            // Found in the clear, so that the search is known to work.
            _ = try await cluster.plane.createPool(name: "at-rest-known-text", by: .system)
            var secrets = try await Self.putConnections(cluster)
            secrets += try await Self.putGroupsAndFiles(cluster)
            secrets += try await Self.putVault(cluster)
            secrets += try await Self.run(cluster, repository)
            #expect(secrets.count > 14 && Set(secrets).count == secrets.count)
            let copy = "\(cluster.folder.path)/copy"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            for name in ["roost.db", "roost.db-wal"] {
                try FileManager.default.copyItem(atPath: "\(cluster.folder.path)/\(name)", toPath: "\(copy)/\(name)")
            }
            let found = try await Self.search(cluster.folder.path, ["at-rest-known-text"])
            #expect(found.contains { $0.contains("/roost.db") } && found.contains { $0.contains("/copy/") })
            let names = try Set(FileManager.default.contentsOfDirectory(atPath: cluster.folder.path))
            #expect(names.isSuperset(of: ["roost.db", "roost.db-wal", "backup", "copy", "seal.key"]))
            let forms = secrets.flatMap(SecretForms.all)
            #expect(try await Self.search(cluster.folder.path, forms).isEmpty)
        }
    }

    /// The files that hold one of some texts.
    private static func search(_ folder: String, _ texts: [String]) async throws -> [String] {
        let patterns = "\(folder)-patterns"
        try texts.joined(separator: "\n").write(toFile: patterns, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: patterns) }
        let grep = try ChildProgram(
            executable: "/usr/bin/grep",
            ["-r", "-a", "-l", "-F", "-f", patterns, folder],
            folder: folder
        )
        let (code, printed) = await grep.finished()
        guard code == 0 || code == 1 else { throw TestFailure("grep ended with \(code): \(printed)") }
        return printed.split(separator: "\n").map(String.init)
    }

    // MARK: What is put in

    private static func putConnections(_ cluster: TestCluster) async throws -> [String] {
        let project = try #require(cluster.plane.projects().first).name
        let client = cluster.client
        _ = try await client.createServiceConnection(
            project: project,
            ServiceConnectionWire(
                name: "task",
                type: "generic",
                url: "https://x.example",
                authorization: EndpointAuthorizationWire(
                    scheme: "Token",
                    parameters: ["apitoken": "hush-task-connection"]
                )
            )
        )
        _ = try await client.createServiceConnection(
            project: project,
            ServiceConnectionWire(
                name: "registry",
                type: "dockerregistry",
                url: "https://registry.example",
                authorization: EndpointAuthorizationWire(
                    scheme: "UsernamePassword",
                    parameters: ["registry": "https://registry.example", "username": "u", "password": "hush-registry"]
                )
            )
        )
        _ = try await client.createServiceConnection(
            project: project,
            ServiceConnectionWire(
                name: "hook",
                type: "incomingwebhook",
                authorization: EndpointAuthorizationWire(
                    scheme: "None",
                    parameters: ["webhookname": "hook", "secret": "hush-incoming-hook"]
                )
            )
        )
        return ["hush-task-connection", "hush-registry", "hush-incoming-hook"]
    }

    private static func putGroupsAndFiles(_ cluster: TestCluster) async throws -> [String] {
        let project = try #require(cluster.plane.projects().first).name
        _ = try await cluster.client.createVariableGroup(
            project: project,
            VariableGroupWire(
                name: "kept",
                type: "Vsts",
                variables: ["kept-secret": VariableValueWire(value: "hush-group-variable", isSecret: true)]
            )
        )
        let path = "\(cluster.folder.path)-file"
        try "hush-secure-file\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try await cluster.client.addSecureFile(project: project, name: "f", file: path)
        let token = try await cluster.client.createToken(
            TokenRequestWire(name: "t", scopes: ["vso.build"], days: 1)
        )
        let pool = try cluster.defaultPool.id.rawValue
        let enrollment = try await cluster.client.createEnrollmentToken(pool: pool, EnrollmentTokenWire(uses: 1))
        return [
            "hush-group-variable", "hush-secure-file", try #require(token.token), try #require(enrollment.token),
            cluster.token.exposed,
        ]
    }

    private static func putVault(_ cluster: TestCluster) async throws -> [String] {
        let vault = try await cluster.client.createVault(VaultWire(name: "team"))
        _ = try await cluster.client.grant(.init(grantee: "pool:Default", rights: ["get"]), in: "team")
        for name in ["one", "two", "purged"] {
            _ = try await cluster.client.setSecret(name, SecretWire(value: "hush-vault-\(name)"), in: vault)
        }
        _ = try await cluster.client.setSecret("one", SecretWire(value: "hush-vault-newer"), in: vault)
        _ = try await cluster.client.secret("one", in: vault)
        let backup = try await cluster.client.backupSecret("one", in: vault)
        try backup.write(toFile: "\(cluster.folder.path)/backup", atomically: true, encoding: .utf8)
        _ = try await cluster.client.deleteSecret("two", in: vault)
        _ = try await cluster.client.deleteSecret("purged", in: vault)
        try await cluster.client.purgeSecret("purged", in: vault)
        let project = try #require(cluster.plane.projects().first).name
        _ = try await cluster.client.createVariableGroup(
            project: project,
            VariableGroupWire(
                name: "from-vault",
                type: "AzureKeyVault",
                variables: ["one": VariableValueWire(isSecret: true)],
                providerData: .init(vault: "team")
            )
        )
        return ["hush-vault-one", "hush-vault-two", "hush-vault-purged", "hush-vault-newer"]
    }

    /// A run with secret variables, whose job gets those of the vault and gives a secret output.
    private static func run(_ cluster: TestCluster, _ repository: ScratchRepository) async throws -> [String] {
        let made = try await cluster.pipeline(repository)
        let secret = PipelineVariable(value: "hush-pipeline-variable", isSecret: true)
        _ = try await cluster.plane.updatePipeline(made.id, by: .system) { $0.variables["p"] = secret }
        // With no agent in its pool a run fails at once.
        let agent = try await SimulatedAgent(
            cluster: cluster.address,
            registrar: cluster.client,
            pool: cluster.defaultPool.id.rawValue,
            name: "a"
        )
        let run = try await cluster.queue(
            made,
            variables: ["q": PipelineVariable(value: "hush-queue-variable", isSecret: true)]
        )
        let job = try await agent.takeJob(try await agent.openSession())
        #expect(job.variables?["one"]?.value == "hush-vault-newer")
        #expect(job.variables?["kept-secret"]?.value == "hush-group-variable")
        try await agent.begin(job)
        let planID = try #require(job.plan?.planId), jobID = try #require(job.jobId)
        try await cluster.plane.completeJob(
            plan: PlanID(planID),
            job: JobID(jobID),
            result: .succeeded,
            outputs: ["step.o": OutputVariable(value: "hush-job-output", isSecret: true)],
            agentShuttingDown: false
        )
        _ = try await cluster.finished(run.id)
        let token = try agent.jobToken(job)
        await agent.close()
        return ["hush-pipeline-variable", "hush-queue-variable", "hush-job-output", token]
    }
}
