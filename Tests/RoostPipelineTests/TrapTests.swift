import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

/// What implementations of the language get wrong, one test for each trap of the reference.
@Suite("Traps of the language")
struct TrapTests {
    private func finalYAML(_ text: String, _ templates: [String: String] = [:]) -> String? {
        compile(text, templates: templates).plan?.finalYAML
    }

    @Test("1: a mapping may hold the same directive several times")
    func repeatedDirectives() {
        let result = compile(
            """
            parameters: [ { name: a, default: x } ]
            steps:
            - script: make
              env:
                ${{ if eq(parameters.a, 'y') }}: { A: 1 }
                ${{ else }}: { A: 2 }
                ${{ if eq(parameters.a, 'x') }}: { B: 1 }
                ${{ else }}: { B: 2 }
            """
        )
        #expect(result.diagnostics == [])
        #expect(result.plan?.stages[0].jobs[0].steps[1].environment == ["A": "2", "B": "1"])
    }

    @Test("2: eq takes the kind of the left side, 'False' is true, booleans show as True and False")
    func booleans() {
        let result = compile(
            """
            parameters: [ { name: f, type: boolean, default: false }, { name: t, type: boolean, default: true } ]
            steps:
            - script: ${{ eq(parameters.t, 'false') }} ${{ eq('false', parameters.t) }} ${{ eq(parameters.f, 'false') }} ${{ parameters.f }}
            - ${{ if 'False' }}:
              - script: taken
            """
        )
        #expect(result.scripts == ["True False False False", "taken"])
    }

