import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("A run's progress")
struct RunProgressTests {
    @Test("stages wait for stages, jobs for jobs, and the run ends after the last")
    func order() {
        var run = SampleRun([
            stage("Build", job("a"), job("b", after: ["a"]), job("c")), stage("Test", after: ["build"], job("t")),
        ])
        #expect(run.plan().map(\.brief) == ["create Build.a", "create Build.c"])
        #expect(run.plan().isEmpty)
        #expect(run.finishAndPlan("a").map(\.brief) == ["create Build.b"])
        #expect(run.finishAndPlan("b").isEmpty)
        #expect(run.finishAndPlan("c", .succeededWithIssues).map(\.brief) == ["create Test.t"])
        #expect(stageResult("Build", in: run.snapshot) == .succeededWithIssues)
        #expect(run.finishAndPlan("t").map(\.brief) == ["finish succeededWithIssues"])
        #expect(run.snapshot.run.state == .completed(.succeededWithIssues))
        #expect(run.plan().isEmpty)
    }

    @Test("nothing is decided for a run that is queued")
    func queued() {
        var run = SampleRun([stage("S", job("a"))])
        run.snapshot.run.state = .queued
        #expect(run.plan().isEmpty)
        #expect(explainWaiting(stage: "S", job: "a", in: run.snapshot) == .runQueued)
    }

    @Test("a failure skips what depends on it, directly or through others, in one planning")
    func skipping() {
        var run = SampleRun([
            stage(
                "A",
                job("a"),
                job("b", after: ["a"]),
                job("c", after: ["b"]),
                job("always", after: ["a"], when: "always()")
            ),
            stage("B", after: ["A"], job("d")), stage("C", after: ["B"], when: "always()", job("e")),
            stage("D", after: ["C"], job("f")),
        ])
        run.plan()
        let decisions = run.finishAndPlan("a", .failed)
        #expect(decisions.map(\.brief) == ["skip A.b", "create A.always", "skip A.c"])
        #expect(decisions.map(\.sentence)[0] == "It needs 'a', which failed.")
        #expect(decisions.map(\.sentence)[2] == "It needs 'b', which was skipped.")
        #expect(run.finishAndPlan("always").map(\.brief) == ["skip B.d", "create C.e"])
        #expect(run.finishAndPlan("e").map(\.brief) == ["skip D.f", "finish failed"])
        #expect(run.snapshot.jobs.last?.state == .finished(.skipped))
    }

    @Test(
        "status functions look at direct and transitive dependencies",
        arguments: [
            ("succeeded()", TaskResult.failed, TaskResult.succeeded, false),
            ("succeeded('b')", .failed, .succeeded, true), ("succeeded('a', 'b')", .failed, .succeeded, false),
            ("failed()", .failed, .succeeded, true), ("failed('b')", .failed, .succeeded, false),
            ("failed('A')", .failed, .succeeded, true), ("failed()", .succeeded, .canceled, false),
            ("succeededOrFailed()", .canceled, .skipped, true),
            ("succeededOrFailed('b')", .succeeded, .canceled, false),
            ("succeededOrFailed('a')", .failed, .succeeded, true), ("always()", .canceled, .canceled, true),
            ("canceled()", .canceled, .canceled, false), ("succeeded()", .succeededWithIssues, .succeeded, true),
            ("failed()", .abandoned, .succeeded, true), ("true", .failed, .failed, true),
            ("False", .succeeded, .succeeded, false),
        ]
    )
    func statusFunctions(_ condition: String, _ first: TaskResult, _ second: TaskResult, _ runs: Bool) {
        var run = SampleRun([
            stage("S", job("a"), job("b", after: ["a"], when: "always()"), job("c", after: ["b"], when: condition))
        ])
        run.plan()
        run.finishAndPlan("a", first)
        #expect(run.finishAndPlan("b", second).first?.brief == (runs ? "create S.c" : "skip S.c"))
    }

    @Test("a condition naming a job that is no dependency fails the job with advice")
    func unknownDependency() throws {
        var run = SampleRun([stage("S", job("build"), job("t", after: ["build"], when: "succeeded('biuld')"))])
        run.plan()
        let decisions = run.finishAndPlan("build")
        #expect(decisions.map(\.brief) == ["fail S.t", "finish failed"])
        guard case .fail(_, let issue) = decisions[0] else { return }
        #expect(issue.message == "a.yml:3:4: 't' does not depend on 'biuld'. Did you mean 'build'?")
        #expect(issue.data["linenumber"] == "3")
        #expect(issue.data["columnnumber"] == "4")
        #expect(issue.data["sourcepath"] == "a.yml")
    }

