import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

@Suite("Jobs made from the plan")
struct RunProgressJobTests {
    @Test("a matrix makes a job per leg, and no more at once than allowed")
    func matrix() throws {
        let legs = ["one", "two", "three"].map { MatrixLeg(name: $0, variables: [variable("image", "img-\($0)")]) }
        var run = SampleRun([
            stage(
                "S",
                job("m", strategy: .matrix(legs: legs, maxParallel: 2), variables: [variable("image", "none")]) {
                    $0.displayName = "Make $(image)"
                    $0.pool = PlannedPool(
                        vmImage: PlannedText("$(image)"),
                        demands: [PlannedText("os -equals $(IMAGE)")]
                    )
                },
                job("after", after: ["m"])
            )
        ])
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["create S.m.one", "create S.m.two", "hold S.m.three"])
        let draft = try #require(decisions[1].draft)
        #expect(draft.displayName == "Make img-two two")
        #expect(draft.position == 2 && draft.copies == 3)
        #expect(draft.pool?.vmImage?.text == "img-two")
        #expect(draft.demands == [.equals("os", value: "img-two")])
        #expect(draft.variables["image"] == OutputVariable(value: "img-two"))
        #expect(
            explainWaiting(stage: "S", job: "m", in: run.snapshot) == .heldBack(running: 2, maxParallel: 2)
        )
        #expect(run.finishAndPlan("m", leg: "two", .failed).map(\.brief) == ["release"])
        #expect(run.job("m", leg: "three")?.queuedAt == run.now)
        run.finishAndPlan("m", leg: "one")
        #expect(run.finishAndPlan("m", leg: "three").map(\.brief) == ["skip S.after", "finish failed"])
    }

    @Test("parallel copies know their place")
    func parallel() {
        var run = SampleRun([
            stage(
                "S",
                job("p", strategy: .parallel(count: 2, maxParallel: 0)) {
                    $0.displayName = "Part $(System.JobPositionInPhase) of $(System.TotalJobsInPhase)"
                }
            )
        ])
        #expect(run.plan().compactMap(\.draft?.displayName) == ["Part 1 of 2 1", "Part 2 of 2 2"])
    }

    @Test("a matrix computed from an output may use single quotes")
    func computedMatrix() {
        let matrix = JobStrategy.computedMatrix(
            PlannedText("$[ dependencies.gen.outputs['mtrx.legs'] ]", place: "a.yml:9:9"),
            maxParallel: 0
        )
        var run = SampleRun([stage("S", job("gen"), job("m", after: ["gen"], strategy: matrix))])
        run.plan()
        let legs = "{'job1': {'x': '1', 'n': 2}, 'job2': {'x': 'two'}}"
        let decisions = run.finishAndPlan("gen", outputs: ["mtrx.legs": OutputVariable(value: legs)])
        #expect(decisions.map(\.brief) == ["create S.m.job1", "create S.m.job2"])
        #expect(decisions[0].draft?.variables == ["x": OutputVariable(value: "1"), "n": OutputVariable(value: "2")])
    }

    @Test(
        "a computed matrix that is none fails the job",
        arguments: ["", "nope", "[]", "{'a': 1}", "{'a': {'b': []}}", "{'a'"]
    )
    func badMatrix(_ value: String) {
        let matrix = JobStrategy.computedMatrix(PlannedText("$[ variables.legs ]", place: "a.yml:9:9"), maxParallel: 0)
        var run = SampleRun([stage("S", job("m", strategy: matrix))], variables: [variable("legs", value)])
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["fail S.m", "finish failed"])
        #expect(decisions[0].sentence.hasPrefix("a.yml:9:9: The matrix must be a JSON object of legs; "))
    }

    @Test("how many copies there are, and how many run at once, may come from outputs")
    func computedCounts() {
        let parallel = JobStrategy.parallel(
            count: .computed(PlannedText("$[ dependencies.gen.outputs['s.n'] ]", place: "a.yml:9:9")),
            maxParallel: .computed(PlannedText("$[ dependencies.gen.outputs['s.most'] ]", place: "a.yml:10:9"))
        )
        var run = SampleRun([stage("S", job("gen"), job("p", after: ["gen"], strategy: parallel))])
        run.plan()
        let outputs = ["s.n": OutputVariable(value: "3"), "s.most": OutputVariable(value: " 2 ")]
        let decisions = run.finishAndPlan("gen", outputs: outputs)
        #expect(decisions.map(\.brief) == ["create S.p.1", "create S.p.2", "hold S.p.3"])
        #expect(explainWaiting(stage: "S", job: "p", in: run.snapshot) == .heldBack(running: 2, maxParallel: 2))
        #expect(run.finishAndPlan("p", leg: "1").map(\.brief) == ["release"])
    }

    @Test("a computed limit counts for a matrix too, and 0 is none", arguments: [("1", 1), ("0", 2), ("$(one)", 1)])
    func computedLimit(_ most: String, _ created: Int) {
        let legs = ["a", "b"].map { MatrixLeg(name: $0, variables: []) }
        let matrix = JobStrategy.matrix(legs: legs, maxParallel: .computed(PlannedText("$(most)")))
        var run = SampleRun(
            [stage("S", job("m", strategy: matrix))],
            variables: [variable("one", "1"), variable("most", most)]
        )
        #expect(run.plan().count { $0.brief.hasPrefix("create") } == created)
    }

    @Test(
        "a computed count that is none fails the job, and says which, where and what it was",
        arguments: ["0", "-1", "1.5", "many", "", "99999999999999999999"]
    )
    func badCount(_ value: String) {
        let count = PlannedText("$[ variables.n ]", place: "a.yml:9:9")
        var run = SampleRun(
            [stage("S", job("p", strategy: .parallel(count: .computed(count), maxParallel: 0)))],
            variables: [variable("n", value)]
        )
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["fail S.p", "finish failed"])
        let start =
            "a.yml:9:9: 'parallel' of the job 'p' must be a whole number, 1 or more; '$[ variables.n ]' is '\(value)'."
        #expect(decisions[0].sentence.hasPrefix(start))
    }

    @Test("a computed limit that is none fails the job before any copy is made")
    func badLimit() {
        let limit = CopyCount.computed(PlannedText("$(most)", place: "a.yml:9:9"))
        var run = SampleRun([stage("S", job("p", strategy: .parallel(count: 2, maxParallel: limit)))])
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["fail S.p", "finish failed"])
        #expect(
            decisions[0].sentence
                == "a.yml:9:9: 'maxParallel' of the job 'p' must be a whole number, 0 being no limit; '$(most)' is '$(most)'."
        )
    }

    @Test("too many copies are refused")
    func tooMany() {
        var run = SampleRun([stage("S", job("p", strategy: .parallel(count: 100_000, maxParallel: 0)))])
        #expect(run.plan().map(\.brief) == ["fail S.p", "finish failed"])
    }

    @Test("an empty matrix runs the job once")
    func emptyMatrix() {
        var run = SampleRun([stage("S", job("m", strategy: .matrix(legs: [], maxParallel: 3)))])
        #expect(run.plan().map(\.brief) == ["create S.m"])
    }

    @Test("variables of inner levels hide outer ones; predefined ones stay")
    func levels() throws {
        var run = SampleRun(
            [
                stage(
                    "S",
                    variables: [variable("b", "stage"), variable("c", "stage"), variable("Build.Reason", "mine")],
                    job(
                        "j",
                        strategy: .matrix(
                            legs: [MatrixLeg(name: "l", variables: [variable("D", "leg")])],
                            maxParallel: 0
                        ),
                        variables: [variable("c", "job"), variable("d", "job"), variable("all", "$(a)$(b)$(c)")]
                    )
                )
            ],
            variables: [
                variable("A", "root"), variable("b", "root"), variable("q", "root"), variable("system.debug", "true"),
            ],
            runVariables: [
                "q": PipelineVariable(value: "queue"), "s": PipelineVariable(value: "secret!", isSecret: true),
            ]
        )
        run.snapshot.predefined["System.Debug"] = "false"
        let draft = try #require(run.plan().first?.draft)
        #expect(
            draft.variables == [
                "A": OutputVariable(value: "root"), "b": OutputVariable(value: "stage"),
                "c": OutputVariable(value: "job"),
                "D": OutputVariable(value: "leg"), "q": OutputVariable(value: "root"),
                "all": OutputVariable(value: "$(a)$(b)$(c)"), "s": OutputVariable(value: "secret!", isSecret: true),
                "system.debug": OutputVariable(value: "true"),
            ]
        )
    }

    @Test("outputs reach jobs and stages that depend on their makers, legs included, and stay secret")
    func outputs() throws {
        let legs = [MatrixLeg(name: "L", variables: [])]
        var run = SampleRun([
            stage(
                "A",
                job("a"),
                job("m", strategy: .matrix(legs: legs, maxParallel: 0)),
                job(
                    "b",
                    after: ["a", "m"],
                    when: "eq(dependencies.A.outputs['s.v'], 'one')",
                    variables: [
                        variable("x", "$[ dependencies.a.outputs['S.V'] ]"),
                        variable("leg", "$[ dependencies.m.outputs['l.s.w'] ]"),
                        variable("secret", " $[ format('<{0}>', dependencies.a.outputs['s.key']) ] "),
                        variable("none", "$[ dependencies.a.outputs['s.none'] ]"),
                        variable("result", "$[ dependencies.a.result ]"),
                        variable("text", "a $[ dependencies.a.result ]"),
                        variable("isKey", "$[ eq(variables['key'], 'x') ]"),
                        variable("upper", "$[ upper(variables['secret']) ]"),
                    ]
                )
            ),
            stage(
                "B",
                after: ["A"],
                when: "and(eq(dependencies.A.outputs['a.s.v'], 'one'), eq(dependencies['A']['result'], 'Succeeded'))",
                variables: [variable("fromStage", "$[ stageDependencies.A.m.outputs['L.s.w'] ]")],
                job("c", when: "eq(stageDependencies.A.a.result, 'Succeeded')")
            ),
            stage(
                "C",
                after: ["B"],
                job("d", variables: [variable("far", "$[ stageDependencies.A.a.outputs['s.v'] ]")])
            ),
        ])
        run.plan()
        run.finish("m", outputs: ["s.w": OutputVariable(value: "from leg")])
        let decisions = run.finishAndPlan(
            "a",
            outputs: ["s.v": OutputVariable(value: "one"), "s.key": OutputVariable(value: "hunter2", isSecret: true)]
        )
        let draft = try #require(decisions.first?.draft)
        #expect(decisions.map(\.brief) == ["create A.b"])
        #expect(
            draft.variables == [
                "x": OutputVariable(value: "one"), "leg": OutputVariable(value: "from leg"),
                "secret": OutputVariable(value: "<hunter2>", isSecret: true), "none": OutputVariable(value: ""),
                "result": OutputVariable(value: "Succeeded"),
                "text": OutputVariable(value: "a $[ dependencies.a.result ]"),
                "isKey": OutputVariable(value: "False"), "upper": OutputVariable(value: "<HUNTER2>", isSecret: true),
            ]
        )
        let next = run.finishAndPlan("b")
        #expect(next.map(\.brief) == ["create B.c"])
        #expect(next.first?.draft?.variables["fromStage"]?.value == "from leg")
        // Only declared dependencies are visible.
        #expect(run.finishAndPlan("c").first?.draft?.variables["far"]?.value == "")
    }

    @Test("limits and flags take macros and expressions, and say what is wrong with them")
    func limits() throws {
        func draft(_ change: (inout PlannedJob) -> Void) -> ProgressDecision? {
            var run = SampleRun(
                [stage("S", job("a", change: change))],
                variables: [variable("m", "90"), variable("t", "On")]
            )
            return run.plan().first
        }
        let made = draft {
            $0.timeoutInMinutes = PlannedText("$(m)")
            $0.cancelTimeoutInMinutes = PlannedText("0")
            $0.continueOnError = PlannedText("$[ variables.t ]")
        }?.draft
        #expect(made?.timeoutInMinutes == 90)
        #expect(made?.cancelTimeoutInMinutes == 1)
        #expect(made?.continueOnError == true)
        #expect(draft { _ in }?.draft?.timeoutInMinutes == 60)
        #expect(
            draft { $0.timeoutInMinutes = PlannedText("soon") }?.sentence
                == "timeoutInMinutes must be a number of minutes, not 'soon'."
        )
        #expect(draft { $0.continueOnError = PlannedText("maybe") }?.brief == "fail S.a")
        #expect(draft { $0.pool = PlannedPool(demands: [PlannedText("a -is b")]) }?.brief == "fail S.a")
        #expect(
            draft { $0.pool = PlannedPool(name: PlannedText("$(pol)", place: "f.yml:1:1")) }?.sentence
                == "f.yml:1:1: The name of the pool '$(pol)' uses the variable 'pol', which is not defined when the job is queued."
        )
    }

    @Test("a bad expression in a variable fails the job that would get it, not one that is skipped")
    func badVariable() {
        let bad = [variable("x", "$[ eq(1) ]")]
        var run = SampleRun([stage("S", job("a", variables: bad), job("b", when: "false", variables: bad))])
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["fail S.a", "skip S.b", "finish failed"])
        #expect(decisions[0].sentence.hasPrefix("a.yml:5:6: Too few parameters supplied: 'eq'."))
    }

    @Test("a counter is reserved before anything that reads it is made")
    func counters() {
        var run = SampleRun(
            [stage("S", job("a", when: "eq(variables.minor, '5')"))],
            variables: [variable("major", "2"), variable("minor", "$[ counter(variables.major, 3) ]")]
        )
        #expect(run.plan().map(\.brief) == ["counter 2 3"])
        #expect(run.snapshot.jobs.isEmpty)
        #expect(queueTimeVariables(of: run.snapshot).missingCounters == [CounterUse(prefix: "2", seed: 3)])
        run.snapshot.counters["2"] = 5
        #expect(run.plan().map(\.brief) == ["create S.a"])
        #expect(run.job("a")?.variables["minor"]?.value == "5")
        #expect(queueTimeVariables(of: run.snapshot).variables["minor"] == "5")
    }

    @Test("a stage's name has its macros expanded")
    func stageName() {
        var planned = stage("S", variables: [variable("v", "1.$(Build.Reason)")], job("a"))
        planned.displayName = "Release $(v)"
        #expect(stageDisplayName("s", in: SampleRun([planned]).snapshot) == "Release 1.Manual")
    }
}

