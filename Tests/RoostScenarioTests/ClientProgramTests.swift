import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

/// Programs that others wrote, against a real server and a real agent.
///
/// They live in the Python environment that `make test` makes.
@Suite("Client programs", .serialized, .timeLimit(.minutes(5)))
struct ClientProgramTests {
    /// One of each kind the form of a run knows.
    private static let parameters = """
        parameters:
        - name: target
          displayName: Where it goes
          type: string
          default: test
          values: [test, production]
        - { name: note, type: string, default: '' }
        - { name: retries, type: number, default: 3 }
        - { name: verbose, displayName: Say more, type: boolean, default: false }
        - name: regions
          type: object
          default: [north, south]

        """

    private static let yaml = """
        stages:
        - stage: Build
          jobs:
          - job: Compile
            displayName: Compile on Linux
            steps:
            - bash: |
                echo "##[group]Compilers"
                printf '\\033[32mcc\\033[0m 12.2\\n'
                echo "##[endgroup]"
                printf '\\033[1mcompiling\\033[0m main.c\\n\\033[33mmain.c:3: unused variable\\033[0m\\n'
                echo "##vso[task.logissue type=warning]main.c:3: unused variable 'x'"
                echo built
                mkdir -p out/bin; echo made > out/bin/app
              displayName: make
            - publish: out
              artifact: drop
            - bash: |
                echo "<testsuite><testcase classname='shop.Cart' name='adds' time='0.25'/><testcase classname='shop.Cart' name='sells umbrellas when it rains' time='1.5'><failure message='expected: wet, but was: dry'>shop.Cart.sells (Cart.swift:41)</failure><system-out>weather report: sunny</system-out></testcase><testcase classname='shop.Cart' name='waits'><skipped message='needs a clock'/></testcase><testcase classname='shop.Door' name='opens'><flakyFailure message='it was locked'>Door.swift:7</flakyFailure></testcase></testsuite>" > TEST-shop.xml
                echo "<coverage><packages><package><classes><class filename='a'><lines><line number='1' hits='1'/><line number='2' hits='0' branch='true' condition-coverage='50% (1/2)'/><line number='3' hits='4'/></lines></class></classes></package></packages></coverage>" > coverage.xml
                printf '# Shop\\n\\n| Part | State |\\n|---|---|\\n| Cart | **good** |\\n| Door | `stuck` |\\n' > summary.md
                echo "##vso[task.uploadsummary]$PWD/summary.md"
                echo "##vso[task.logdetail id=6f1c1b0a-0000-4000-8000-000000000001;name=Cart;type=Suite;order=1;state=Completed;result=Succeeded]3 tests"
                echo "##vso[task.logdetail id=6f1c1b0a-0000-4000-8000-000000000002;name=Door;type=Suite;order=2;state=Completed;result=SucceededWithIssues]1 test"
              displayName: test
            - task: PublishTestResults@2
              inputs: { testRunTitle: Shop }
            - task: PublishCodeCoverageResults@2
              inputs: { summaryFileLocation: coverage.xml }
        - stage: Lint
          dependsOn: []
          jobs:
          - job: Style
            steps:
            - script: echo clean
        - stage: Test
          dependsOn: Build
          jobs:
          - job: Unit
            strategy:
              matrix:
                Debug: { flavour: debug }
                Release: { flavour: release }
            steps:
            - script: echo testing $(flavour)
              displayName: Test $(flavour)
        - stage: Deploy
          dependsOn: [Lint, Test]
          jobs:
          - job: Publish
            steps:
            - script: "echo no space left >&2; exit 1"
              displayName: Publish
              continueOnError: true
        """

