import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("Installed tasks in pipelines")
struct InstalledTaskTests {
    private func manifest(_ version: String, name: String = "Greeter", digit: Int = 1) throws -> TaskManifest {
        let parts = version.split(separator: ".")
        let text = """
            {
              "id": "0f2a3c1e-8a65-4a0b-9c1f-3f8d2d7c9e1\(digit)", "name": "\(name)",
              "version": { "Major": \(parts[0]), "Minor": \(parts[1]), "Patch": \(parts[2]) },
              "demands": ["java"], "minimumAgentVersion": "2.144.0", "instanceNameFormat": "Greet $(who) as $(kind)",
              "inputs": [
                { "name": "who", "aliases": ["person"], "type": "string", "required": true },
                { "name": "kind", "type": "pickList", "defaultValue": "plain" },
                { "name": "style", "type": "string", "required": true, "visibleRule": "kind == fancy && who != nobody" }
              ],
              "execution": { "Node16": { "target": "a.js" } }
            }
            """
        return try #require(TaskManifestReader.read(Array(text.utf8)).manifest)
    }

    private func compile(_ text: String, _ items: [InstalledTasks.Item]) -> CompiledPipeline {
        PipelineCompiler(loader: MemoryTemplateLoader()).compile(
            path: "azure-pipelines.yml",
            text: text,
            request: CompileRequest(tasks: InstalledTasks(items))
        )
    }

    @Test("a step is pinned to the newest version of its major version, by name, id, full name or exact version")
    func pinned() throws {
        let all = try ["1.2.3", "1.10.0", "2.0.0"].map {
            InstalledTasks.Item(try manifest($0), contribution: "maker.pack.greet.Greeter")
        }
        let id = all[0].manifest.id
        for (reference, version) in [
            ("Greeter@1", "1.10.0"), ("greeter@2", "2.0.0"), ("\(id)@1", "1.10.0"),
            ("maker.pack.greet.greeter@1", "1.10.0"),
            ("Greeter@1.2.3", "1.2.3"),
        ] {
            let compiled = compile("steps:\n- task: \(reference)\n  inputs: { person: Ann }", all)
            #expect(compiled.diagnostics.isEmpty && compiled.limitations.isEmpty, "\(compiled.limitations)")
            let job = try #require(compiled.plan?.stages.first?.jobs.first)
            #expect(job.steps.last?.task == TaskReference(id: id, name: "Greeter", version: version))
            #expect(job.steps.last?.displayName == "Greet Ann as plain")
            #expect(job.pool?.demands.map(\.text) == ["java", "Agent.Version -gtVersion 2.144.0"])
        }
    }

    @Test("a built-in task wins over an installed one of its name, and versions nobody has are refused")
    func builtIn() throws {
        let items = [
            InstalledTasks.Item(try manifest("3.0.0", name: "Bash")),
            InstalledTasks.Item(try manifest("1.0.0", digit: 2)),
        ]
        let own = compile("steps:\n- task: Bash@3\n  inputs: { targetType: inline, script: x }", items)
        #expect(own.plan?.stages[0].jobs[0].steps.last?.task == .bash)
        let old = compile("steps:\n- task: Greeter@7", items)
        #expect(old.limitations.map(\.advice) == ["Installed is 'Greeter@1'."])
        let near = compile("steps:\n- task: Greter@1", items)
        #expect(near.limitations.map(\.advice) == ["Did you mean 'Greeter'?"])
    }

    @Test("inputs are checked by task.json, with aliases and the rules of when they count")
    func inputs() throws {
        let items = [InstalledTasks.Item(try manifest("1.0.0"))]
        func codes(_ inputs: String) -> [String] {
            compile("steps:\n- task: Greeter@1\n  inputs: { \(inputs) }", items).diagnostics.map(\.summary)
        }
        #expect(codes("who: Ann").isEmpty)
        #expect(codes("kind: plain") == ["Input required: who"])
        #expect(codes("who: Ann, kind: fancy") == ["Input required: style"])
        #expect(codes("who: nobody, kind: fancy").isEmpty)
        #expect(codes("who: Ann, kind: $(kind)").isEmpty)
        #expect(codes("who: Ann, stile: x, kind: fancy") == ["Unexpected input 'stile'"])
    }
}