    @Test("3: a directive of a list whose value is nothing gives nothing")
    func emptyBranches() {
        let result = compile(
            "steps:\n- ${{ if true }}:\n- ${{ if true }}: []\n- ${{ each x in '' }}:\n  - script: no\n- script: a\n"
        )
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["a"])
    }

    @Test("4: each as a key beside plain keys of one item")
    func eachBesideKeys() {
        let text = """
            parameters: [ { name: job, type: object, default: { job: A, timeoutInMinutes: 3 } } ]
            jobs:
            - ${{ each p in parameters.job }}:
                ${{ p.key }}: ${{ p.value }}
              steps: [ { script: make } ]
            """
        #expect(compile(text).plan?.stages[0].jobs.map(\.timeoutInMinutes?.text) == ["3"])
    }

    @Test("5: a list in a list is flattened one level, and an empty dependsOn waits for nothing")
    func flattening() {
        let result = compile(
            """
            parameters: [ { name: more, type: object, default: [B, [C]] }, { name: none, default: '' } ]
            jobs:
            - job: A
              dependsOn: ${{ parameters.none }}
              steps: [ { script: a } ]
            - job: B
              steps: [ { script: b } ]
            - job: D
              dependsOn: [ A, "${{ parameters.more[0] }}", "${{ split('B', ',') }}" ]
              steps: [ { script: d } ]
            """
        )
        #expect(result.diagnostics == [])
        #expect(result.plan?.stages[0].jobs.map(\.dependsOn) == [[], [], ["A", "B"]])
    }

    @Test("6: a parameter without a type is a string")
    func untypedIsString() {
        let result = compile(
            "parameters: [ { name: a, default: 1.10 } ]\nsteps:\n- script: ${{ parameters.a }} ${{ eq(parameters.a, '1.10') }}\n"
        )
        #expect(result.scripts == ["1.10 True"])
        #expect(
            compile("parameters: [ { name: a, default: [x] } ]\nsteps: [ { script: a } ]\n").diagnostics.map(\.summary)
                == ["A sequence was not expected"]
        )
    }

    @Test("7: parameters of the old form are texts, and callers may hand over others")
    func oldParameters() {
        let templates = [
            "a.yml":
                "parameters: { flag: true, n: 1.50 }\nsteps:\n- script: ${{ eq(parameters.flag, 'false') }} ${{ parameters.n }} ${{ parameters.other }}\n"
        ]
        let text = "steps:\n- template: a.yml\n  parameters: { other: 007, flag: true }\n"
        #expect(compile(text, templates: templates).scripts == ["False 1.50 007"])
    }

    @Test(
        "8: paths are relative to the file they stand in, to the root with a slash, with either slash, and @self leads back"
    )
    func paths() {
        let templates = [
            "a/b.yml": "steps:\n- template: c.yml\n- template: /d.yml\n- template: ..\\a\\c.yml\n",
            "a/c.yml": "steps: [ { script: c } ]", "d.yml": "steps: [ { script: d } ]",
            "x/y.yml@tools": "steps:\n- template: z.yml\n- template: d.yml@self\n",
            "x/z.yml@tools": "steps: [ { script: z } ]",
        ]
        let text = """
            resources: { repositories: [ { repository: tools, type: git, name: t } ] }
            steps:
            - template: a/b.yml
            - template: x/y.yml@tools
            """
        let result = compile(text, templates: templates)
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["c", "d", "c", "z", "d"])
    }

    @Test(
        "9: variables come before what stands beside them, later ones see earlier ones, a job hides those of the file"
    )
    func variableOrder() {
        let templates = ["v.yml": "variables:\n- name: t\n  value: from ${{ variables.a }}\n"]
        let text = """
            jobs:
            - job: J
              steps:
              - script: ${{ variables.a }} ${{ variables.b }} ${{ variables.t }} ${{ variables.later }}
              variables:
                a: inner
            variables:
            - name: a
              value: outer
            - name: b
              value: ${{ variables.a }}-${{ variables.c }}
            - template: v.yml
            - name: c
              value: x
            """
        #expect(compile(text, templates: templates).scripts == ["inner outer- from outer "])
    }

    @Test("10: the branch is known to templates, the number of the run is not")
    func predefined() {
        let text = "steps:\n- script: ${{ variables['Build.SourceBranch'] }}/${{ variables['Build.BuildNumber'] }}\n"
        let request = CompileRequest(predefinedVariables: ["Build.SourceBranch": "refs/heads/main"])
        #expect(compile(text, request).scripts == ["refs/heads/main/"])
    }

    @Test("11: $[ ] counts only as the whole value, and $(x) stays as it is")
    func runtimeTexts() throws {
        let result = compile(
            "variables: { a: '$[ variables.b ]', c: 'x $[ variables.b ]', d: $(nothing) }\nsteps: [ { script: $(d) } ]\n"
        )
        #expect(result.diagnostics.map(\.code) == ["expression.embedded"])
        #expect(result.plan?.variables.map(\.value.text) == ["$[ variables.b ]", "x $[ variables.b ]", "$(nothing)"])
        #expect(result.scripts == ["$(d)"])
    }

    @Test("12: a stage waits for the one before it, a job for none")
    func defaultDependencies() {
        let job = "jobs: [ { job: A, steps: [ { script: a } ] }, { job: B, steps: [ { script: b } ] } ]"
        let plan = compile(
            "stages:\n- stage: A\n  \(job)\n- stage: B\n  \(job)\n- stage: C\n  dependsOn: []\n  \(job)\n"
        ).plan
        #expect(plan?.stages.map(\.dependsOn) == [[], ["A"], []])
        #expect(plan?.stages[0].jobs.map(\.dependsOn) == [[], []])
    }

    @Test("14: a syntax error in a dead branch is fatal, an unknown name there is not")
    func deadBranches() {
        #expect(compile("steps:\n- ${{ if false }}:\n  - script: ${{ nope.x }}\n- script: a\n").diagnostics == [])
        #expect(compile("steps:\n- ${{ if false }}:\n  - script: ${{ eq(1 }}\n- script: a\n").plan == nil)
    }

    @Test("15: a name with a hyphen needs an index")
    func hyphens() {
        let head = "parameters: [ { name: my-param, default: x } ]\nsteps:\n- script: "
        #expect(compile(head + "${{ parameters['my-param'] }}\n").scripts == ["x"])
        #expect(
            compile(head + "${{ parameters.my-param }}\n").diagnostics.map(\.code) == ["expression.unrecognized-value"]
        )
    }

    @Test("18: coalesce takes an empty text for a missing one")
    func coalesce() {
        #expect(
            compile("parameters: [ { name: a, default: '' } ]\nsteps:\n- script: ${{ coalesce(parameters.a, 'b') }}\n")
                .scripts == ["b"]
        )
    }

    @Test("19: a condition that an expression gives is the text True")
    func conditionFromExpression() {
        let result = compile(
            "parameters: [ { name: f, type: boolean, default: true } ]\nsteps:\n- script: a\n  condition: ${{ parameters.f }}\n- script: b\n  condition: and(succeeded(), ${{ parameters.f }})\n"
        )
        #expect(result.diagnostics == [])
        #expect(
            result.plan?.stages[0].jobs[0].steps.dropFirst().map(\.condition?.text) == [
                "True", "and(succeeded(), True)",
            ]
        )
    }

    @Test("20: variables in a file and in the template it extends are an error")
    func extendsVariables() {
        let result = compile(
            "extends: { template: a.yml }\nvariables: { a: b }\n",
            templates: ["a.yml": "variables: { c: d }\nsteps: [ { script: a } ]\n"]
        )
        #expect(result.diagnostics.map(\.summary) == ["'variables' is already defined"])
    }

    @Test("22: parameters given as one expression are still checked")
    func passThrough() {
        let templates = [
            "a.yml":
                "parameters: [ { name: x, type: number }, { name: y, default: d } ]\nsteps:\n- script: ${{ parameters.x }} ${{ parameters.y }}\n"
        ]
        let text =
            "parameters: [ { name: all, type: object, default: %@ } ]\nsteps:\n- template: a.yml\n  parameters: ${{ parameters.all }}\n"
        #expect(compile(text.replacing("%@", with: "{ x: 1.50 }"), templates: templates).scripts == ["1.50 d"])
        let missing = compile(text.replacing("%@", with: "{ z: 1 }"), templates: templates)
        #expect(
            Set(missing.diagnostics.map(\.summary)) == [
                "A value for the 'x' parameter must be provided.", "Unexpected parameter 'z'",
            ]
        )
    }

    @Test("23: a run's name holds expressions, evaluated now, and tokens, left for later")
    func runName() {
        let result = compile(
            "name: ${{ parameters.p }}-$(Date:yyyyMMdd)$(Rev:.r)\nparameters: [ { name: p, default: nightly } ]\nsteps: [ { script: a } ]\n"
        )
        #expect(result.plan?.numberFormat?.text == "nightly-$(Date:yyyyMMdd)$(Rev:.r)")
    }

    @Test(
        "24: a byte order mark, CRLF, a document mark, blanks at line ends, expressions in blocks, doubled quotes in keys"
    )
    func files() {
        let lines = [
            "---", "parameters: [ { name: a, default: x } ]  ", "steps:", "- '${{ if eq(parameters.a, ''x'') }}':",
            "  - script: |",
            "      echo ${{ parameters.a }}  ", "      done", "",
        ]
        let result = compile("\u{FEFF}" + lines.joined(separator: "\r\n"))
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["echo x  \ndone\n"])
    }

    @Test("25: a pool may be a text, a mapping, server or empty, and take its image from the matrix")
    func pools() throws {
        let result = compile(
            """
            jobs:
            - { job: A, pool: Own, steps: [ { script: a } ] }
            - { job: B, pool: '', steps: [ { script: a } ] }
            - { job: C, pool: {}, steps: [ { script: a } ] }
            - { job: D, pool: server, steps: [ { checkout: none } ] }
            - job: E
              strategy: { matrix: { l: { image: ubuntu-24.04 }, w: { image: windows-2022 } } }
              pool: { vmImage: $(image) }
              steps: [ { script: a } ]
            """
        )
        #expect(result.diagnostics.filter(\.isError) == [])
        let pools = try #require(result.plan?.stages[0].jobs.map(\.pool))
        #expect(pools.map { $0?.name?.text } == ["Own", nil, nil, nil, nil])
        #expect(pools.map { $0?.isServer } == [nil, nil, nil, true, nil])
        #expect(pools.map { $0?.vmImage?.text } == [nil, nil, nil, nil, "$(image)"])
        let foreign = result.limitations.filter { $0.code == "pool.foreign-system" }
        #expect(foreign.map(\.summary) == ["The leg w of the job E asks for Windows, and agents run on Linux only"])
    }

    @Test("26: a job checks out by itself, unless it says so or says none; a deployment does not")
    func checkouts() {
        let result = compile(
            """
            jobs:
            - { job: A, steps: [ { script: a } ] }
            - { job: B, steps: [ { checkout: none }, { script: a } ] }
            - { job: C, steps: [ { script: a }, { checkout: self } ] }
            - { deployment: D, environment: e, strategy: { runOnce: { deploy: { steps: [ { script: a } ] } } } }
            """
        )
        let checkouts = result.plan?.stages[0].jobs.map { job in job.steps.map { $0.task == .checkout } }
        #expect(checkouts == [[true, false], [false], [false, true], [false, false]])
    }

    @Test("27: a loop over null has no turn, one over a text is an error")
    func loopSources() {
        let text =
            "parameters: [ { name: p, type: object, default: %@ } ]\nsteps:\n- ${{ each x in parameters.p }}:\n  - script: x\n- script: a\n"
        #expect(compile(text.replacing("%@", with: "null")).scripts == ["a"])
        #expect(
            compile(text.replacing("%@", with: "text")).diagnostics.map(\.summary) == ["Expected a sequence or mapping"]
        )
    }

    @Test("28: iif evaluates both branches")
    func bothBranches() {
        #expect(
            compile("variables: { a: \"${{ iif(true, 'x', parameters.nope.y) }}\" }\nsteps: [ { script: a } ]\n")
                .diagnostics == []
        )
        #expect(
            compile(
                "parameters: []\nvariables: { a: \"${{ iif(true, 'x', parameters.nope) }}\" }\nsteps: [ { script: a } ]\n"
            ).plan == nil
        )
    }
}
