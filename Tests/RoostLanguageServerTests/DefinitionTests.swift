import Testing

@testable import RoostLanguageServer

@Suite("Definitions and symbols")
struct DefinitionTests {
    @Test("a template leads to its file, a parameter to its declaration")
    func templates() {
        let files = ["ci/t.yml": "parameters:\n- name: a\nsteps: []\n"]
        #expect(Editor("steps:\n- template: ci/t‸.yml", files: files).definitions == ["t.yml:1"])
        let argument = "steps:\n- template: ci/t.yml\n  parameters:\n    ‸a: 1"
        #expect(Editor(argument, files: files).definitions == ["t.yml:2"])
        #expect(
            Editor("parameters:\n- name: a\nsteps:\n- script: ${{ parameters.‸a }}").definitions
                == ["azure-pipelines.yml:2"]
        )
    }

    @Test("a variable leads to each place that sets it, those of templates and of roots too")
    func variables() {
        let files = [
            "vars.yml": "variables:\n  a: 1\n",
            "root.yml": "variables:\n- name: fromRoot\n  value: 1\nsteps:\n- template: steps.yml\n",
        ]
        let text = "variables:\n- template: vars.yml\n- name: a\n  value: 2\nsteps:\n- script: echo $(‸a)"
        #expect(Editor(text, files: files).definitions == ["azure-pipelines.yml:3", "vars.yml:2"])
        let template = Editor("steps:\n- script: echo $(from‸Root)", path: "steps.yml", files: files)
        #expect(template.definitions == ["root.yml:2"])
        #expect(
            Editor("steps:\n- script: a\n  name: s\n- script: echo $(s.o‸ut)").definitions == ["azure-pipelines.yml:3"]
        )
    }

    @Test("names in dependsOn and in dependencies lead to stages and jobs")
    func dependencies() {
        let text = "jobs:\n- job: A\n- job: B\n  dependsOn: ‸A\n"
        #expect(Editor(text).definitions == ["azure-pipelines.yml:2"])
        let expression =
            "stages:\n- stage: S\n  jobs:\n  - job: J\n- stage: T\n  condition: eq(dependencies.‸S.result, 'x')\n  jobs: []"
        #expect(Editor(expression).definitions == ["azure-pipelines.yml:2"])
        let job =
            "stages:\n- stage: S\n  jobs:\n  - job: J\n- stage: T\n  jobs:\n  - job: J\n    condition: eq(stageDependencies.S.‸J.result, 'x')"
        #expect(Editor(job).definitions == ["azure-pipelines.yml:4"])
    }

    @Test("an alias leads to its repository")
    func repositories() {
        let head = "resources:\n  repositories:\n  - repository: tools\nsteps:\n"
        #expect(Editor("\(head)- checkout: to‸ols").definitions == ["azure-pipelines.yml:3"])
        #expect(Editor("\(head)- template: a.yml@to‸ols").definitions == ["azure-pipelines.yml:3"])
    }

    @Test("symbols are the tree of stages, jobs and steps")
    func symbols() throws {
        let text = """
            parameters:
            - name: quick
              type: boolean
              default: false
            stages:
            - stage: Build
              displayName: Build it
              jobs:
              - job: Compile
                steps:
                - script: |
                    make all
                    make check
                - ${{ if parameters.quick }}:
                  - task: Bash@3
                    displayName: Quickly
            - stage: Deploy
              jobs:
              - deployment: Put
                strategy:
                  runOnce:
                    deploy:
                      steps:
                      - download: current
            """
        let file = EditorSnapshot.File(path: "/a.yml", lines: TextLines(text))
        let lines = DocumentSymbols(file).symbols.flatMap { Self.lines($0, "") }
        #expect(
            lines == [
                "quick (boolean, default false)", "Build (Build it)", "  Compile", "    script: make all",
                "    Quickly (task)", "Deploy", "  Put", "    download: current",
            ]
        )
    }

    private static func lines(_ symbol: DocumentSymbols.Symbol, _ indentation: String) -> [String] {
        let own = indentation + symbol.name + (symbol.detail.map { " (\($0))" } ?? "")
        return [own] + symbol.children.flatMap { lines($0, indentation + "  ") }
    }
}
