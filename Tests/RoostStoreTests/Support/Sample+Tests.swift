import FoundationEssentials
import RoostModel

extension Sample {
    /// Results that run 17 or another published.
    static func testRun(_ id: Int, of run: Int) -> TestRun {
        TestRun(
            id: TestRunID(id),
            run: RunID(run),
            project: projectID,
            pipeline: PipelineID(5),
            branch: "refs/heads/main",
            commit: "c0ffee",
            name: "Unit \(id)",
            job: "Build.Make.",
            platform: "x64",
            configuration: "Debug",
            state: .completed,
            totals: [.passed: 1, .failed: 1],
            lastResult: 2,
            duration: 12.5,
            textBytes: 40,
            startedAt: date(1),
            finishedAt: date(2),
            attachments: [
                TestRun.Attachment(
                    id: 1,
                    name: "a.xml",
                    kind: "GeneralAttachment",
                    comment: "",
                    size: 3,
                    result: 2,
                    createdAt: 4
                )
            ]
        )
    }

    static func testResult(_ id: Int, of run: TestRun, test: Int, _ outcome: TestOutcome) -> TestResult {
        TestResult(
            testRun: run.id,
            id: id,
            run: run.run,
            pipeline: run.pipeline,
            test: TestID(test),
            name: "test \(test)",
            title: "title \(test)",
            storage: "a.dll",
            outcome: outcome,
            duration: 0.25,
            attempts: outcome == .failed ? [] : [.passed, .passed],
            textOffset: 7,
            textLength: 9
        )
    }
}