@Suite("Run numbers")
struct RunProgressNumberTests {
    private let facts = RunNumberFacts(
        pipelineName: "app",
        runID: 42,
        sourceBranchName: "main",
        projectName: "Team",
        queuedAt: Date(timeIntervalSince1970: 1_700_000_000),
        variables: ["Version.Major": "3", "slash": "a/b"]
    )

    @Test(
        "are made of tokens, variables and a revision",
        arguments: [
            (nil, "20231114.7"), ("$(Date:yyyyMMdd)$(Rev:.r)", "20231114.7"),
            ("$(Date:yyyy-MM-dd).$(rev:rrr)", "2023-11-14.007"),
            ("$(BuildDefinitionName)_$(BuildID)", "app_42"), ("$(Build.DefinitionName)-$(Build.BuildId)", "app-42"),
            ("$(DayOfMonth).$(DayOfYear).$(Hours).$(Minutes).$(Seconds).$(Month)", "14.318.22.13.20.11"),
            ("$(Year:yy)$(Year:yyyy)", "232023"), ("$(version.major).0$(Rev:.r)-$(SourceBranchName)", "3.0.7-main"),
            ("$(TeamProject)+$(unknown)", "Team+$(unknown)"), ("fixed", "fixed"),
        ] as [(String?, String)]
    )
    func format(_ format: String?, _ expected: String) throws {
        #expect(try formatRunNumber(format.map { PlannedText($0) }, facts) { _, _ in 7 } == expected)
    }

