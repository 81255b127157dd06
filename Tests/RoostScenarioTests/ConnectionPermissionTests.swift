import Foundation
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

@Suite("Who may use service connections", .serialized, .timeLimit(.minutes(6)))
struct ConnectionPermissionTests {
    /// A task that takes any connection to a cloud, and one that takes only those with a secret or a certificate.
    private func installTasks(_ cluster: TestCluster) async throws {
        let kinds = [("Deploy", "connectedService:AzureRM"), ("Bake", "connectedService:AzureRM:ServicePrincipal")]
        for (place, (name, type)) in kinds.enumerated() {
            try cluster.folder.write(
                """
                { "id": "7d0bd4a3-5ba1-4a0e-8f4b-00000000000\(place)", "name": "\(name)",
                  "version": { "Major": 1, "Minor": 0, "Patch": 0 },
                  "inputs": [{ "name": "azureSubscription", "type": "\(type)", "required": true }],
                  "execution": { "Node10": { "target": "main.js" } } }
                """,
                to: "\(name)/task.json"
            )
            try cluster.folder.write("", to: "\(name)/main.js")
            try await roost(cluster, "task", "install", name)
        }
    }

    @discardableResult
    private func roost(_ cluster: TestCluster, code: Int32 = 0, _ words: String...) async throws -> String {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
        let done = try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path)
            .finished()
        #expect(done.code == code, "\(words): \(done.output)")
        return done.output
    }

    private func with(
        _ yaml: String,
        _ body: @Sendable @escaping (TestCluster, Pipeline, SimulatedAgent) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await installTasks(cluster)
            let pipeline = try await cluster.pipeline(repository)
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

    private static let client = [
        "--tenant", "7e6d5c4b-0000-4000-8000-000000000001", "--client-id", "7e6d5c4b-0000-4000-8000-000000000002",
    ]

    private func makeConnection(_ cluster: TestCluster, _ name: String, _ more: String...) async throws -> String {
        let words = ["service-connection", "create-azure", name, "--kind", "federation", "--cloud", "china"]
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
        let done = try await ChildProgram(
            "roost",
            words + Self.client + more,
            environment: environment,
            folder: cluster.folder.path
        ).finished()
        #expect(done.code == 0, "\(done.output)")
        return done.output
    }

    /// Waits until a run waits for a permission.
    private func waitsForPermission(_ cluster: TestCluster, _ run: RunID) async throws -> String {
        for await _ in try await cluster.plane.events(run: run) {
            if let wait = cluster.plane.checkWaits(of: run).first?.wait { return wait.sentence }
        }
        return ""
    }

    @Test("a run waits until its pipeline is permitted; then the job has the connection, and that is kept")
    func permission() async throws {
        let yaml = "steps:\n- checkout: none\n- task: Deploy@1\n  inputs: { azureSubscription: prod }"
        try await with(yaml) { cluster, pipeline, agent in
            let made = try await makeConnection(cluster, "prod")
            #expect(made.contains("sc://roost/") && made.contains("api://AzureADTokenExchangeChina"), "\(made)")
            let run = try await cluster.queue(pipeline)
            let wait = try await waitsForPermission(cluster, run.id)
            #expect(wait.contains("Waits for permission to use the service connection 'prod'"))
            #expect(wait.contains("roost permission permit service-connection prod --pipeline"))
            let show = try await roost(cluster, "permission", "show", "service-connection", "prod")
            #expect(show.contains("No pipeline may use the service connection 'prod'."))
            let given = try await roost(
                cluster,
                "permission",
                "permit",
                "service-connection",
                "prod",
                "--pipeline",
                "ci"
            )
            #expect(given.contains("Only these pipelines") && given.contains("ci"), "\(given)")
            let job = try await agent.takeJob(try await agent.openSession())
            let endpoint = try #require(job.resources?.endpoints?.first { $0.name == "prod" })
            #expect(endpoint.authorization?.scheme == "WorkloadIdentityFederation")
            #expect(endpoint.data?["environmentAuthorityUrl"] == "https://login.chinacloudapi.cn/")
            #expect(endpoint.authorization?.parameters?["serviceprincipalkey"] == nil)
            try await agent.begin(job)
            try await agent.complete(job)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            let permission = view.records.first { $0.name.hasPrefix("Permission") }
            #expect(permission?.result == .succeeded && permission?.name == "Permission · prod")
            let usage = try await roost(cluster, "service-connection", "usage", "prod")
            #expect(usage.contains("ci") && usage.contains(run.number), "\(usage)")
            let events = try await cluster.store.auditEvents(limit: 50, before: nil)
            let use = try #require(events.first { $0.action == "service-connection.use" })
            #expect(use.actor.hasPrefix("job:") && use.detail.contains("run \(run.number) of ci"))
            #expect(events.contains { $0.action == "permission.change" && $0.detail == "prod: permitted to 'ci'" })
        }
    }

    @Test("a name that is known only in the job is judged there, and the run says what to do")
    func late() async throws {
        let yaml = """
            variables: { where: prod }
            steps:
            - checkout: none
            - task: Deploy@1
              inputs: { azureSubscription: $(where) }
            """
        try await with(yaml) { cluster, pipeline, agent in
            _ = try await makeConnection(cluster, "prod")
            let session = try await agent.openSession()
            let polling = Task { try await agent.takeJob(session) }
            let view = try await cluster.finished(cluster.queue(pipeline).id)
            #expect(view.run.state == .completed(.failed))
            let said = view.records.flatMap(\.issues).map(\.message)
            #expect(
                said.contains {
                    $0.contains("The pipeline 'ci' is not permitted to use the service connection 'prod'.")
                        && $0.contains("roost permission permit service-connection")
                },
                "\(said)"
            )
            try await roost(cluster, "permission", "permit", "service-connection", "prod", "--all-pipelines")
            _ = try await cluster.queue(pipeline)
            let job = try await polling.value
            #expect(job.resources?.endpoints?.contains { $0.name == "prod" } == true)
            // An id token says which connection it is for, and is for the cloud's audience; others' are refused.
            _ = try await makeConnection(cluster, "other", "--all-pipelines")
            let token = try agent.jobToken(job)
            func ask(_ name: String) async throws -> (status: Int, text: String) {
                let plan = try #require(job.plan?.planId)
                let scope = try #require(job.plan?.scopeIdentifier)
                let path =
                    "\(scope)/_apis/distributedtask/hubs/build/plans/\(plan)/jobs/\(try #require(job.jobId))/oidctoken"
                let done = try await ShortCommand.runAside([
                    "curl", "-s", "-X", "POST", "-H", "Authorization: Bearer \(token)", "-H",
                    "Content-Type: application/json", "-d", "{}", "-w", "\n%{http_code}",
                    "\(cluster.address)\(path)?serviceConnectionId=\(name)",
                ])
                let text = String(decoding: done.output, as: UTF8.self)
                return (Int(text.split(separator: "\n").last ?? "") ?? 0, text)
            }
            let own = try await ask("prod")
            #expect(own.status == 200, "\(own.text)")
            let answer = try #require(own.text.split(separator: "\n").first)
            let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: String])
            let claims = try #require(Self.claims(json["oidcToken"] ?? ""))
            #expect((claims["sub"] as? String)?.hasSuffix("/prod") == true)
            #expect(claims["aud"] as? String == "api://AzureADTokenExchangeChina")
            let others = try await ask("other")
            #expect(others.status == 403 && others.text.contains("No step of this job names"), "\(others.text)")
            try await agent.begin(job)
            try await agent.complete(job)
        }
    }

    private static func claims(_ token: String) -> [String: Any]? {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: String(text)).flatMap {
            try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
        }
    }

    @Test("a task that cannot use the kind or the type of a connection is refused before it starts")
    func kinds() async throws {
        let yaml = """
            steps:
            - task: Bake@1
              inputs: { azureSubscription: prod }
            - task: Deploy@1
              inputs: { azureSubscription: site }
            - task: Deploy@1
              inputs: { azureSubscription: prdo }
            """
        try await with(yaml) { cluster, pipeline, _ in
            _ = try await makeConnection(cluster, "prod", "--pipeline", "ci")
            try await roost(
                cluster,
                "service-connection",
                "create-for-tasks",
                "site",
                "--address",
                "https://site.example"
            )
            let refusal = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            let refused = refusal.map { "\($0)" } ?? ""
            for text in [
                "azure-pipelines.yml:2:3: The service connection 'prod' is of the kind 'federation', and input 'azureSubscription' of Bake@1 accepts secret, certificate.",
                "azure-pipelines.yml:4:3: The service connection 'site' is of the type 'generic', and input 'azureSubscription' of Deploy@1 takes 'AzureRM' there.",
                "azure-pipelines.yml:6:3: The service connection 'prdo' could not be found.",
            ] {
                #expect(refused.contains(text), "\(refused)")
            }
        }
    }

    @Test("with the compatibility variable a task gets the kind it cannot use, and fails by itself")
    func compatibility() async throws {
        let yaml = """
            variables: { Roost.Connections.AnyKind: true }
            steps:
            - checkout: none
            - task: Bake@1
              inputs: { azureSubscription: prod }
            """
        try await with(yaml) { cluster, pipeline, agent in
            _ = try await makeConnection(cluster, "prod", "--all-pipelines")
            _ = try await cluster.queue(pipeline)
            let job = try await agent.takeJob(try await agent.openSession())
            #expect(job.resources?.endpoints?.contains { $0.name == "prod" } == true)
            try await agent.begin(job)
            try await agent.complete(job)
        }
    }

    @Test("a secure file and an environment that are named by variables are judged as well")
    func variables() async throws {
        let yaml = """
            variables: { file: key.txt, place: production }
            stages:
            - stage: Fetch
              jobs:
              - job: A
                steps:
                - checkout: none
                - task: DownloadSecureFile@1
                  inputs: { secureFile: $(file) }
            - stage: Ship
              dependsOn: []
              jobs:
              - deployment: D
                environment: $(place)
                strategy: { runOnce: { deploy: { steps: [{ script: echo }] } } }
            """
        try await with(yaml) { cluster, pipeline, agent in
            try cluster.folder.write("hush", to: "key.txt")
            try await roost(cluster, "secure-file", "add", "key.txt")
            try await roost(cluster, "environment", "create", "production")
            try await roost(cluster, "permission", "revoke", "secure-file", "key.txt", "--all-pipelines")
            try await roost(cluster, "permission", "revoke", "environment", "production", "--all-pipelines")
            let polling = Task { [session = try await agent.openSession()] in try await agent.takeJob(session) }
            let run = try await cluster.queue(pipeline)
            let wait = try await waitsForPermission(cluster, run.id)
            #expect(wait.contains("Waits for permission to use the environment 'production'"), "\(wait)")
            var said: [String] = []
            for await _ in try await cluster.plane.events(run: run.id) {
                said = try await cluster.plane.run(run.id).records.flatMap(\.issues).map(\.message)
                if !said.isEmpty { break }
            }
            #expect(
                said.contains { $0.contains("The pipeline 'ci' is not permitted to use the secure file 'key.txt'.") },
                "\(said)"
            )
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
            _ = try await cluster.finished(run.id)
            polling.cancel()
        }
    }

    @Test("pools, variable groups and secure files are open until they are closed")
    func others() async throws {
        let yaml = "variables:\n- group: release\npool: Default\nsteps:\n- script: echo $(a)"
        try await with(yaml) { cluster, pipeline, agent in
            try await roost(cluster, "variable-group", "create", "release", "a=b")
            let open = try await roost(cluster, "permission", "show", "variable-group", "release")
            #expect(open.contains("Every pipeline of the project may use the variable group 'release'."))
            try await roost(cluster, "permission", "revoke", "variable-group", "release", "--all-pipelines")
            try await roost(cluster, "permission", "revoke", "pool", "Default", "--all-pipelines")
            let run = try await cluster.queue(pipeline)
            let wait = try await waitsForPermission(cluster, run.id)
            #expect(wait.contains("variable group 'release'") && wait.contains("pool 'Default'"), "\(wait)")
            try await roost(cluster, "permission", "permit", "variable-group", "release", "--pipeline", "ci")
            #expect(cluster.plane.checkWaits(of: run.id).first?.wait.sentence.contains("pool 'Default'") == true)
            try await roost(cluster, "permission", "permit", "pool", "Default", "--pipeline", "ci")
            let job = try await agent.takeJob(try await agent.openSession())
            try await agent.begin(job)
            try await agent.complete(job)
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            let unknown = try await roost(
                cluster,
                code: 1,
                "permission",
                "permit",
                "pool",
                "Defalt",
                "--all-pipelines"
            )
            #expect(unknown.contains("Defalt"), "\(unknown)")
        }
    }
}
