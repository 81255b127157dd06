import Testing

@testable import RoostLanguageServer

@Suite("Hover")
struct HoverTests {
    @Test("keys say what they hold and mean")
    func keys() {
        #expect(Editor("lock‸Behavior: runLatest").hover?.contains("sequential | runLatest") == true)
        #expect(Editor("steps:\n- che‸ckout: self").hover?.contains("Fetches a repository") == true)
        #expect(Editor("steps:\n- script: a\n  retryCountOnTask‸Failure: 1").hover?.contains("10 times") == true)
    }

    @Test("tasks and their inputs are explained")
    func tasks() {
        let task = Editor("steps:\n- task: Copy‸Files@2").hover
        #expect(task?.contains("patterns") == true && task?.contains("`TargetFolder` (required)") == true)
        let input = Editor("steps:\n- task: PublishTestResults@2\n  inputs:\n    test‸Runner: JUnit").hover
        #expect(input?.contains("testResultsFormat") == true && input?.contains("CTest") == true)
        #expect(Editor("steps:\n- task: Other‸@1").hover?.contains("not among the tasks") == true)
    }

    @Test("functions show their signature, contexts and directives their meaning")
    func expressions() {
        #expect(
            Editor("steps:\n- ${{ if starts‸With('a', 'b') }}:\n  - script: a").hover?.contains(
                "startsWith(text, part)"
            ) == true
        )
        #expect(Editor("steps:\n- ${{ i‸f true }}:\n  - script: a").hover?.contains("keeps what is below") == true)
        #expect(
            Editor("steps:\n- script: a\n  condition: eq(vari‸ables['a'], 1)").hover?.contains("Variables by name")
                == true
        )
    }

    @Test("variables say where they are set, and to what")
    func variables() {
        let text = """
            variables:
              flavour: debug
            steps:
            - script: |
                echo "##vso[task.setvariable variable=flavour]release"
            - script: make $(flav‸our)
            """
        #expect(
            Editor(text).hover == "**flavour**\n\n- line 2: `debug`\n- set while the run goes on in line 5"
        )
        #expect(Editor("steps:\n- script: echo $(Build.Build‸Id)").hover?.contains("The id of the run") == true)
        #expect(Editor("steps:\n- script: echo $(no‸thing)").hover?.contains("set nowhere") == true)
        #expect(
            Editor("variables:\n- group: keys\nsteps:\n- script: echo $(no‸thing)").hover?.contains("'keys'") == true
        )
    }

    @Test("a value that expressions make is shown when it is known")
    func values() async {
        var editor = Editor("variables:\n  a: x${{ 1 }}\nsteps:\n- script: echo $(‸a)")
        let unit = Analyzer(snapshot: editor.snapshot).units(of: [editor.path])
        editor.snapshot.values = Analyzer(snapshot: editor.snapshot).analyze(unit[0]).values
        #expect(editor.hover == "**a**\n\n- line 2: `x${{ 1 }}`, which is `x1`")
    }

    @Test("parameters show their type and default, templates their parameters")
    func parameters() {
        let text =
            "parameters:\n- name: quick\n  type: boolean\n  default: false\nsteps:\n- script: ${{ parameters.qui‸ck }}"
        #expect(Editor(text).hover == "**quick**: boolean, default false")
        let files = ["t.yml": "parameters:\n- name: a\n  displayName: The first\nsteps: []"]
        #expect(Editor("steps:\n- template: t‸.yml", files: files).hover?.contains("- `a`: string, required") == true)
        let argument = "steps:\n- template: t.yml\n  parameters:\n    ‸a: 1"
        #expect(Editor(argument, files: files).hover == "**a**: string, required\n\nThe first")
        #expect(Editor("steps:\n- template: no‸.yml", files: files).hover?.contains("There is no file") == true)
    }
}
