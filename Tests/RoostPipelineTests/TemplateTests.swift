import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("Templates")
struct TemplateTests {
    // MARK: Conditions and loops

    @Test("the text 'False' is true, and a boolean shows as True or False")
    func truth() {
        let result = compile(
            """
            parameters:
            - { name: flag, type: boolean, default: true }
            steps:
            - ${{ if 'False' }}:
              - script: text ${{ parameters.flag }}
            - ${{ if eq(parameters.flag, 'false') }}:
              - script: a boolean equals every text
            - ${{ if eq('false', parameters.flag) }}:
              - script: never
            - ${{ if parameters.flag }}:
              - script: flag
            """
        )
        #expect(result.scripts == ["text True", "a boolean equals every text", "flag"])
    }

    @Test("a branch that is taken and empty gives nothing")
    func emptyBranch() {
        let result = compile("steps:\n- ${{ if true }}:\n- ${{ if true }}: []\n- ${{ if true }}: {}\n- script: a\n")
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["a"])
    }

    @Test("a loop as a key stands beside plain keys of the same item")
    func loopAsKey() throws {
        let result = compile(
            """
            parameters:
            - name: job
              type: object
              default: { job: A, displayName: Shown, timeoutInMinutes: 5 }
            jobs:
            - ${{ each pair in parameters.job }}:
                ${{ pair.key }}: ${{ pair.value }}
              steps:
              - script: a
            """
        )
        let job = try #require(result.plan?.stages[0].jobs[0])
        #expect(job.name == "A")
        #expect(job.displayName == "Shown")
        #expect(job.timeoutInMinutes?.text == "5")
        #expect(job.steps.count == 2)
    }

    @Test("unknown names in dead branches are fine, syntax errors are not")
    func deadBranches() {
        #expect(compile("steps:\n- ${{ if false }}:\n  - script: ${{ nothing.here }}\n- script: a\n").diagnostics == [])
        #expect(
            compile("steps:\n- ${{ if false }}:\n  - script: ${{ eq(1 }}\n- script: a\n").problems == [
                "3:21 expression.unexpected-end"
            ]
        )
    }

    @Test("after a condition that fails, else is neither taken nor called stray")
    func failedCondition() {
        let result = compile("steps:\n- ${{ if nope.x }}:\n  - script: a\n- ${{ else }}:\n  - script: b\n")
        #expect(result.problems == ["2:10 expression.unknown-name"])
    }

    @Test("null gives no turn of a loop, a text is an error")
    func loopSources() {
        let text =
            "parameters:\n- { name: p, type: object, default: %@ }\nsteps:\n- ${{ each x in parameters.p }}:\n  - script: x\n- script: a\n"
        #expect(compile(text.replacing("%@", with: "~")).scripts == ["a"])
        #expect(compile(text.replacing("%@", with: "text")).problems == ["4:3 template.loop-source"])
    }

    @Test("both branches of iif are evaluated")
    func iif() {
        #expect(compile("steps:\n- script: ${{ iif(true, 'a', substring('b', 5, 9)) }}\n").plan == nil)
    }

    // MARK: Variables

    @Test("a variable sees those before it, and a job hides those of the file")
    func variableOrder() {
        let result = compile(
            """
            variables:
              early: ${{ variables.late }}
              late: 1
              later: ${{ variables.late }}
            jobs:
            - job: A
              steps:
              - script: '[${{ variables.early }}][${{ variables.later }}][${{ variables.LATE }}]'
              variables:
                late: ${{ variables.late }}0
            """
        )
        #expect(result.scripts == ["[][1][10]"])
    }

    @Test("queue-time variables are seen below those of the file, predefined ones last")
    func variableSources() {
        let request = CompileRequest(
            queueTimeVariables: ["a": "queue", "b": "queue"],
            predefinedVariables: ["Build.SourceBranch": "refs/heads/x", "b": "predefined"]
        )
        let text =
            "variables: { a: file }\nsteps:\n- script: ${{ variables.a }} ${{ variables.b }} ${{ variables['build.sourcebranch'] }} [${{ variables['Build.BuildNumber'] }}]\n"
        #expect(compile(text, request).scripts == ["file queue refs/heads/x []"])
    }

    @Test("a fork is known to templates")
    func fork() {
        let text =
            "steps:\n- ${{ if eq(variables['System.PullRequest.IsFork'], 'True') }}:\n  - script: fork\n- script: all\n"
        #expect(compile(text, CompileRequest(settings: CompileSettings(isFork: true))).scripts == ["fork", "all"])
        #expect(compile(text).scripts == ["all"])
    }

    // MARK: Parameters

    @Test("what a request brings is a value, never an expression")
    func injection() {
        let text =
            "parameters:\n- name: p\n- name: o\n  type: object\nsteps:\n- script: ${{ parameters.p }} ${{ parameters.o.k }}\n"
        let request = CompileRequest(parameters: ["p": "${{ variables.x }}", "o": "{ k: '${{ parameters.p }}' }"])
        #expect(compile(text, request).scripts == ["${{ variables.x }} ${{ parameters.p }}"])
    }

    @Test("values of parameters and loops are not evaluated again where they are inserted")
    func noSecondEvaluation() {
        let templates = ["t.yml": "parameters:\n- name: steps\n  type: stepList\nsteps:\n- ${{ parameters.steps }}\n"]
        let text = "steps:\n- template: t.yml\n  parameters:\n    steps:\n    - script: ${{ 'a ${{ b' }}\n"
        #expect(compile(text, templates: templates).scripts == ["a ${{ b"])
    }

    @Test("a parameter without a type is a text")
    func untyped() {
        #expect(
            compile("parameters:\n- name: p\n  default: 1.10\nsteps:\n- script: ${{ parameters.p }}\n").scripts == [
                "1.10"
            ]
        )
        #expect(
            compile("parameters:\n- name: p\n  default: [a]\nsteps:\n- script: a\n").problems == ["3:12 parameter.kind"]
        )
    }

    @Test("a parameter without a name is an error, once")
    func unnamed() {
        #expect(
            compile("parameters:\n- name:\n- nmae: x\nsteps: [ { script: a } ]\n").problems == [
                "2:3 parameter.name", "3:3 pipeline.unexpected",
            ]
        )
        #expect(compile("parameters:\n- type: string\nsteps: [ { script: a } ]\n").problems == ["2:3 parameter.name"])
    }

    @Test("parameters of the file are offered to whoever queues a run")
    func declared() {
        let result = compile(
            "parameters:\n- name: a\n  displayName: Shown\n  values: [x, y]\n- name: b\n  type: object\n  default: { k: [1] }\nsteps: [ { script: a } ]\n"
        )
        #expect(
            result.parameters == [
                PipelineParameter(
                    name: "a",
                    displayName: "Shown",
                    type: "string",
                    defaultValue: nil,
                    allowed: ["x", "y"]
                ),
                PipelineParameter(name: "b", displayName: "b", type: "object", defaultValue: "k:\n- 1\n", allowed: nil),
            ]
        )
    }

    // MARK: Paths

    @Test(
        "a template is found relative to the file that names it",
        arguments: [
            ("b.yml", "x/y/b.yml"), ("./b.yml", "x/y/b.yml"), ("../b.yml", "x/b.yml"), ("/b.yml", "b.yml"),
            ("..\\..\\b.yml", "b.yml"),
            ("/x\\b.yml", "x/b.yml"), ("b.yml@self", "x/y/b.yml"), ("z/../b.yml", "x/y/b.yml"), ("//b.yml", "b.yml"),
        ]
    )
    func paths(_ reference: String, _ path: String) {
        let templates = ["x/y/a.yml": "steps:\n- template: '\(reference)'\n", path: "steps: [ { script: found } ]\n"]
        let result = compile("steps:\n- template: x/y/a.yml\n", templates: templates)
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["found"])
    }

    @Test("a template of another repository stays there unless it says @self")
    func otherRepository() {
        let templates = [
            "dir/a.yml@tools": "steps:\n- template: b.yml\n- template: /c.yml\n- template: own.yml@self\n",
            "dir/b.yml@tools": "steps: [ { script: b } ]\n", "c.yml@tools": "steps: [ { script: c } ]\n",
            "own.yml": "steps: [ { script: own } ]\n",
        ]
        let text =
            "resources:\n  repositories:\n  - { repository: tools, type: git, name: t }\nsteps:\n- template: dir/a.yml@tools\n"
        let result = compile(text, templates: templates)
        #expect(result.scripts == ["b", "c", "own"])
        #expect(
            result.files.map { "\($0.path)@\($0.repository)" } == [
                "azure-pipelines.yml@self", "dir/a.yml@tools", "dir/b.yml@tools", "c.yml@tools", "own.yml@self",
            ]
        )
    }

    @Test("a template named in a parameter is relative to the file it is written in, else to the one that uses it")
    func parameterPaths() {
        let user = "parameters:\n- name: s\n  type: stepList\nsteps:\n- ${{ parameters.s }}\n"
        let text = "steps:\n- template: sub/user.yml\n  parameters:\n    s:\n    - template: mine.yml\n"
        #expect(
            compile(text, templates: ["sub/user.yml": user, "mine.yml": "steps: [ { script: root } ]\n"]).scripts == [
                "root"
            ]
        )
        #expect(
            compile(text, templates: ["sub/user.yml": user, "sub/mine.yml": "steps: [ { script: sub } ]\n"]).scripts
                == ["sub"]
        )
    }

    // MARK: Extends

    @Test("variables on both sides of extends are an error")
    func extendsVariables() {
        let result = compile(
            "variables: { a: 1 }\nextends: { template: t.yml }\n",
            templates: ["t.yml": "variables: { b: 2 }\nsteps: [ { script: a } ]\n"]
        )
        #expect(result.problems == ["1:1 yaml.duplicate-key"])
    }

    @Test("a template sees variables where it is used, and no parameter or loop of the file that uses it")
    func visibility() {
        let templates = [
            "t.yml": "steps:\n- script: ${{ variables.v }} ${{ parameters.p }}\n",
            "u.yml": "steps:\n- script: ${{ x }}\n",
        ]
        let text = """
            parameters:
            - { name: p, default: outer }
            variables: { v: seen }
            steps:
            - template: t.yml
            - ${{ each x in split('a,b', ',') }}:
              - template: u.yml
            """
        let result = compile(text, templates: templates)
        #expect(result.problems == ["2:15 expression.unknown-name"])
        #expect(
            compile(text, templates: ["t.yml": templates["t.yml"] ?? "", "u.yml": "steps: []\n"]).scripts == ["seen "]
        )
    }

    @Test("problems of one template that is used many times are reported once, with the first way to it")
    func onceOnly() {
        let result = compile(
            "steps:\n- template: t.yml\n- template: t.yml\n",
            templates: ["t.yml": "steps:\n- script: a\n  wrong: b\n"]
        )
        #expect(result.diagnostics.map(\.summary) == ["Unexpected value 'wrong'"])
        #expect(result.diagnostics[0].notes.map { $0.span?.description } == ["azure-pipelines.yml:2:13"])
    }

    @Test("what could not be loaded or evaluated brings no further complaints")
    func noFollowingErrors() {
        #expect(
            compile("jobs:\n- template: nope.yml\n- job: A\n  dependsOn: FromTemplate\n  steps: [ { script: a } ]\n")
                .problems == ["2:13 template.not-found"]
        )
        #expect(compile("stages: ${{ nope.x }}\n").problems == ["1:13 expression.unknown-name"])
        #expect(compile("${{ nope.x }}: []\n").problems == ["1:5 expression.unknown-name"])
        #expect(
            compile("steps:\n- script: a\n  env: ${{ nope.x }}\n  displayName: ${{ nope.x }}\n").problems.count == 2
        )
        #expect(compile("extends: { template: nope.yml }\n").problems == ["1:22 template.not-found"])
    }

    // MARK: Plan

    @Test("a stage waits for the one before it, a job for none, and an empty dependsOn for none")
    func dependencies() throws {
        let job = "jobs: [ { job: A, steps: [ { script: a } ] }, { job: B, steps: [ { script: b } ] } ]"
        let result = compile(
            "stages:\n- { stage: S, \(job) }\n- { stage: T, \(job) }\n- { stage: U, dependsOn: '', \(job) }\n- { stage: V, dependsOn: [s, S], \(job) }\n"
        )
        let plan = try #require(result.plan)
        #expect(plan.stages.map(\.dependsOn) == [[], ["S"], [], ["S"]])
        #expect(plan.stages[0].jobs.map(\.dependsOn) == [[], []])
    }

    @Test("what only runs later keeps its text and its place")
    func places() throws {
        let text =
            "jobs:\n- job: A\n  condition: ne(variables.a, '')\n  timeoutInMinutes: $(m)\n  variables:\n    v: $[ variables.a ]\n  steps:\n  - script: echo $(v)\n    condition: always()\n"
        let job = try #require(compile(text).plan?.stages[0].jobs[0])
        #expect(job.condition == PlannedText("ne(variables.a, '')", place: "azure-pipelines.yml:3:14"))
        #expect(job.timeoutInMinutes == PlannedText("$(m)", place: "azure-pipelines.yml:4:21"))
        #expect(
            job.variables == [
                PlannedVariable(name: "v", value: PlannedText("$[ variables.a ]", place: "azure-pipelines.yml:6:8"))
            ]
        )
        #expect(job.steps[1].condition == PlannedText("always()", place: "azure-pipelines.yml:9:16"))
        #expect(job.steps[1].place == "azure-pipelines.yml:8:5")
    }

    @Test("a pipeline of another shape than its file name can be compiled from bytes")
    func bytes() {
        let result = PipelineCompiler(loader: MemoryTemplateLoader()).compile(
            path: "./x\\p.yml",
            text: Array("steps: [ { script: a } ]".utf8)
        )
        #expect(result.files.map(\.path) == ["x/p.yml"])
        #expect(result.plan?.stages[0].jobs[0].steps[1].place == "x/p.yml:1:10")
    }
}
