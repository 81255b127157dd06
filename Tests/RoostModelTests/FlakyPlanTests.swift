import Foundation
import RoostModel
import Testing

@Suite("Flaky tests and new failures")
struct FlakyPlanTests {
    private func seen(
        _ run: Int,
        _ outcome: TestOutcome,
        commit: String = "a",
        setting: String = "",
        test: Int = 1,
        branch: String = "main",
        tries: [TestOutcome] = []
    ) -> TestOccurrence {
        var result = TestResult(
            testRun: TestRunID(run),
            id: 1,
            run: RunID(run),
            pipeline: PipelineID(1),
            test: TestID(test),
            name: "t\(test)",
            title: "t\(test)",
            outcome: outcome
        )
        result.attempts = tries
        return TestOccurrence(
            result: result,
            branch: branch,
            commit: commit,
            setting: setting,
            at: Date(timeIntervalSince1970: 0)
        )
    }

    @Test("two runs of one commit that end differently make a test flaky, whichever came first")
    func sameCommit() {
        for runs in [
            [seen(1, .failed), seen(2, .passed)], [seen(2, .passed), seen(1, .failed), seen(3, .passed, commit: "b")],
        ] {
            #expect(planFlakyTests(runs).map(\.reasons) == [[.sameCommit("a", failed: RunID(1), passed: RunID(2))]])
        }
    }

    @Test("tries of one run that end differently make a test flaky")
    func reruns() {
        let marks = planFlakyTests([
            seen(4, .passed, tries: [.failed, .failed, .passed]), seen(5, .passed, commit: "b"),
        ])
        #expect(
            marks == [FlakyMark(test: TestID(1), name: "t1", reasons: [.reruns(run: RunID(4))], seen: 4, failed: 2)]
        )
    }

    @Test(
        "what is broken, mended, skipped, or fails with one setting only is not flaky",
        arguments: [
            [(1, TestOutcome.failed, "a", ""), (2, .passed, "b", "")],
            [(1, .failed, "a", "linux"), (2, .passed, "a", "mac")],
            [(1, .failed, "a", ""), (2, .notExecuted, "a", "")], [(1, .failed, "", ""), (2, .passed, "", "")],
            [(1, .failed, "a", ""), (1, .passed, "a", "")],
        ]
    )
    func not(all: [(Int, TestOutcome, String, String)]) {
        #expect(planFlakyTests(all.map { seen($0.0, $0.1, commit: $0.2, setting: $0.3) }).isEmpty)
    }

    @Test("those that fail most often come first, and planning does not depend on the order")
    func order() {
        let all = [
            seen(1, .failed), seen(2, .passed), seen(1, .failed, test: 2), seen(2, .passed, test: 2),
            seen(3, .failed, test: 2),
        ]
        #expect(planFlakyTests(all).map(\.test) == [TestID(2), TestID(1)])
        #expect(planFlakyTests(all.reversed()).map(\.test) == [TestID(2), TestID(1)])
    }

    @Test("a failure is new unless the last earlier result of its branch and setting failed too")
    func newFailures() {
        let now = [
            seen(9, .failed, test: 1), seen(9, .failed, test: 2), seen(9, .failed, test: 3), seen(9, .failed, test: 4),
        ]
        let earlier = [
            seen(7, .failed, test: 1), seen(8, .passed, test: 1), seen(8, .failed, test: 2), seen(7, .passed, test: 2),
            seen(8, .failed, test: 3, branch: "other"), seen(8, .failed, setting: "mac", test: 4),
            seen(9, .failed, test: 1),
        ]
        #expect(planNewFailures(now, earlier: earlier) == [TestID(1), TestID(3), TestID(4)])
    }

    @Test("numbers in the title of a publication do not make another setting")
    func setting() {
        func run(_ name: String) -> TestRun {
            TestRun(
                id: TestRunID(1),
                run: RunID(1),
                project: ProjectID(UUID()),
                pipeline: PipelineID(1),
                branch: "main",
                commit: "a",
                name: name,
                startedAt: Date(timeIntervalSince1970: 0)
            )
        }
        #expect(run("Unit 12_3").setting == run("Unit 13_9").setting)
        #expect(run("Unit 12").setting != run("Integration 12").setting)
    }
}
