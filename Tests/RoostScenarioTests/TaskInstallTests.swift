import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Installed tasks and secure files through server and agent", .serialized, .timeLimit(.minutes(4)))
struct TaskInstallTests {
    private static let id = "0f2a3c1e-8a65-4a0b-9c1f-3f8d2d7c9e10"

    /// A task in a folder; it reads what it is given as the vendor's library does and answers with commands.
    private func task(
        _ folder: ScratchFolder,
        _ name: String,
        version: (Int, Int, Int),
        demands: String = "[]"
    ) throws -> String {
        try folder.write(
            """
            {
              "id": "\(Self.id)", "name": "Greeter", "friendlyName": "Greeter",
              "version": { "Major": \(version.0), "Minor": \(version.1), "Patch": \(version.2) },
              "demands": \(demands),
              "instanceNameFormat": "Greet $(who)",
              "inputs": [
                { "name": "who", "aliases": ["person"], "type": "string", "required": true },
                { "name": "key", "type": "secureFile" }
              ],
              "execution": { "Node10": { "target": "main.js" } },
              "postjobexecution": { "Node10": { "target": "post.js" } }
            }
            """,
            to: "\(name)/task.json"
        )
        try folder.write(
            """
            const get = (name) => process.env['INPUT_' + name.toUpperCase()] || '';
            const names = JSON.parse(process.env.VSTS_PUBLIC_VARIABLES);
            console.log('version \(version.0).\(version.1).\(version.2) greets ' + get('who'));
            console.log('knows ' + names.includes('system.teamProject'));
            console.log('server ' + (process.env.ENDPOINT_URL_SYSTEMVSSCONNECTION === process.env.SYSTEM_COLLECTIONURI));
            console.log('token ' + process.env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN);
            console.log('##vso[task.setvariable variable=said;isOutput=true]hello ' + get('who'));
            console.log('##vso[task.settaskvariable variable=left]behind');
            console.log('##vso[task.logissue type=warning;sourcepath=a.txt;linenumber=3;columnnumber=7;code=W1]odd%0Aand more');
            console.log('##vso[task.complete result=SucceededWithIssues]done');
            """,
            to: "\(name)/main.js"
        )
        try folder.write("console.log('after ' + process.env.VSTS_TASKVARIABLE_LEFT);", to: "\(name)/post.js")
        return "\(folder.path)/\(name)"
    }

