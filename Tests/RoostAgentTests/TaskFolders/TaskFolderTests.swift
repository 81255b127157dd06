import Foundation
import RoostLanguage
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tasks of folders")
struct TaskFolderTests {
    private static let connection = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

    /// A bench whose `node` runs scripts of the shell: what a handler is given is seen without Node.js.
    private func withNode(
        _ version: String = "20.11.1",
        _ body: (inout JobBench) async throws -> Void
    ) async throws {
        try await JobBench.with { bench in
            let node = try ScratchTask.fakeNode(bench.folder, version: version)
            bench.agentEnvironment["PATH"] = "\(node):/usr/local/bin:/usr/bin:/bin"
            try await body(&bench)
        }
    }

    @Test("the three parts run in their order, share task variables, and the outputs reach later steps")
    func parts() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "inputs": [{ "name": "who", "aliases": ["person"], "type": "string", "defaultValue": "world" }],
                    "prejobexecution": { "Node16": { "target": "pre.js" } },
                    "execution": { "Node20_1": { "target": "main.js" } },
                    "postjobexecution": { "Node10": { "target": "post.js" } }
                    """,
                files: [
                    "pre.js": "echo \"pre $INPUT_WHO\"; echo '##vso[task.settaskvariable variable=a]1'",
                    "main.js":
                        "echo \"main $VSTS_TASKVARIABLE_A\"; echo '##vso[task.settaskvariable variable=b]2'; echo '##vso[task.setvariable variable=said;isoutput=true]hi'",
                    "post.js": "echo \"post $VSTS_TASKVARIABLE_A$VSTS_TASKVARIABLE_B\"",
                ]
            )
            bench.host = try task.host()
            let before = bench.script("echo first")
            let step = bench.add(task.reference, ["person": "Ann"], name: "greet")
            let after = bench.script("echo \"got $(greet.said)\"")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(outcome.outputs["greet.said"] == OutputVariable(value: "hi"))
            #expect(bench.lines(JobRecords.preRecord(of: step)).contains("pre Ann"))
            #expect(bench.lines(step).contains("main 1"))
            #expect(bench.lines(after).contains("got hi"))
            #expect(bench.lines(JobRecords.postRecord(of: step)).contains("post 12"))
            let records = bench.reporter.kept.value.records
            let order = [JobRecords.preRecord(of: step), before, step, after, JobRecords.postRecord(of: step)]
                .map { records[$0]?.order ?? 0 }
            #expect(order == [2, 3, 4, 5, 6])
            let starts = [JobRecords.preRecord(of: step), before].compactMap { records[$0]?.startTime }
            #expect(starts.count == 2 && starts[0] <= starts[1])
        }
    }

    @Test("a task that says it is done need not end its process, and its next try has one of its own")
    func doneTask() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "execution": { "Node20_1": { "target": "main.js" } }
                    """,
                files: [
                    "main.js": """
                    if [ -e "$AGENT_TEMPDIRECTORY/../tried" ]; then result=SucceededWithIssues; else result=Failed; fi
                    touch "$AGENT_TEMPDIRECTORY/../tried"
                    echo "##vso[task.complete result=$result;done=true]$result"
                    exec tail -f /dev/null
                    """
                ]
            )
            bench.host = try task.host()
            bench.clock = InstantClock()
            let step = bench.add(task.reference, [:], retries: 1)
            let outcome = try await bench.run()
            #expect(outcome.result == .succeededWithIssues)
            let lines = bench.lines(step)
            #expect(lines.contains { $0.contains("try 2 of 2 begins") }, "\(lines)")
            #expect(!lines.contains { $0.contains("was ended by signal") }, "\(lines)")
        }
    }

    @Test("a handler is told everything by the names of the task library")
    func contract() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "inputs": [
                      { "name": "file", "type": "filePath" }, { "name": "none", "type": "filePath" },
                      { "name": "my input", "type": "string" }, { "name": "conn", "type": "connectedService:Generic" },
                      { "name": "key", "type": "secureFile" }
                    ],
                    "execution": { "Node20_1": { "target": "main.js" } }
                    """,
                files: ["main.js": "env | grep -E '^(INPUT|ENDPOINT|SECUREFILE|SECRET|VSTS_|AGENT_)' | sort"]
            )
            bench.host = try task.host()
            bench.variables["Plain.Name"] = OutputVariable(value: "shown")
            bench.variables["my.token"] = OutputVariable(value: "hush-hush-1", isSecret: true)
            bench.endpoints = [
                JobEndpoint(
                    id: Self.connection,
                    name: "registry",
                    url: "https://registry.example/",
                    scheme: "UsernamePassword",
                    parameters: ["username": "bot", "password": "swordfish-7"],
                    data: ["release": "4"]
                ),
                JobEndpoint(id: UUID().uuidString, name: "other", url: "https://other.example/", scheme: "None"),
            ]
            bench.secureFiles = [JobSecureFile(id: UUID().uuidString, name: "key.pem", ticket: "ticket-of-key")]
            let inputs = ["file": "a/b.txt", "my input": "x ", "conn": "Registry", "key": "key.pem"]
            let step = bench.add(task.reference, inputs)
            #expect(try await bench.run().result == .succeeded)
            let lines = Set(bench.lines(step))
            let sources = "\(bench.settings.folders.work)/1/s"
            let id = Self.connection
            let file = bench.secureFiles[0].id
            for line in [
                "INPUT_FILE=\(sources)/a/b.txt", "INPUT_NONE=\(sources)", "INPUT_MY_INPUT=x", "INPUT_CONN=\(id)",
                "INPUT_KEY=\(file)", "SECUREFILE_NAME_\(file)=key.pem", "SECUREFILE_TICKET_\(file)=***",
                "ENDPOINT_URL_\(id)=https://registry.example/", "ENDPOINT_AUTH_SCHEME_\(id)=UsernamePassword",
                "ENDPOINT_AUTH_\(id)={\"parameters\":{\"password\":\"***\",\"username\":\"bot\"},\"scheme\":\"UsernamePassword\"}",
                "ENDPOINT_AUTH_PARAMETER_\(id)_PASSWORD=***", "ENDPOINT_DATA_\(id)_RELEASE=4",
                "ENDPOINT_DATA_\(id)={\"release\":\"4\"}", "SECRET_MY_TOKEN=***",
                "AGENT_TEMPDIRECTORY=\(bench.settings.folders.temp)", "VSTS_SECRET_VARIABLES=[\"my.token\"]",
            ] {
                #expect(lines.contains(line), "\(line)")
            }
            #expect(lines.contains { $0.hasPrefix("VSTS_PUBLIC_VARIABLES=[") && $0.contains("\"Plain.Name\"") })
            #expect(!lines.contains { $0.contains("other.example") })
            #expect(!lines.contains { $0.contains("hush") || $0.contains("swordfish") })
        }
    }

    @Test("a connection that a step changes is changed for the steps that follow")
    func setEndpoint() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "inputs": [{ "name": "conn", "type": "connectedService:Generic" }],
                    "execution": { "Node10": { "target": "main.js" } }
                    """,
                files: ["main.js": "env | grep ^ENDPOINT_ | sort"]
            )
            bench.host = try task.host()
            bench.endpoints = [JobEndpoint(id: Self.connection, name: "c", url: "https://a.example/", scheme: "Token")]
            let id = Self.connection
            let change = bench.script(
                """
                echo '##vso[task.setendpoint id=\(id);field=url]https://b.example/'
                echo '##vso[task.setendpoint id=\(id);field=authParameter;key=apitoken]letmein-42'
                echo '##vso[task.setendpoint id=\(id);field=dataParameter;key=size]9'
                echo 'token letmein-42'
                """
            )
            let step = bench.add(task.reference, ["conn": id])
            let wrong = bench.script("echo '##vso[task.setendpoint id=\(UUID());field=url]https://x.example/'")
            #expect(try await bench.run().result == .failed)
            #expect(bench.result(wrong) == "failed")
            #expect(bench.lines(change).contains("token ***"))
            let lines = bench.lines(step)
            #expect(lines.contains("ENDPOINT_URL_\(id)=https://b.example/"))
            #expect(lines.contains("ENDPOINT_AUTH_PARAMETER_\(id)_APITOKEN=***"))
            #expect(lines.contains("ENDPOINT_DATA_\(id)_SIZE=9"))
        }
    }

    @Test("restrictions of a task hold for its commands")
    func restrictions() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "execution": { "Node10": { "target": "main.js" } },
                    "restrictions": { "commands": { "mode": "restricted" }, "settableVariables": { "allowed": ["good"] } }
                    """,
                files: [
                    "main.js":
                        "echo '##vso[task.setvariable variable=good]1'; echo '##vso[task.setvariable variable=bad]1'; echo '##vso[build.addbuildtag]x'"
                ]
            )
            bench.host = try task.host()
            let step = bench.add(task.reference, [:])
            #expect(try await bench.run().result == .failed)
            let messages = bench.issues(step).compactMap(\.message)
            #expect(messages.count == 2)
            #expect(messages.contains { $0.contains("'bad' is not among the settable variables") })
            #expect(messages.contains { $0.contains("restricted commands only") })
        }
    }

    @Test(
        "the newest handler that the Node.js of the machine can run is taken",
        arguments: [("20.11.1", "new"), ("16.20.0", "old"), ("8.0.0", "oldest")]
    )
    func handlers(_ version: String, _ said: String) async throws {
        try await withNode(version) { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "execution": {
                      "Node": { "target": "oldest.js" }, "Node20_1": { "target": "new.js" }, "Node10": { "target": "old.js" },
                      "PowerShell3": { "target": "x.ps1" }
                    }
                    """,
                files: ["new.js": "echo new", "old.js": "echo old", "oldest.js": "echo oldest"]
            )
            bench.host = try task.host()
            let step = bench.add(task.reference, [:])
            #expect(try await bench.run().result == .succeeded)
            #expect(bench.lines(step).contains(said))
        }
    }

    @Test("a task without a handler for Linux, and one that needs a newer Node.js, say so and name what would help")
    func noHandler() async throws {
        try await withNode("16.20.0") { bench in
            let foreign = try ScratchTask(
                bench.folder,
                members: #""execution": { "PowerShell3": { "target": "x.ps1" } }"#,
                files: ["x.ps1": ""]
            )
            bench.host = try foreign.host()
            let step = bench.add(foreign.reference, [:])
            #expect(try await bench.run().result == .failed)
            let message = bench.issues(step).first?.message ?? ""
            #expect(message.contains("only PowerShell3"))
        }
        try await withNode("16.20.0") { bench in
            let new = try ScratchTask(
                bench.folder,
                members: #""execution": { "Node20_1": { "target": "x.js" } }"#,
                files: ["x.js": ""]
            )
            bench.host = try new.host()
            let step = bench.add(new.reference, [:])
            #expect(try await bench.run().result == .failed)
            let message = bench.issues(step).first?.message ?? ""
            #expect(message.contains("needs Node.js 20 or newer") && message.contains("is 16"))
        }
    }

    @Test("a program of the task runs with its arguments, and gets no secrets")
    func program() async throws {
        try await withNode { bench in
            let task = try ScratchTask(
                bench.folder,
                members: """
                    "inputs": [{ "name": "text", "type": "string", "defaultValue": "two words" }],
                    "execution": { "Process": { "target": "run.sh", "argumentFormat": "-x \\"$(text)\\" \\"\\"" } }
                    """,
                files: ["run.sh": "#!/bin/sh\necho \"$# $1|$2|$3\"; env | grep -c SECRET_; exit 3\n"]
            )
            bench.host = try task.host()
            bench.variables["token"] = OutputVariable(value: "hush-hush-1", isSecret: true)
            let step = bench.add(task.reference, [:])
            #expect(try await bench.run().result == .failed)
            #expect(bench.lines(step).contains("3 -x|two words|"))
            #expect(bench.lines(step).contains("0"))
            #expect(bench.issues(step).first?.message?.contains("exited with code '3'") == true)
        }
    }
}