    @Test("Microsoft's azure-devops package lists pools and agents, queues a run, waits, reads timeline and log lines")
    func azureDevOpsPackage() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await withAgent { cluster in
            _ = try await cluster.pipeline(repository, name: "app")
            let seen = try await Self.python("azure_devops.py", ["app"], cluster)
            let agents = try #require((seen["pools"] as? [String: Any])?["Default"] as? [String: [String: Any]])
            let agent = try #require(agents["local"])
            #expect(agent["status"] as? String == "online")
            #expect((agent["capabilities"] as? [String: String])?["Agent.OS"] == "Linux")
            #expect((seen["run"] as? [String: Any])?["result"] as? String == "partiallySucceeded")
            let records = try #require(seen["records"] as? [[String: Any]])
            #expect(records.allSatisfy { $0["state"] as? String == "completed" })
            let make = try #require(records.first { $0["name"] as? String == "make" })
            #expect(make["result"] as? String == "succeeded")
            let logs = try #require(seen["logs"] as? [String: [String: Any]])
            let log = try #require((make["log"] as? Int).flatMap { logs[String($0)] })
            let lines = try #require(log["text"] as? [String])
            #expect(lines.contains { $0.hasSuffix(" built") })
            #expect(log["lines"] as? Int == lines.count)
            let artifacts = try #require(seen["artifacts"] as? [[String: String]])
            #expect(artifacts == [["name": "drop", "type": "PipelineArtifact", "size": "5"]])
            #expect((seen["artifact"] as? String)?.hasSuffix("%24format=zip") == true)
            #expect(seen["zip"] as? [String: String] == ["drop/bin/app": "made\n"])
            try Self.checkTests(seen)
            let environments = try #require(seen["environments"] as? [String: [String: String]])
            #expect(environments["from-python"] == ["description": "changed", "by": "admin"])
            let checks = try #require(seen["checks"] as? [[String: Any]])
            #expect(checks.map { $0["type"] as? String } == ["ExclusiveLock"])
            let group = try #require((seen["groups"] as? [String: [String: Any]])?["from-python"])
            #expect(group["A"] as? String == "1" && group["S"] is NSNull)
            #expect(seen["left"] as? Int == 0)
        }
    }

    private static func checkTests(_ seen: [String: Any]) throws {
        let run = try #require((seen["run"] as? [String: Any])?["id"] as? Int)
        let published = try #require((seen["tests"] as? [[String: Any]])?.first)
        #expect(published["name"] as? String == "Shop")
        #expect(published["build"] as? String == "\(run)")
        #expect([published["total"], published["passed"]].map { $0 as? Int } == [4, 2])
        #expect(published["statistics"] as? [String: Int] == ["Passed": 2, "Failed": 1, "NotExecuted": 1])
        let results = try #require(published["results"] as? [[Any]])
        #expect(
            results.map { $0[0] as? String }.prefix(2) == ["shop.Cart.adds", "shop.Cart.sells umbrellas when it rains"]
        )
        #expect(results[1][1] as? String == "Failed" && results[1][2] as? String == "expected: wet, but was: dry")
        #expect(results[0][3] as? Double == 250)
        #expect(published["files"] as? [String: String] == ["TEST-shop.xml": "<testsuit"])
        let own = try #require(seen["own"] as? [String: Any])
        #expect(own["state"] as? String == "Completed")
        #expect([own["total"], own["passed"], own["left"]].map { $0 as? Int } == [2, 0, 1])
        #expect(own["failed"] as? [String] == ["one", "two"])
        #expect(own["page"] as? [Int] == [2])
        #expect(own["comment"] as? String == "after all")
        #expect(own["file"] as? String == "hi")
        let group = try #require((own["history"] as? [[Any]])?.first)
        #expect(group[0] as? String == "refs/heads/main" && group[1] as? Int == 1)
        #expect(seen["coverage"] as? [[Int]] == [[2, 1]])
    }

    /// A connection to a cloud that a pipeline may use.
    private static func connection(of pipeline: Pipeline, _ cluster: TestCluster) async throws {
        let project = try cluster.plane.project(pipeline.project.description).name
        let made = try await cluster.client.createServiceConnection(
            project: project,
            ServiceConnectionWire(
                name: "production",
                type: "azurerm",
                url: "",
                description: "The subscription of the shop",
                authorization: EndpointAuthorizationWire(
                    scheme: "WorkloadIdentityFederation",
                    parameters: [
                        "tenantid": "b1f2c3d4-0000-4000-8000-000000000001",
                        "serviceprincipalid": "b1f2c3d4-0000-4000-8000-000000000002",
                    ]
                ),
                data: ["environment": "AzureChinaCloud"]
            )
        )
        _ = try await cluster.client.setPipelinePermissions(
            project: project,
            type: "endpoint",
            id: try #require(made.id).uuidString,
            ResourcePipelinePermissionsWire(pipelines: [.init(id: pipeline.id.rawValue, authorized: true)])
        )
    }

    @Test("every page of the dashboard, on a desktop and a phone, light and dark, by keyboard, in two languages")
    func dashboard() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": Self.parameters + Self.yaml,
            "slow.yml": Self.parameters + "jobs:\n- job: Soak\n  steps:\n  - script: echo soaking; sleep 300\n",
            "deploy.yml": Self.parameters + Self.deployment,
        ])
        defer { repository.remove() }
        try await withAgent { cluster in
            let app = try await cluster.pipeline(repository, name: "app")
            let run = try await cluster.queue(app)
            _ = try await cluster.finished(run.id)
            try await Self.connection(of: app, cluster)
            try await Self.gallery(of: run, cluster)
            try await Self.imageTemplate(cluster)
            let waiting = try await Self.deploymentThatWaits(repository, cluster)
            let soak = try await cluster.pipeline(repository, name: "soak", yamlPath: "slow.yml")
            let first = try await cluster.queue(soak)
            let second = try await cluster.queue(soak)
            for await event in try await cluster.plane.events(run: first.id) {
                if case .run(let run) = event, run.state == .running { break }
            }
            let folder = ProcessInfo.processInfo.environment["ROOST_SCREENSHOTS"] ?? "\(cluster.folder.path)/screens"
            let seen = try await Self.python("dashboard.py", [folder], cluster)
            #expect(seen["problems"] as? [String] == [])
            let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(pages.count >= 40)
            #expect(cluster.plane.approvals(in: nil, isOpen: true).isEmpty, "the browser has not approved")
            #expect(cluster.plane.stagesToStart(in: waiting.id).isEmpty, "the browser has not started the stage")
            for run in [first, second, waiting] {
                _ = try await cluster.plane.cancelRun(run.id, by: .system)
                _ = try await cluster.finished(run.id)
            }
        }
    }

    @Test("tokens, open sign-ins and people in a browser: made, copied, revoked, ended, shut out and let in again")
    func people() async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let dana = try await cluster.user("dana")
            await dana.client.close()
            let folder = ProcessInfo.processInfo.environment["ROOST_SCREENSHOTS"] ?? "\(cluster.folder.path)/screens"
            let seen = try await Self.python(
                "people.py",
                [folder],
                cluster,
                ["ROOST_OTHER_TOKEN": dana.token.exposed]
            )
            #expect(seen["errors"] as? [String] == [])
            #expect((seen["shutOut"] as? String)?.contains("'dana' is disabled") == true, "\(seen)")
            for step in [
                "made", "copied", "hidden", "hiddenGoingBack", "revoked", "current", "signInEnded", "letIn",
            ] { #expect(seen[step] as? Bool == true, "\(step)") }
        }
    }

    private static let deployment = """
        stages:
        - stage: Ship
          displayName: Ship it
          jobs:
          - deployment: Web
            displayName: Deploy the web site
            environment: production
            strategy:
              runOnce:
                preDeploy: { steps: [ { script: echo drain } ] }
                deploy: { steps: [ { script: echo deploy } ] }
        - stage: Announce
          displayName: Tell everybody
          dependsOn: []
          trigger: manual
          jobs:
          - job: Mail
            steps: [ { script: echo hello } ]
        """

    /// A template of an image that was built, with a step and an output.
    private static func imageTemplate(_ cluster: TestCluster) async throws {
        let text = """
            source "file" "note" {
              content = "an image"
              target  = "note.txt"
            }
            build {
              sources = ["source.file.note"]
              provisioner "shell-local" { inline = ["echo looked at it"] }
            }
            """
        var draft = ImageTemplateWire()
        draft.form = "Packer"
        draft.main = "note.pkr.hcl"
        draft.files = [.init(path: "note.pkr.hcl", content: Data(text.utf8))]
        draft.distributesTo = []
        _ = try await cluster.client.createImageTemplate("note", draft)
        let begun = try await cluster.client.runImageTemplate("note")
        _ = try await cluster.finished(RunID(try #require(begun.lastRunId)))
        let status = try await cluster.client.imageTemplateStatus("note")
        #expect(status.runState == "Succeeded", "\(status.message ?? "")")
        #expect(status.steps?.map(\.title) == ["1. shell-local"])
        let outputs = try await cluster.client.imageTemplateOutputs("note")
        #expect(outputs.first?.properties.artifactUri?.hasSuffix("artifactName=note.txt") == true)
    }

    /// A run that waits for the approval of the administrator, who is signed in, and of another.
    private static func deploymentThatWaits(_ repository: ScratchRepository, _ cluster: TestCluster) async throws -> Run
    {
        guard let project = cluster.plane.projects().first else { throw TestFailure("there is no project") }
        let production = try await cluster.plane.createEnvironment(
            name: "production",
            description: "The site everybody sees",
            project: project.id,
            by: .system
        )
        let policy = ApprovalPolicy(
            approvers: ["admin", "Ann"],
            minimumCount: 1,
            instructions: "Look at the error rate first."
        )
        try await cluster.plane.createCheck(.approval(policy), on: production.id, by: .system)
        try await cluster.plane.createCheck(.exclusiveLock, on: production.id, by: .system)
        return try await cluster.queue(try await cluster.pipeline(repository, name: "site", yamlPath: "deploy.yml"))
    }

    // MARK: What both need

    private func withAgent(_ body: @Sendable @escaping (TestCluster) async throws -> Void) async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let runner = AgentRunner(
                folder: "\(cluster.folder.path)/agent",
                name: "local",
                pool: "Default",
                serverURL: cluster.address,
                program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
                grace: .zero
            )
            try await runner.configure(token: cluster.token)
            let pool = try cluster.defaultPool
            let events = cluster.plane.agentEvents(pool: pool.id)
            let agent = Task { try await runner.run() }
            for await event in events {
                if case .agent(let view) = event, view.online { break }
            }
            let result: Result<Void, any Error>
            do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
            agent.cancel()
            _ = await agent.result
            try result.get()
        }
    }

    /// A gallery with two versions, one of which a job ran on.
    private static func gallery(of run: Run, _ cluster: TestCluster) async throws {
        let folder = "\(cluster.folder.path)/version"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let packages = [ImagePackage(kind: .deb, name: "openssl", version: "3.0.15-1~deb12u1", architecture: "amd64")]
        let inventory = ImageInventory(
            system: ImageSystem(id: "debian", version: "12"),
            packages: packages,
            capabilities: [:]
        )
        try JSONEncoder().encode(inventory).write(to: URL(filePath: "\(folder)/\(ImageInventory.file)"))
        let id = "/galleries/agents/images/debian/versions/1.0.0"
        for words in [
            "gallery create agents",
            "image-definition create agents debian --publisher contoso --offer agents --sku debian --os-type linux",
            "image-version create agents debian 1.0.0 version --capability git=/usr/bin/git --template-hash \(String(repeating: "0a", count: 32))",
            "image-version create agents debian 1.1.0 version --built-from \(id) --exclude-from-latest true",
            "image-version promote agents debian 1.0.0 stable",
        ] {
            let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
            let program = try ChildProgram(
                "roost",
                words.split(separator: " ").map(String.init),
                environment: environment,
                folder: cluster.folder.path
            )
            let (code, output) = await program.finished()
            #expect(code == 0, "\(words): \(output)")
        }
        let job = try #require(try await cluster.plane.run(run.id).jobs.first)
        let use = ImageUse(image: id, run: run.id, job: job.id, agent: "agent-1", at: Date())
        try await cluster.store.submit([.appendImageUse(use)]).durable()
    }

    /// Runs a program of `Tests/Clients` and reads the JSON it prints.
    static func python(
        _ script: String,
        _ arguments: [String],
        _ cluster: TestCluster,
        _ environment: [String: String] = [:]
    ) async throws -> [String: Any] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let interpreter = tests.deletingLastPathComponent().appending(path: ".build/python/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw TestFailure("There is no \(interpreter); 'scripts/install-python' makes it.")
        }
        let program = try ChildProgram(
            executable: interpreter,
            [tests.appending(path: "Clients/\(script)").path] + arguments,
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
                .merging(environment) { $1 },
            folder: cluster.folder.path
        )
        let (code, printed) = await program.finished()
        guard code == 0, let start = printed.firstIndex(of: "{"),
            let seen = try? JSONSerialization.jsonObject(with: Data(printed[start...].utf8)) as? [String: Any]
        else { throw TestFailure("\(script) ended with \(code):\n\(printed)") }
        return seen
    }
}
