import Testing

@testable import RoostLanguageServer

@Suite("Diagnostics in an editor")
struct DiagnosticTests {
    @Test("problems come with their places in UTF-16, and go when they are repaired")
    func comingAndGoing() async {
        let client = Client()
        await client.start()
        await client.open("/site/a.yml", "steps:\n- script: 😀\n  displayNam: x\n")
        #expect(await client.problems("/site/a.yml") == ["3:3 1 Unexpected value 'displayNam'"])
        let broken = "steps:\n- script: 😀 # {\n- task: UsePythonVersion@0\n  'inputs': {a: [1]}\n"
        await client.change("/site/a.yml", broken)
        #expect(await client.problems("/site/a.yml") == ["4:17 1 A sequence was not expected"])
        await client.change("/site/a.yml", "steps:\n- script: a\n")
        #expect(await client.problems("/site/a.yml") == [])
    }

    @Test("problems of templates are shown in their files, with the way that led there, and go with the last root")
    func templates() async throws {
        let client = Client(["/site/t.yml": "steps:\n- script: a\n  nam: b\n"])
        await client.start()
        await client.open("/site/root.yml", "steps:\n- template: t.yml\n")
        #expect(await client.problems("/site/root.yml") == [])
        #expect(await client.problems("/site/t.yml") == ["3:3 1 Unexpected value 'nam'"])
        let related = try #require(client.diagnostics("/site/t.yml")?[0]["relatedInformation"]?.array)
        #expect(related[0]["location"]?["uri"]?.string == "file:///site/root.yml")
        #expect(related[0]["message"]?.string == "included from here")
        await client.tell("textDocument/didClose", ["textDocument": ["uri": "file:///site/root.yml"]])
        #expect(await client.problems("/site/t.yml") == [])
    }

    @Test("open documents count, not what is on disk")
    func overlays() async {
        let client = Client(["/site/t.yml": "steps: []\n", "/site/root.yml": "steps:\n- template: t.yml\n"])
        await client.start()
        await client.open("/site/t.yml", "jobs: []\n")
        #expect(await client.problems("/site/t.yml") == ["1:1 1 Unexpected value 'jobs'"])
    }

    @Test("a template without problems hears of that when it is opened, also after its root was")
    func openedLater() async {
        let client = Client(["/site/t.yml": "steps:\n- script: a\n"])
        await client.start()
        await client.open("/site/root.yml", "steps:\n- template: t.yml\n")
        #expect(await client.problems("/site/t.yml") == nil)
        await client.open("/site/t.yml", "steps:\n- script: a\n")
        #expect(await client.problems("/site/t.yml") == [])
    }

    @Test("a template is judged as its roots use it, and by itself when nothing does")
    func contexts() async {
        let template = "parameters:\n- name: n\n  type: number\nsteps:\n- script: echo ${{ parameters.n }}\n"
        let files = [
            "/site/t.yml": template, "/site/root.yml": "steps:\n- template: t.yml\n  parameters:\n    n: many\n",
        ]
        let client = Client(files)
        await client.start()
        await client.open("/site/t.yml", template)
        #expect(await client.problems("/site/t.yml") == [])
        #expect(await client.problems("/site/root.yml")?.count == 1)
        let alone = Client()
        await alone.start()
        await alone.open("/site/t.yml", template)
        #expect(await alone.problems("/site/t.yml") == [])
        await alone.open("/site/v.yml", "parameters:\n  n: 1\nvariables:\n- name: a\n  valu: b\n")
        #expect(await alone.problems("/site/v.yml") == ["5:3 1 Unexpected value 'valu'"])
        await alone.open("/site/old.yml", "parameters:\n  n: 1\nsteps:\n- script: ${{ parameters.n }}\n")
        #expect(await alone.problems("/site/old.yml") == [])
    }