    private func roost(_ cluster: TestCluster, _ words: String...) async throws -> (code: Int32, output: String) {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed]
        return try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path).finished()
    }

    private func hasNode() -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { folder in
            FileManager.default.isExecutableFile(atPath: "\(folder)/node")
        }
    }

    @Test("a task is installed, pinned by a run, fetched by agents, run in Node.js, and deleted")
    func life() async throws {
        guard hasNode() else { return }
        let repository = try ScratchRepository([
            "azure-pipelines.yml": """
            jobs:
            - job: A
              steps:
              - task: Greeter@1
                name: g
                inputs: { person: Ann }
              - script: echo "it said $(g.said)"
            """
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let refusal = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(refusal?.description.contains("'Greeter@1'") == true)
            for (name, version) in [("one", (1, 2, 3)), ("two", (1, 10, 0)), ("three", (2, 0, 0))] {
                let path = try task(cluster.folder, name, version: version)
                let installed = try await roost(cluster, "task", "install", path)
                #expect(installed.code == 0, "\(installed.output)")
            }
            let again = try await roost(cluster, "task", "install", "\(cluster.folder.path)/one")
            #expect(
                again.code == 1 && again.output.contains("is installed in version 1.2.3 already"),
                "\(again.output)"
            )
            let list = try await roost(cluster, "task", "list").output
            #expect(list.contains("Greeter@1") && list.contains("1.10.0") && !list.contains("1.2.3"), "\(list)")
            try await cluster.withRealAgent {
                let run = try await cluster.queue(pipeline)
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeededWithIssues), "\(output)")
                for line in [
                    "Downloading task: Greeter (1.10.0)", "version 1.10.0 greets Ann", "knows true", "server true",
                    "token ***", "it said hello Ann", "after behind",
                ] {
                    #expect(output.contains(line), "\(line) in \(output)")
                }
                // The place of an issue is shown once, and its further lines stand below it.
                let tree = try await roost(cluster, "run", "show", "\(run.id)").output
                #expect(tree.contains("    warning: a.txt(3,7): warning W1: odd\n"), "\(tree)")
                #expect(tree.contains("\n        and more\n"), "\(tree)")
                // Another run finds it unpacked.
                let second = try await cluster.queue(pipeline)
                _ = try await cluster.finished(second.id)
                let next = try await cluster.output(of: second.id)
                #expect(!next.contains("Downloading task") && next.contains("version 1.10.0 greets Ann"), "\(next)")
            }
            let mark = "\(cluster.folder.path)/agent-local/_work/_tasks/Greeter_\(Self.id)/1.10.0.completed"
            #expect(FileManager.default.fileExists(atPath: mark))
            // Content that nothing refers to goes; packages stay.
            try await cluster.plane.keepContent(grace: .zero)
            let deleted = try await roost(cluster, "task", "delete", "Greeter@1.10.0")
            #expect(deleted.code == 0, "\(deleted.output)")
            let shown = try await roost(cluster, "task", "show", "Greeter@1").output
            #expect(shown.contains("1.2.3") && shown.contains("who, person"), "\(shown)")
        }
    }

    @Test("jobs that fetch a task at the same time get one whole copy, and what was left half is replaced")
    func atOnce() async throws {
        try await TestCluster.with { cluster in
            let path = try task(cluster.folder, "t", version: (1, 2, 3))
            #expect(try await roost(cluster, "task", "install", path).code == 0)
            let tasks = "\(cluster.folder.path)/_tasks"
            let home = "\(tasks)/Greeter_\(Self.id)"
            try cluster.folder.write("half", to: "_tasks/Greeter_\(Self.id)/1.2.3/main.js")
            let host = ServerTaskHost(
                client: cluster.client,
                project: "none",
                plan: PlanAddress(scope: UUID(), plan: UUID(), timeline: UUID())
            )
            let reference = TaskReference(id: Self.id, name: "Greeter", version: "1.2.3")
            let folders = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<8 { group.addTask { try await host.folder(of: reference, tasks: tasks) { _ in } } }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(folders == Array(repeating: "\(home)/1.2.3", count: 8))
            for name in ["task.json", "main.js", "post.js"] {
                #expect(
                    FileManager.default.contents(atPath: "\(home)/1.2.3/\(name)")
                        == FileManager.default.contents(atPath: "\(path)/\(name)")
                )
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: home).sorted()
            #expect(left == ["1.2.3", "1.2.3.completed", "1.2.3.lock"])
            let other = TaskReference(id: Self.id, name: "Greeter", version: "9.9.9")
            #expect(try await host.folder(of: other, tasks: tasks) { _ in } == nil)
        }
    }

    @Test("demands of a task enter the job's, and only an agent that meets them gets it")
    func demands() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": "steps:\n- task: Greeter@1\n  inputs: { who: x }"
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let path = try task(cluster.folder, "t", version: (1, 0, 0), demands: "[\"unobtainium\"]")
            #expect(try await roost(cluster, "task", "install", path).code == 0)
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let planned = run.plan.stages[0].jobs[0]
            #expect(planned.pool?.demands.map(\.text) == ["unobtainium"])
            #expect(planned.steps.last?.displayName == "Greet x")
        }
    }

    @Test("what is wrong with a package is told before and by the server")
    func refused() async throws {
        try await TestCluster.with { cluster in
            try cluster.folder.write(
                "{ \"id\": \"x\", \"name\": \"T\",\n \"version\": {},\n \"execution\": { \"Node16\": { \"target\": \"no.js\" } } }",
                to: "bad/task.json"
            )
            let bad = try await roost(cluster, "task", "install", "bad")
            #expect(bad.code == 1)
            for text in ["bad/task.json:1: The id 'x' is no UUID.", "bad/task.json:2: The version has no 'Major'."] {
                #expect(bad.output.contains(text), "\(bad.output)")
            }
            let builtIn = "2a6ca863-f2ce-4f4d-8bcb-15e64608ec4b"
            try cluster.folder.write(
                "{ \"id\": \"\(builtIn)\", \"name\": \"T\", \"version\": { \"Major\": 1, \"Minor\": 0, \"Patch\": 0 }, \"execution\": { \"Node16\": { \"target\": \"a.js\" } } }",
                to: "own/task.json"
            )
            try cluster.folder.write("", to: "own/a.js")
            let own = try await roost(cluster, "task", "install", "own")
            #expect(own.code == 1 && own.output.contains("is built into the agents here"), "\(own.output)")
            try cluster.folder.write("no archive", to: "junk.zip")
            let junk = await #expect(throws: ClientError.self) {
                try await cluster.client.installTask(
                    id: Self.id,
                    archive: "\(cluster.folder.path)/junk.zip",
                    overwrite: false,
                    contribution: nil
                )
            }
            #expect(junk?.summary.contains("no ZIP archive") == true)
        }
    }

    @Test("a connection that a step names reaches its task with its secrets hidden, and others do not")
    func connection() async throws {
        guard hasNode() else { return }
        let repository = try ScratchRepository([
            "azure-pipelines.yml": "steps:\n- checkout: none\n- task: Fetcher@1\n  inputs: { from: Registry }"
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let folder = cluster.folder
            try folder.write(
                """
                { "id": "\(Self.id)", "name": "Fetcher", "version": { "Major": 1, "Minor": 0, "Patch": 0 },
                  "inputs": [{ "name": "from", "type": "connectedService:Generic", "required": true }],
                  "execution": { "Node10": { "target": "main.js" } } }
                """,
                to: "t/task.json"
            )
            try folder.write(
                """
                const id = process.env.INPUT_FROM;
                console.log('from ' + process.env['ENDPOINT_URL_' + id] + ' of ' + process.env['ENDPOINT_DATA_' + id + '_TEAM']);
                const token = process.env['ENDPOINT_AUTH_PARAMETER_' + id + '_APITOKEN'];
                console.log('token ' + token + ' of ' + token.length);
                console.log(Object.keys(process.env).filter((name) => name.startsWith('ENDPOINT_URL_')).length + ' connections');
                """,
                to: "t/main.js"
            )
            try folder.write("letmein-4711\n", to: "token.txt")
            #expect(try await roost(cluster, "task", "install", "t").code == 0)
            let pipeline = try await cluster.pipeline(repository)
            let refusal = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(refusal?.description.contains("'Registry' could not be found") == true)
            for name in ["registry", "other"] {
                let made = try await roost(
                    cluster,
                    "service-connection",
                    "create-for-tasks",
                    name,
                    "--address",
                    "https://\(name).example/",
                    "--scheme",
                    "Token",
                    "--secret-file",
                    "apitoken=token.txt",
                    "--data",
                    "team=blue",
                    "--all-pipelines"
                )
                #expect(made.code == 0, "\(made.output)")
            }
            let shown = try await roost(cluster, "service-connection", "list", "--output", "json").output
            #expect(shown.contains("registry.example") && !shown.contains("letmein"), "\(shown)")
            try await cluster.withRealAgent {
                let run = try await cluster.queue(pipeline)
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeeded), "\(output)")
                for line in ["from https://registry.example/ of blue", "token *** of 12", "2 connections"] {
                    #expect(output.contains(line), "\(output)")
                }
            }
            let grep = try ChildProgram(
                executable: "/usr/bin/env",
                ["grep", "-rlF", "letmein-4711", "content", "roost.db"],
                folder: folder.path
            )
            #expect(await grep.finished().code == 1)
        }
    }

    @Test("a secure file reaches the job that names it and nobody else, and is sealed where it is kept")
    func secureFile() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": """
            steps:
            - task: DownloadSecureFile@1
              name: f
              inputs: { secureFile: key.pem }
            - script: cat "$(f.secureFilePath)"
            """,
            "plain.yml": "steps:\n- script: echo nothing",
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let refusal = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(refusal?.description.contains("'key.pem' could not be found") == true)
            let content = "-----BEGIN KEY----- \(UUID())\n"
            try cluster.folder.write(content, to: "key.pem")
            let added = try await roost(cluster, "secure-file", "add", "key.pem")
            #expect(added.code == 0, "\(added.output)")
            try FileManager.default.removeItem(atPath: "\(cluster.folder.path)/key.pem")
            let project = try #require(cluster.plane.projects().first?.name)
            let file = try #require(try await cluster.client.secureFiles(project: project).first)
            let id = try #require(file.id).uuidString.lowercased()
            // Even an administrator does not get it back.
            await #expect(throws: ClientError.self) {
                try await cluster.client.downloadSecureFile(
                    project: project,
                    id: id,
                    ticket: "x",
                    to: "\(cluster.folder.path)/back"
                )
            }
            try await cluster.withRealAgent {
                let run = try await cluster.queue(pipeline)
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeeded), "\(output)")
                #expect(output.contains(String(content.dropLast())), "\(output)")
            }
            let grep = try ChildProgram(
                executable: "/usr/bin/env",
                ["grep", "-rlF", "-e", String(content.dropLast()), "content", "roost.db"],
                folder: cluster.folder.path
            )
            #expect(await grep.finished().code == 1)
            try await cluster.plane.keepContent(grace: .zero)
            let gone = try await roost(cluster, "secure-file", "delete", "key.pem")
            #expect(gone.code == 0)
            #expect(try await cluster.client.secureFiles(project: project).isEmpty)
        }
    }
}