    @Test("a skip carries the trace of its condition, without secrets")
    func trace() {
        var run = SampleRun(
            [stage("S", job("a", when: "and(succeeded(), eq(variables['token'], variables['Build.Reason']))"))],
            runVariables: ["token": PipelineVariable(value: "s3cret", isSecret: true)]
        )
        let decisions = run.plan()
        #expect(decisions[0].brief == "skip S.a")
        guard case .skip(_, let reason) = decisions[0] else { return }
        #expect(
            reason.trace?.lines == [
                "Evaluating: and(succeeded(), eq(variables['token'], variables['Build.Reason']))",
                "Expanded: and(True, eq('***', 'Manual'))", "Result: False",
            ]
        )
        #expect(decisions.last?.brief == "finish succeeded")
    }

    @Test("continueOnError turns a failure into issues for those who depend on it")
    func continueOnError() {
        var run = SampleRun(
            [
                stage("S", job("a") { $0.continueOnError = PlannedText("$(goOn)") }, job("b", after: ["a"]))
            ],
            variables: [variable("goOn", "True")]
        )
        run.plan()
        #expect(run.finishAndPlan("a", .failed).map(\.brief) == ["create S.b"])
        #expect(phaseResult(stage: "S", job: "a", in: run.snapshot) == .succeededWithIssues)
        #expect(run.finishAndPlan("b").map(\.brief) == ["finish succeededWithIssues"])
    }

    @Test("a later attempt replaces the former")
    func attempts() throws {
        var run = SampleRun([
            stage("S", job("a") { $0.retryCountOnMachineFailure = 1 }, job("b", after: ["a"]))
        ])
        run.plan()
        var lost = try #require(run.job("a"))
        lost.machineFailure = true
        #expect(run.snapshot.mayRetry(lost))
        run.finish("a", .abandoned)
        var retry = lost
        retry.id = JobID(UUID(uuid: (9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        retry.attempt = 2
        retry.state = .waiting
        run.snapshot.jobs.insert(retry, at: 0)
        #expect(!run.snapshot.mayRetry(retry))
        #expect(run.plan().map(\.brief) == ["release"])
        #expect(run.finishAndPlan("a").map(\.brief) == ["create S.b"])
        #expect(run.finishAndPlan("b").map(\.brief) == ["finish succeeded"])
    }

    @Test("plans that can never end are failed, not waited for")
    func brokenGraphs() {
        var run = SampleRun([
            stage("A", after: ["B"], job("a")), stage("B", after: ["A"], job("b"), job("b2")),
            stage(
                "C",
                job("c", after: ["nope"]),
                job("d", after: ["e"]),
                job("e", after: ["d"]),
                job("f", after: ["c"])
            ),
            stage("D", after: ["missing"], job("g")),
        ])
        let decisions = run.plan()
        #expect(
            decisions.map(\.brief) == [
                "fail A.a", "fail B.b", "skip B.b2", "fail D.g", "fail C.c", "fail C.d", "fail C.e", "skip C.f",
                "finish failed",
            ]
        )
        #expect(decisions[3].sentence == "Stage D depends on unknown stage missing.")
        #expect(decisions[4].sentence == "Job c depends on unknown job nope.")
    }

    @Test("a stage whose condition has an error fails once and skips the rest")
    func stageError() {
        var run = SampleRun([stage("S", when: "eq(parameters.x, 'y')", job("a"), job("b")), stage("T", job("c"))])
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["fail S.a", "skip S.b", "create T.c"])
        #expect(decisions[0].sentence.contains("Unrecognized named-value: 'parameters'"))
        #expect(decisions[0].sentence.hasSuffix("write ${{ parameters.name }}."))
        #expect(decisions[1].sentence == "The stage 'S' could not begin.")
    }

    @Test("waiting is explained by the dependencies that have not ended")
    func waiting() {
        var run = SampleRun([
            stage("A", job("a"), job("b"), job("c", after: ["a", "b"])), stage("B", after: ["A"], job("d")),
        ])
        run.plan()
        run.finishAndPlan("a")
        #expect(
            explainWaiting(stage: "a", job: "c", in: run.snapshot)?.sentence
                == "It waits for the job 'b', which waits for an agent."
        )
        #expect(
            explainWaiting(stage: "B", job: "d", in: run.snapshot)
                == .stages([PendingDependency(name: "A", progress: .queued, jobs: ["b"])])
        )
        #expect(explainWaiting(stage: "B", in: run.snapshot) == explainWaiting(stage: "B", job: "d", in: run.snapshot))
        #expect(explainWaiting(stage: "A", job: "b", in: run.snapshot) == nil)
        #expect(explainWaiting(stage: "nope", in: run.snapshot) == nil)
    }

    @Test("standings show when stages and jobs began and ended")
    func standings() throws {
        var run = SampleRun([stage("A", job("a"), job("b", after: ["a"]))])
        run.plan()
        #expect(RunStanding(run.snapshot).stage("A") == .pending)
        run.snapshot.jobs[0].startedAt = run.now
        let began = run.now
        #expect(RunStanding(run.snapshot).phase(stage: "A", job: "a").state == .inProgress)
        run.finishAndPlan("a")
        let ended = try #require(run.job("a")?.finishedAt)
        #expect(
            RunStanding(run.snapshot).phase(stage: "a", job: "A")
                == Standing(state: .completed, result: .succeeded, startedAt: began, finishedAt: ended)
        )
        #expect(RunStanding(run.snapshot).stage("A").state == .inProgress)
        #expect(RunStanding(run.snapshot).stage("A").finishedAt == nil)
    }
}