    @Test("a second definition names the first, and names of other repositories are no errors")
    func related() async throws {
        let client = Client()
        await client.start()
        await client.open("/site/a.yml", "pool: a\npool: b\nsteps: []\n")
        _ = await client.problems("/site/a.yml")
        let first = try #require(client.diagnostics("/site/a.yml")?[0]["relatedInformation"]?.array?.first)
        #expect(first["location"]?["range"]?["start"]?["line"]?.int == 0)
        let other =
            "resources:\n  repositories:\n  - repository: tools\n    type: git\n    name: tools\nsteps:\n- template: a.yml@tools\n"
        await client.open("/site/b.yml", other)
        #expect(await client.problems("/site/b.yml")?.first?.hasPrefix("7:13 3 File /a.yml cannot be read") == true)
    }

    @Test("folders stand for repositories, and their files are read and judged")
    func repositories() async {
        let files = ["/tools/a.yml": "steps:\n- scrip: a\n"]
        let client = Client(files, repositories: ["tools": "/tools"])
        await client.start()
        let text =
            "resources:\n  repositories:\n  - repository: tools\n    type: git\n    name: tools\nsteps:\n- template: a.yml@tools\n"
        await client.open("/site/b.yml", text)
        #expect(await client.problems("/tools/a.yml") == ["2:3 1 Unexpected value 'scrip'"])
    }

    @Test("a near name is offered as a change")
    func quickFix() async throws {
        let client = Client()
        await client.start()
        await client.open("/site/a.yml", "steps:\n- script: a\n  displayNam: x\n")
        _ = await client.problems("/site/a.yml")
        let range: JSONValue = ["start": ["line": 2, "character": 5], "end": ["line": 2, "character": 5]]
        let request: JSONValue = [
            "textDocument": ["uri": "file:///site/a.yml"], "range": range, "context": ["diagnostics": []],
        ]
        let actions = try await client.ask("textDocument/codeAction", request).get().array ?? []
        #expect(actions.count == 1 && actions[0]["title"]?.string == "Change to 'displayName'")
        let edit = actions[0]["edit"]?["changes"]?["file:///site/a.yml"]?.array?.first
        #expect(edit?["newText"]?.string == "displayName")
        #expect(edit?["range"]?["start"]?["character"]?.int == 2 && edit?["range"]?["end"]?["character"]?.int == 12)
    }

    @Test("several folders each have their own root for absolute paths")
    func folders() async {
        let client = Client(["/one/t.yml": "steps:\n- script: a\n", "/two/x.yml": "steps: []\n"])
        await client.start(folders: ["/one", "/two"])
        await client.open("/one/a.yml", "steps:\n- template: /t.yml\n")
        await client.open("/two/a.yml", "steps:\n- template: /t.yml\n")
        #expect(await client.problems("/one/a.yml") == [])
        #expect(await client.problems("/two/a.yml")?.first?.contains("not found") == true)
    }

    @Test("YAML of other programs is left alone, unless the client says it is a pipeline")
    func otherFiles() async {
        let client = Client()
        await client.start()
        let text = "services:\n  web:\n    image: a\n"
        await client.open("/site/compose.yml", text)
        #expect(await client.problems("/site/compose.yml") == [])
        await client.open("/site/ci-pipeline.yml", text)
        #expect(await client.problems("/site/ci-pipeline.yml")?.isEmpty == false)
    }

    @Test("edits that follow each other are compiled once, as the last left the text")
    func debouncing() async {
        let gate = Gate()
        let client = Client(rest: { _ in await gate.wait() })
        await client.start()
        await client.open("/site/azure-pipelines.yml", "steps: [\n")
        for count in 1...50 {
            await client.change(
                "/site/azure-pipelines.yml",
                "steps:\n" + String(repeating: "- scrip: a\n", count: count)
            )
        }
        gate.open()
        #expect(await client.problems("/site/azure-pipelines.yml")?.count == 50)
        let told = client.told.filter { reply in
            if case .notification("textDocument/publishDiagnostics", _) = reply { true } else { false }
        }
        #expect(told.count == 1)
    }
}
