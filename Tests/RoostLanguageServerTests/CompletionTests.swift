import Testing

@testable import RoostLanguageServer

@Suite("Completion")
struct CompletionTests {
    @Test("a root offers what is not there yet, and one body only")
    func rootKeys() {
        let empty = Editor("‸").labels
        #expect(empty.contains("trigger") && empty.contains("stages") && empty.contains("steps"))
        #expect(!empty.contains("strategy"))
        let labels = Editor("trigger: none\nsteps:\n- script: a\n‸").labels
        #expect(!labels.contains("trigger") && !labels.contains("stages") && !labels.contains("steps"))
        #expect(labels.contains("pool") && labels.contains("strategy"))
    }

    @Test("an item of steps offers the kinds of steps, and then the keys of its kind")
    func stepKinds() {
        let kinds = Editor("steps:\n- ‸").labels
        #expect(kinds.contains("script") && kinds.contains("task") && kinds.contains("template"))
        #expect(!kinds.contains("displayName"))
        let keys = Editor("steps:\n- checkout: self\n  ‸").labels
        #expect(keys.contains("fetchDepth") && keys.contains("condition") && !keys.contains("checkout"))
        #expect(!keys.contains("failOnStderr"))
    }

    @Test("keys are offered while the file around them is broken")
    func brokenFile() {
        let labels = Editor("jobs:\n- job: A\n  dis‸\n  steps:\n  - script: [\n- job: 'B\n").labels
        #expect(labels.contains("displayName") && labels.contains("pool") && !labels.contains("steps"))
    }