@Suite("Canceling a run")
struct RunProgressCancelTests {
    @Test("ends what was not sent, skips what has not begun, and keeps what holds after a cancel")
    func cancel() {
        var run = SampleRun([
            stage(
                "A",
                job("running"),
                job("queued"),
                job("cleanup", when: "always()"),
                job("next", after: ["running"]),
                job("report", after: ["running"], when: "canceled()"),
                job("failure", after: ["running"], when: "failed()"),
                job("either", after: ["running"], when: "succeededOrFailed()"),
                job("branch", after: ["running"], when: "eq(variables['Build.Reason'], 'Manual')")
            ),
            stage("B", after: ["A"], job("b")),
            stage("C", after: ["A"], when: "always()", job("c"), job("d", after: ["c"])),
        ])
        run.plan()
        run.cancel()
        // The job called running was not sent either, so that all that depends on it is decided at once.
        #expect(
            run.plan().map(\.brief) == [
                "cancel", "cancel", "skip A.next", "create A.report", "skip A.failure", "skip A.either",
                "create A.branch",
            ]
        )
        #expect(run.states["A.queued"] == .finished(.canceled))
        #expect(run.states["A.cleanup"] == .queued)
        for name in ["cleanup", "report"] { #expect(run.finishAndPlan(name).isEmpty) }
        #expect(run.finishAndPlan("branch").map(\.brief) == ["skip B.b", "create C.c"])
    }

    @Test("lets a running job end before what depends on it is decided")
    func running() {
        var run = SampleRun([
            stage(
                "A",
                job("running"),
                job("next", after: ["running"]),
                job("report", after: ["running"], when: "canceled()"),
                job("failure", after: ["running"], when: "failed()"),
                job("branch", after: ["running"], when: "eq(variables['Build.Reason'], 'Manual')")
            ),
            stage("B", after: ["A"], job("b")),
            stage("C", after: ["A"], when: "always()", job("c"), job("d", after: ["c"])),
        ])
        run.plan()
        let lease = Lease(
            agent: AgentID(1),
            agentName: "x",
            assignedAt: run.now,
            lockedUntil: run.now,
            messageID: 1
        )
        run.snapshot.jobs[0].state = .running(lease)
        run.cancel()
        #expect(run.plan().isEmpty)
        let decisions = run.finishAndPlan("running", .failed)
        #expect(decisions.map(\.brief) == ["skip A.next", "create A.report", "skip A.failure", "create A.branch"])
        #expect(decisions[0].sentence == "The run is being canceled.")
        run.finishAndPlan("report")
        // A stage that begins in spite of the cancel runs its jobs as always.
        #expect(run.finishAndPlan("branch").map(\.brief) == ["skip B.b", "create C.c"])
        #expect(run.finishAndPlan("c").map(\.brief) == ["create C.d"])
        #expect(run.finishAndPlan("d").map(\.brief) == ["finish canceled"])
    }

    @Test("a run with nothing begun ends at once")
    func atOnce() {
        var run = SampleRun([stage("A", job("a")), stage("B", after: ["A"], job("b"))])
        run.cancel()
        #expect(run.plan().map(\.brief) == ["skip A.a", "skip B.b", "finish canceled"])
    }

    @Test("copies held back are canceled with the rest")
    func held() {
        var run = SampleRun([stage("A", job("a", strategy: .parallel(count: 3, maxParallel: 1)))])
        run.plan()
        run.cancel()
        #expect(run.plan().map(\.brief) == ["cancel", "cancel", "cancel", "finish canceled"])
    }
}
