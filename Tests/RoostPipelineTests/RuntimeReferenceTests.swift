import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

/// The rows of what people may write to read outputs and results, each at the places it is for.
@Suite("What a run's expressions can read")
struct RuntimeReferenceTests {
    /// A run whose first stage has ended: a job, a job of two legs, copies, and one that failed and may.
    private static func run(
        stageCondition: String? = nil,
        stageVariables: [PlannedVariable] = [],
        _ reader: PlannedJob
    ) -> SampleRun {
        let legs = ["L", "M"].map { MatrixLeg(name: $0, variables: []) }
        var second = stage("Y", after: ["X"], when: stageCondition, variables: stageVariables, reader)
        second.condition = second.condition ?? PlannedText("always()")
        var run = SampleRun([
            stage(
                "X",
                job("J"),
                job("K", strategy: .matrix(legs: legs, maxParallel: 0)),
                job("P", strategy: .parallel(count: 2, maxParallel: 0)),
                job("F")
            ),
            second,
        ])
        run.plan()
        run.finish("J", outputs: ["S.V": OutputVariable(value: "plain")])
        run.finish("K", leg: "L", outputs: ["S.V": OutputVariable(value: "left")])
        run.finish("K", leg: "M", outputs: ["S.V": OutputVariable(value: "right")])
        run.finish("P", leg: "1", outputs: ["S.V": OutputVariable(value: "first")])
        run.finish("P", leg: "2", .succeededWithIssues, outputs: ["S.V": OutputVariable(value: "second")])
        run.finishAndPlan("F", .failed)
        return run
    }

    /// Expression, what it gives.
    private static let ofStages = [
        ("stageDependencies.X.J.outputs['S.V']", "plain"), ("stageDependencies.x.j.outputs['s.v']", "plain"),
        ("stageDependencies.X.K.outputs['L.S.V']", "left"), ("stageDependencies.X.K.outputs['M.S.V']", "right"),
        ("stageDependencies.X.P.outputs['2.S.V']", "second"), ("stageDependencies.X.J.result", "Succeeded"),
        ("stageDependencies.X.P.result", "SucceededWithIssues"), ("stageDependencies.X.F.result", "Failed"),
        ("stageDependencies.X.J.outputs['S.W']", ""), ("stageDependencies.X.Q.outputs['S.V']", ""),
        ("stageDependencies['X']['J']['outputs']['S.V']", "plain"),
        ("coalesce(stageDependencies.X.J.outputs['S.W'], stageDependencies.X.K.outputs['L.S.V'])", "left"),
    ]

    @Test("a job of a later stage reads them in its variables", arguments: ofStages)
    func jobVariables(_ expression: String, _ value: String) {
        let run = Self.run(job("R", variables: [variable("v", "$[ \(expression) ]")]))
        #expect(run.job("R")?.variables["v"]?.value == value)
    }

    @Test("a later stage reads them in its variables", arguments: ofStages)
    func stageVariables(_ expression: String, _ value: String) {
        let run = Self.run(stageVariables: [variable("v", "$[ \(expression) ]")], job("R"))
        #expect(run.job("R")?.variables["v"]?.value == value)
    }

    @Test("a job of a later stage reads them in its condition", arguments: ofStages)
    func jobConditions(_ expression: String, _ value: String) {
        let run = Self.run(job("R", when: "eq(\(expression), '\(value)')"))
        #expect(run.job("R")?.state == .queued)
    }

    @Test(
        "the condition of a stage reads outputs of jobs of the stages it waits for, and asks how they ended",
        arguments: [
            ("eq(dependencies.X.outputs['J.S.V'], 'plain')", true),
            ("eq(dependencies.X.outputs['K.L.S.V'], 'left')", true),
            ("eq(dependencies.X.outputs['P.1.S.V'], 'first')", true),
            ("eq(dependencies.X.outputs['S.V'], 'plain')", false), ("eq(dependencies.X.result, 'Failed')", true),
            ("in(dependencies.X.result, 'Succeeded', 'SucceededWithIssues')", false), ("succeeded()", false),
            ("succeeded('X')", false), ("failed('X')", true), ("failed()", true), ("succeededOrFailed('X')", true),
            ("canceled()", false), ("always()", true), ("not(failed('X'))", false),
        ]
    )
    func stageConditions(_ condition: String, _ begins: Bool) {
        let run = Self.run(stageCondition: condition, job("R"))
        #expect(run.job("R")?.state == (begins ? .queued : .finished(.skipped)))
    }

    @Test("predefined variables are known at their time and cannot be set by the file")
    func predefined() {
        let reader = job(
            "R",
            variables: [
                variable("number", "$(Build.BuildNumber)"), variable("Build.Reason", "Mine"),
                variable(
                    "names",
                    "$[ format('{0} {1} {2}', variables['System.StageName'], variables['System.PhaseName'], variables['Build.Reason']) ]"
                ),
            ]
        )
        let run = Self.run(reader)
        #expect(run.job("R")?.variables["names"]?.value == "Y R Manual")
        #expect(run.job("R")?.variables["number"]?.value == "$(Build.BuildNumber)")
        #expect(run.job("R")?.variables["Build.Reason"] == nil)
    }

    @Test("variables of a group stand where the file names it, and its secrets stay secret")
    func groups() {
        var run = SampleRun(
            [
                stage(
                    "S",
                    variables: [PlannedVariable(group: "release", place: "a.yml:1:1")],
                    job("a", variables: [variable("copy", "$[ variables.key ]"), variable("channel", "own")])
                )
            ],
            variables: [variable("channel", "root"), variable("before", "$[ variables.channel ]")]
        )
        run.snapshot.run.variableGroups = [
            "Release": [
                "channel": PipelineVariable(value: "stable"),
                "key": PipelineVariable(value: "hunter2", isSecret: true),
                "only": PipelineVariable(value: "$(channel)"),
            ]
        ]
        run.plan()
        let variables = run.job("a")?.variables ?? [:]
        #expect(variables["before"]?.value == "root")
        #expect(variables["channel"]?.value == "own")
        #expect(variables["key"] == OutputVariable(value: "hunter2", isSecret: true))
        #expect(variables["copy"] == OutputVariable(value: "hunter2", isSecret: true))
        #expect(variables["only"]?.value == "$(channel)")
    }
}
