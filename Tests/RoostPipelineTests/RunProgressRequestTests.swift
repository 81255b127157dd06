import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

@Suite("What people ask of stages")
struct RunProgressRequestTests {
    private static func manual(_ name: String, after: [String] = [], when condition: String? = nil) -> PlannedStage {
        var stage = stage(name, after: after, when: condition, job("\(name)1"), job("\(name)2"))
        stage.trigger = .manual
        return stage
    }

    @Test("a manual stage waits for its dependencies, then for a person, and begins when one starts it")
    func start() {
        var run = SampleRun([stage("A", job("a")), Self.manual("B", after: ["A"]), stage("C", after: ["B"], job("c"))])
        #expect(run.plan().map(\.brief) == ["create A.a"])
        #expect(explainWaiting(stage: "B", in: run.snapshot) != .start)
        #expect(run.finishAndPlan("a").isEmpty)
        #expect(explainWaiting(stage: "B", in: run.snapshot) == .start)
        #expect(WaitExplanation.start.sentence == "It waits for a person to start it.")
        run.ask(.start, "B")
        #expect(run.plan().map(\.brief) == ["create B.B1", "create B.B2"])
        #expect(explainWaiting(stage: "B", in: run.snapshot) == nil)
        run.finish("B1")
        #expect(run.finishAndPlan("B2").map(\.brief) == ["create C.c"])
    }

    @Test("a manual stage whose condition does not hold is skipped without anybody")
    func condition() {
        var run = SampleRun([stage("A", job("a")), Self.manual("B", after: ["A"])])
        run.plan()
        #expect(run.finishAndPlan("a", .failed).map(\.brief) == ["skip B.B1", "skip B.B2", "finish failed"])
    }

    @Test("a manual stage that nobody started ends with the run's cancel, whatever its condition")
    func runCanceled() {
        var run = SampleRun([Self.manual("A", when: "always()")])
        #expect(run.plan().isEmpty)
        run.cancel()
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["skip A.A1", "skip A.A2", "finish canceled"])
        #expect(decisions[0].sentence == "The stage 'A' is skipped. The run is being canceled.")
    }

    @Test("a stage that somebody skips ends as skipped, and those after it see that")
    func skip() {
        var run = SampleRun([
            Self.manual("A"), stage("B", after: ["A"], job("b")),
            stage("C", after: ["A"], when: "eq(dependencies.A.result, 'Skipped')", job("c")),
        ])
        run.plan()
        run.ask(.skip, "A")
        let decisions = run.plan()
        #expect(decisions.map(\.brief) == ["skip A.A1", "skip A.A2", "skip B.b", "create C.c"])
        #expect(decisions[0].sentence == "Ann skipped the stage 'A'.")
        #expect(run.finishAndPlan("c").map(\.brief) == ["finish succeeded"])
    }

    @Test("canceling a stage that has not begun ends it as canceled and lets others run")
    func cancelBefore() {
        var run = SampleRun([
            stage("A", job("a")), stage("B", after: ["A"], when: "always()", job("b"), job("b2")), stage("C", job("c")),
        ])
        run.plan()
        run.ask(.cancel, "B")
        #expect(run.finishAndPlan("a").map(\.brief) == ["refuse B.b canceled", "skip B.b2"])
        #expect(stageResult("B", in: run.snapshot) == .canceled)
        #expect(run.finishAndPlan("c").map(\.brief) == ["finish canceled"])
    }

    @Test("canceling a stage that runs ends what waits in it but for jobs whose condition holds after a cancel")
    func cancelWithin() {
        var run = SampleRun([
            stage("A", job("a"), job("b", after: ["a"]), job("clean", after: ["a"], when: "always()")),
            stage("B", after: [], job("other"), job("later", after: ["other"])),
        ])
        run.plan()
        run.ask(.cancel, "A")
        let decisions = run.finishAndPlan("a", .canceled)
        #expect(decisions.map(\.brief) == ["skip A.b", "create A.clean"])
        #expect(decisions[0].sentence == "Ann canceled the stage 'A'.")
        #expect(run.finishAndPlan("other").map(\.brief) == ["create B.later"])
    }
}

extension SampleRun {
    fileprivate mutating func ask(_ kind: StageRequest.Kind, _ stage: String) {
        snapshot.run.stageRequests.append(StageRequest(stage: stage, kind: kind, by: "Ann", at: now))
    }
}