    @Test("the revision is asked for by the text around it")
    func revision() throws {
        var asked: [String] = []
        _ = try formatRunNumber(PlannedText("$(BuildID)-$(Rev:rr)-$(SourceBranchName)"), facts) { prefix, suffix in
            asked.append("\(prefix)|\(suffix)")
            return 1
        }
        #expect(asked == ["42-|-main"])
        _ = try formatRunNumber(PlannedText("no revision"), facts) { _, _ in
            asked.append("again")
            return 1
        }
        #expect(asked.count == 1)
    }

    @Test(
        "what cannot be a number is refused",
        arguments: [
            ("$(slash)", "run-number.forbidden-character"), ("", "run-number.empty"),
            ("x.", "run-number.ends-with-dot"),
            (String(repeating: "x", count: 256), "run-number.too-long"), ("a\nb", "run-number.forbidden-character"),
        ]
    )
    func refused(_ format: String, _ code: String) {
        let error = #expect(throws: InvalidRunNumber.self) {
            try formatRunNumber(PlannedText(format, place: "a.yml:1:7"), facts) { _, _ in 1 }
        }
        #expect(error?.code == code)
        #expect(error?.location == "a.yml:1:7")
    }

    @Test("the run says what its name would have been, and what is wrong with it, in the words of the service")
    func issue() {
        let error = #expect(throws: InvalidRunNumber.self) {
            try formatRunNumber(PlannedText("v$(slash)", place: "a.yml:1:7"), facts) { _, _ in 1 }
        }
        let issue = error?.issue(named: "42")
        #expect(issue?.kind == .error)
        #expect(
            issue?.message == """
                a.yml:1:7: The build number format string 'v$(slash)' generated a build number 'va/b' which contains the \
                invalid character '/'. Characters which are not allowed include '"', '/', ':', '<', '>', '\\', '|', '?', '@', \
                and '*'. The run is called 42 instead. Change the 'name' of the pipeline.
                """
        )
    }

    @Test("every character the documentation forbids is refused", arguments: Array("\"/:<>\\|?@*"))
    func forbidden(_ character: Character) {
        let error = #expect(throws: InvalidRunNumber.self) {
            try formatRunNumber(PlannedText("a\(character)b"), facts) { _, _ in 1 }
        }
        #expect(error?.problem == .forbiddenCharacter(character))
    }
}