    @Test("a key takes the place of the word that is typed, with what its value needs")
    func insertion() {
        #expect(
            Editor("steps:\n- script: a\n  cond‸").text(taking: "condition") == "steps:\n- script: a\n  condition: "
        )
        #expect(Editor("jo‸").text(taking: "jobs") == "jobs:\n- $0")
        #expect(Editor("jobs:\n- job: A\n  po‸ol: x").text(taking: "pool") == "jobs:\n- job: A\n  pool: x")
        #expect(Editor("steps:\n- ta‸").text(taking: "task") == "steps:\n- task: ")
        var plain = Editor("jo‸")
        plain.snapshot.client.hasSnippets = false
        #expect(plain.text(taking: "jobs") == "jobs:")
    }

    @Test("a list whose first item is not begun offers items with their dash")
    func listItems() {
        #expect(Editor("steps:\n  ‸").labels.contains("- script"))
        #expect(Editor("steps:\n  scr‸").text(taking: "- script") == "steps:\n  - script: ")
    }

    @Test("values with few words are offered")
    func words() {
        #expect(Editor("lockBehavior: ‸").labels == ["sequential", "runLatest"])
        #expect(Editor("jobs:\n- job: A\n  workspace:\n    clean: ‸").labels == ["outputs", "resources", "all"])
        #expect(Editor("steps:\n- checkout: self\n  clean: t‸").text(taking: "true")?.hasSuffix("clean: true") == true)
        #expect(Editor("pool:\n  vmImage: ‸").labels.contains("ubuntu-latest"))
    }

    @Test("tasks are offered with their versions, and their inputs with defaults")
    func tasks() {
        #expect(Editor("steps:\n- task: Pub‸").labels.contains("PublishTestResults@2"))
        #expect(Editor("steps:\n- task: Pub‸").text(taking: "Cache@2") == "steps:\n- task: Cache@2")
        let editor = Editor("steps:\n- task: CopyFiles@2\n  inputs:\n    TargetFolder: out\n    ‸")
        #expect(editor.labels.contains("Contents") && !editor.labels.contains("TargetFolder"))
        #expect(editor.text(taking: "Contents")?.hasSuffix("    Contents: '${1:**}'") == true)
        let aliased = Editor("steps:\n- task: PublishTestResults@2\n  inputs:\n    testRunner: JUnit\n    ‸")
        #expect(!aliased.labels.contains("testResultsFormat"))
        #expect(
            Editor("steps:\n- task: Bash@3\n  inputs:\n    targetType: ‸").labels == ["filePath", "inline"]
        )
    }

    @Test("dependsOn offers the other stages, and the other jobs of the same stage")
    func dependencies() {
        let stages =
            "stages:\n- stage: A\n  jobs: []\n- stage: B\n  dependsOn: ‸\n  jobs:\n  - job: One\n  - job: Two\n"
        #expect(Editor(stages).labels == ["A"])
        let jobs = """
            stages:
            - stage: A
              jobs:
              - job: Elsewhere
            - stage: B
              jobs:
              - job: One
              - job: Two
                dependsOn: [‸]
            """
        #expect(Editor(jobs).labels == ["One"])
    }

    @Test("macros offer variables of the file and predefined ones")
    func macros() {
        let text = "variables:\n  flavour: debug\nsteps:\n- script: |\n    make $(‸\n"
        let labels = Editor(text).labels
        #expect(labels.first == "flavour")
        #expect(labels.contains("Build.BuildId"))
        #expect(
            Editor("steps:\n- script: make $(Build.Bu‸)").text(taking: "Build.BuildId")
                == "steps:\n- script: make $(Build.BuildId)"
        )
    }

    @Test("a job sees its own variables and those around it, not those of other jobs")
    func scopes() {
        let text = """
            variables:
            - name: outer
              value: 1
            jobs:
            - job: A
              variables:
                own: 2
              steps:
              - script: echo $(‸)
            - job: B
              variables: { other: 3 }
            """
        #expect(Editor(text).labels.prefix(2) == ["own", "outer"])
        #expect(!Editor(text).labels.contains("other"))
    }

    @Test("expressions offer functions and contexts of their time")
    func expressions() {
        let compile = Editor("steps:\n- ${{ ‸ }}").labels
        #expect(compile.contains("if") && compile.contains("parameters") && compile.contains("convertToJson"))
        #expect(!compile.contains("succeeded") && !compile.contains("dependencies"))
        let condition = Editor("steps:\n- script: a\n  condition: and(suc‸").labels
        #expect(condition.contains("succeeded") && !condition.contains("convertToJson") && !condition.contains("if"))
        let runtime = Editor("variables:\n  n: $[ cou‸ ]").labels
        #expect(runtime.contains("counter") && runtime.contains("dependencies"))
        #expect(
            Editor("steps:\n- script: a\n  condition: eq‸").text(taking: "eq")?.hasSuffix("condition: eq($0)") == true
        )
    }

    @Test("members follow a dot or stand in an index")
    func members() {
        let text = "parameters:\n- name: flavour\n- name: my-name\nsteps:\n- script: ${{ parameters.‸ }}"
        #expect(Editor(text).labels == ["flavour", "my-name"])
        #expect(Editor(text).text(taking: "my-name")?.hasSuffix("${{ parameters['my-name'] }}") == true)
        let variables = Editor("variables: { a.b: 1 }\nsteps:\n- script: a\n  condition: eq(variables['‸'], 1)")
        #expect(variables.labels.first == "a.b")
        #expect(variables.text(taking: "a.b")?.hasSuffix("variables['a.b'], 1)") == true)
        let outputs = """
            jobs:
            - job: A
              steps:
              - script: a
                name: version
            - job: B
              dependsOn: A
              variables:
                v: $[ dependencies.A.outputs['‸'] ]
            """
        #expect(Editor(outputs).labels == ["version."])
        let names =
            "stages:\n- stage: S\n  jobs:\n  - job: J\n- stage: T\n  jobs:\n  - job: K\n    condition: eq(stageDependencies.S.‸"
        #expect(Editor(names).labels == ["J"])
    }

    @Test("templates are offered by their paths, those that fit first, with their parameters below")
    func templates() {
        let files = [
            "ci/steps/build.yml":
                "parameters:\n- name: flavour\n  type: string\n  values: [debug, release]\n- name: quick\n  type: boolean\n  default: false\nsteps: []\n",
            "ci/jobs.yml": "jobs: []\n",
        ]
        let editor = Editor("steps:\n- template: ‸", path: "ci/main.yml", files: files)
        #expect(Set(editor.labels) == ["steps/build.yml", "jobs.yml"])
        #expect(editor.items.min { $0.rank < $1.rank }?.label == "steps/build.yml")
        let up = Editor("steps:\n- template: ‸", path: "other/main.yml", files: files)
        #expect(up.labels.contains("../ci/steps/build.yml"))
        let absolute = Editor("steps:\n- template: /‸", path: "ci/main.yml", files: files)
        #expect(absolute.labels.contains("/ci/steps/build.yml"))
        let head = "steps:\n- template: steps/build.yml\n  parameters:\n    "
        #expect(Editor("\(head)‸", path: "ci/main.yml", files: files).labels == ["flavour", "quick"])
        #expect(Editor("\(head)flavour: ‸", path: "ci/main.yml", files: files).labels == ["debug", "release"])
        #expect(Editor("\(head)quick: ‸", path: "ci/main.yml", files: files).labels == ["true", "false"])
    }

    @Test("repositories are offered behind @ and for checkouts")
    func repositories() {
        let head = "resources:\n  repositories:\n  - repository: tools\n    type: git\n    name: tools\nsteps:\n"
        #expect(Editor("\(head)- checkout: ‸").labels == ["self", "none", "tools"])
        let template = Editor("\(head)- template: a.yml@‸")
        #expect(template.labels == ["self", "tools"])
        #expect(template.text(taking: "tools")?.hasSuffix("- template: a.yml@tools") == true)
    }

    @Test("pools and environments that files use are offered")
    func pools() {
        let files = ["other.yml": "pool: Builders\njobs:\n- deployment: D\n  environment: production\n"]
        #expect(Editor("pool: ‸", files: files).labels.contains("Builders"))
        #expect(Editor("jobs:\n- deployment: D\n  environment: ‸", files: files).labels == ["production"])
    }

    @Test("branches of expressions belong to what is around them")
    func branches() {
        let list = "steps:\n- ${{ if eq(1, 1) }}:\n  - ‸"
        #expect(Editor(list).labels.contains("script"))
        let mapping = "jobs:\n- job: A\n  ${{ if eq(1, 1) }}:\n    ‸"
        #expect(Editor(mapping).labels.contains("pool") && !Editor(mapping).labels.contains("job"))
        let loop = "parameters:\n- name: list\nsteps:\n- ${{ each item in parameters.list }}:\n  - script: ${{ ‸ }}"
        #expect(Editor(loop).labels.contains("item"))
    }

    @Test("nothing is offered in comments, in scripts and in texts of expressions")
    func nothing() {
        #expect(Editor("# ‸\nsteps: []").labels.isEmpty)
        #expect(Editor("steps:\n- script: |\n    ma‸").labels.isEmpty)
        #expect(Editor("steps:\n- script: a\n  condition: eq('‸', 1)").labels.isEmpty)
        #expect(Editor("steps:\n- script: a\n  displayName: Bui‸").labels.isEmpty)
    }
}
