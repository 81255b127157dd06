import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// `roost lint` and `roost expand` as programs, in folders made for them.
@Suite("Commands of the language", .timeLimit(.minutes(6)))
struct LanguageCommandTests {
    private static let files = [
        "azure-pipelines.yml": """
        trigger: none
        parameters:
        - name: environment
          type: string
          values: [test, production]
        resources:
          repositories:
          - repository: shared
            type: git
            name: team/shared
        steps:
        - template: ci/steps.yml
          parameters: { text: "to ${{ parameters.environment }}" }
        """,
        "ci/steps.yml": """
        parameters:
        - name: text
          type: string
        steps:
        - script: |
            echo one
            echo ${{ parameters.text }}
          displayName: Say
        """,
        "docker-compose.yml": "services:\n  web: { image: x }\n",
    ]

    private func roost(_ folder: ScratchFolder, _ words: String...) async throws -> (code: Int32, output: String) {
        try await ChildProgram("roost", words, folder: folder.path).finished()
    }

    private func withFolder(
        _ files: [String: String],
        _ body: (ScratchFolder) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        for (name, text) in files { try folder.write(text + "\n", to: name) }
        try await body(folder)
    }

    @Test("lint finds the pipeline of a folder, takes its templates for what they are, and leaves other YAML alone")
    func clean() async throws {
        try await withFolder(Self.files) { folder in
            let (code, output) = try await roost(folder, "lint")
            #expect(output == "1 pipeline: no problems")
            #expect(code == 0)
        }
    }

    @Test("lint shows a problem of a template with its line, what to do, and the way that led to it")
    func problem() async throws {
        var files = Self.files
        files["ci/steps.yml"] = "steps:\n- scrpt: make\n"
        try await withFolder(files) { folder in
            let (code, output) = try await roost(folder, "lint", "azure-pipelines.yml")
            #expect(
                output == """
                    ci/steps.yml:2:3: error: Unexpected value 'scrpt'
                      2 | - scrpt: make
                        |   ^^^^^
                      advice: Did you mean 'script'?
                      note: azure-pipelines.yml:12:13: included from here

                    1 pipeline: 1 error
                    """
            )
            #expect(code == 1)
        }
    }

    @Test("what cannot run here is a warning, which --strict takes for an error and --no-warnings leaves out")
    func warnings() async throws {
        let yaml = "pool: { vmImage: windows-latest }\nsteps:\n- task: Nothing@1\n"
        try await withFolder(["a.yml": yaml]) { folder in
            let (code, output) = try await roost(folder, "lint")
            #expect(output.contains("a.yml:1:18: warning: The job Job asks for Windows, and agents run on Linux only"))
            #expect(
                output.contains(
                    "a.yml:3:9: warning: A task is missing. The pipeline references a task called 'Nothing@1'."
                )
            )
            #expect(output.hasSuffix("1 pipeline: 2 warnings"))
            #expect(code == 0)
            #expect(try await roost(folder, "lint", "--strict").code == 1)
            let quiet = try await roost(folder, "lint", "--strict", "--no-warnings")
            #expect(quiet.output == "1 pipeline: no problems")
            #expect(quiet.code == 0)
        }
    }

    @Test("a run that no agent here could carry out is refused when it is queued")
    func queueing() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": "pool: { vmImage: macos-15 }\nsteps:\n- task: Nothing@1\n"
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let failure = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(failure?.code == "pipeline.invalid")
            let lines = failure?.summary.split(separator: "\n").map(String.init) ?? []
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("azure-pipelines.yml:1:18: error: The job Job asks for macOS") == true)
        }
    }

    @Test("jobs for Windows and macOS are warnings of a run that has others, whatever tasks they use")
    func mixedSystems() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": """
            jobs:
            - { job: A, pool: { vmImage: windows-2022 }, steps: [ { task: MSBuild@1 } ] }
            - job: B
              strategy: { matrix: { l: { image: ubuntu-24.04 }, m: { image: macos-15 } } }
              pool: { vmImage: $(image) }
              steps: [ { script: make } ]
            """
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let run = try await cluster.queue(pipeline)
            let warnings = run.issues.filter { $0.kind == .warning }.map(\.message).joined(separator: "\n")
            #expect(warnings.contains("The job A asks for Windows, and agents run on Linux only"))
            #expect(warnings.contains("a task called 'MSBuild@1'"))
            #expect(warnings.contains("The leg m of the job B asks for macOS, and agents run on Linux only"))
            let jobs = try await cluster.plane.run(run.id).jobs
            let demands = Dictionary(uniqueKeysWithValues: jobs.map { ($0.leg ?? $0.name, $0.demands) })
            #expect(demands["A"] == [.equals("Agent.OS", value: "Windows_NT")])
            #expect(demands["m"] == [.equals("Agent.OS", value: "Darwin")])
            #expect(demands["l"] == [])
        }
    }

    @Test("an unknown task of a job that could run here is refused all the same")
    func unknownTask() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": """
            jobs:
            - { job: A, pool: { vmImage: windows-2022 }, steps: [ { task: MSBuild@1 } ] }
            - { job: B, steps: [ { task: MSBuild@1 } ] }
            """
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let failure = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(failure?.summary.hasPrefix("azure-pipelines.yml:3:30: error: A task is missing.") == true)
        }
    }

    @Test("a repository whose folder is not given is an error that names the flag, and none when it is given")
    func repositories() async throws {
        var files = Self.files
        files["azure-pipelines.yml"]? += "\n- template: /a.yml@shared"
        files["other/a.yml"] = "steps:\n- script: shared\n"
        try await withFolder(files) { folder in
            let (code, output) = try await roost(folder, "lint", "azure-pipelines.yml")
            #expect(code == 1)
            #expect(
                output.contains(
                    "azure-pipelines.yml:14:13: error: File /a.yml cannot be read from repository team/shared: no folder is given for it"
                )
            )
            #expect(output.contains("advice: Give the folder of a checkout of it: --repository shared=FOLDER."))
            let given = try await roost(folder, "lint", "azure-pipelines.yml", "--repository", "SHARED=other")
            #expect(given.output == "1 pipeline: no problems")
            let wrong = try await roost(folder, "lint", "--repository", "shared=nowhere")
            #expect(wrong.output.contains("there is no folder 'nowhere'"))
            #expect(wrong.code == 64)
        }
    }

    @Test("a template that no pipeline here uses is checked for its syntax")
    func unusedTemplates() async throws {
        var files = Self.files
        files["ci/unused.yml"] = "parameters: { a: b }\nsteps:\n- script: ${{ eq(parameters.a }}\n"
        try await withFolder(files) { folder in
            let (code, output) = try await roost(folder, "lint")
            #expect(output.contains("ci/unused.yml:3:30: error: Unexpected end of expression."))
            #expect(output.hasSuffix("1 pipeline, 1 unused template: 1 error"))
            #expect(code == 1)
        }
    }

    @Test("lint prints JSON and SARIF that programs can read")
    func formats() async throws {
        try await withFolder(["a.yml": "stages:\n- stage: A\n  dependsOn: B\n  jobs: []\n"]) { folder in
            let json = try await object(roost(folder, "lint", "--output", "json"))
            #expect(json["errors"] as? Int == 2)
            let found = try #require(json["diagnostics"] as? [[String: Any]])
            #expect(found.map { $0["code"] as? String } == ["pipeline.no-jobs", "pipeline.unknown-dependency"])
            let place = try #require(found[1]["place"] as? [String: Any])
            #expect(place["file"] as? String == "a.yml")
            #expect([place["line"], place["column"], place["endColumn"]].map { $0 as? Int } == [3, 14, 15])
            let pipelines = try #require(json["pipelines"] as? [[String: Any]])
            #expect(pipelines.map { $0["path"] as? String } == ["a.yml"])

            let sarif = try await object(roost(folder, "lint", "--output", "sarif"))
            #expect(sarif["version"] as? String == "2.1.0")
            let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
            let results = try #require(run["results"] as? [[String: Any]])
            #expect(results.map { $0["ruleId"] as? String } == ["pipeline.no-jobs", "pipeline.unknown-dependency"])
            #expect(results.allSatisfy { $0["level"] as? String == "error" })
            let physical = (results[1]["locations"] as? [[String: Any]])?[0]["physicalLocation"] as? [String: Any]
            #expect((physical?["artifactLocation"] as? [String: Any])?["uri"] as? String == "a.yml")
            #expect((physical?["region"] as? [String: Any])?["startLine"] as? Int == 3)
        }
    }

    private func object(_ result: (code: Int32, output: String)) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test("a path that does not exist and a folder without pipelines are wrong usage")
    func usage() async throws {
        try await withFolder(["x.yml": "a: b"]) { folder in
            let missing = try await roost(folder, "lint", "nothing.yml")
            #expect(missing.output.contains("There is no file or folder 'nothing.yml'."))
            #expect(missing.code == 64)
            let empty = try await roost(folder, "lint")
            #expect(empty.output.contains("There is no pipeline in '.'."))
            #expect(empty.code == 64)
            #expect(try await roost(folder, "lint", "--max-files", "0").code == 64)
        }
    }

    @Test("Ctrl-C ends them as shells know it, without a word", arguments: ["lint", "expand"])
    func interrupted(_ command: String) async throws {
        // More than any machine expands before the signal comes.
        let numbers = (1...400).map(String.init).joined(separator: ",")
        let yaml = """
            parameters:
            - { name: many, type: object, default: [\(numbers)] }
            steps:
            - ${{ each a in parameters.many }}:
              - ${{ each b in parameters.many }}:
                - ${{ each c in parameters.many }}:
                  - ${{ if eq(a, 'no') }}:
                    - script: echo ${{ a }} ${{ b }} ${{ c }}
            """
        try await withFolder(["a.yml": yaml]) { folder in
            // Whoever runs the tests in the background may have Ctrl-C ignored.
            let program = try ChildProgram(
                executable: "/usr/bin/env",
                ["--default-signal=INT", "\(ChildProgram.buildFolder)/roost", command, "a.yml"],
                folder: folder.path
            )
            program.send(SIGINT)
            let (signal, output) = await program.finished()
            #expect(signal == SIGINT)
            #expect(output == "")
        }
    }

    @Test("limits can be lowered, and say which flag raises them again")
    func limits() async throws {
        try await withFolder(Self.files) { folder in
            let (code, output) = try await roost(folder, "lint", "--max-files", "1")
            #expect(
                output.contains("azure-pipelines.yml:12:13: error: Maximum file count exceeded: a run may use 1 file")
            )
            #expect(code == 1)
            let short = try await roost(folder, "lint", "--max-expression-length", "5")
            #expect(short.output.contains("Exceeded max expression length 5."))
        }
    }

    @Test("expand prints the pipeline without templates and expressions")
    func expand() async throws {
        try await withFolder(Self.files) { folder in
            let (code, output) = try await roost(folder, "expand", "--parameters", "environment=test")
            #expect(
                output == """
                    trigger: none
                    resources:
                      repositories:
                      - repository: shared
                        type: git
                        name: team/shared
                    steps:
                    - script: |
                        echo one
                        echo to test
                      displayName: Say
                    """
            )
            #expect(code == 0)
            let refused = try await roost(folder, "expand", "--parameters", "environment=moon")
            #expect(refused.output.contains("The 'environment' parameter value 'moon' is not an allowed value."))
            #expect(refused.code == 1)
        }
    }

    @Test("expand shows for each line which file and line it came from")
    func origins() async throws {
        try await withFolder(Self.files) { folder in
            let words = ["expand", "--show-origin", "-p", "environment=test"]
            let (_, output) = try await ChildProgram("roost", words, folder: folder.path).finished()
            #expect(
                output == """
                    azure-pipelines.yml:1  │ trigger: none
                    azure-pipelines.yml:6  │ resources:
                    azure-pipelines.yml:7  │   repositories:
                    azure-pipelines.yml:8  │   - repository: shared
                    azure-pipelines.yml:9  │     type: git
                    azure-pipelines.yml:10 │     name: team/shared
                    azure-pipelines.yml:11 │ steps:
                    ci/steps.yml:5         │ - script: |
                    ci/steps.yml:6         │     echo one
                    ci/steps.yml:7         │     echo to test
                    ci/steps.yml:8         │   displayName: Say
                    """
            )
            let json = try await object(
                roost(folder, "expand", "--show-origin", "-o", "json", "-p", "environment=test")
            )
            let lines = try #require(json["lines"] as? [[String: Any]])
            #expect(lines.count == 11)
            #expect(lines[7]["file"] as? String == "ci/steps.yml")
            #expect(lines[7]["includedFrom"] as? [String] == ["azure-pipelines.yml:12:13"])
            #expect((json["yaml"] as? String)?.contains("echo to test") == true)
        }
    }
}
