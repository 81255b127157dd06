import Foundation
import FoundationNetworking
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Test results through server and agent", .serialized, .timeLimit(.minutes(4)))
struct TestResultTests {
    /// The first run of a commit fails, later ones pass.
    private static let pipeline = """
        steps:
        - bash: |
            mkdir -p out
            failure=''
            if [ "$(fate)" = fails ]; then failure='<failure message="it rains">at Umbrella</failure>'; fi
            echo "<testsuite name='s'><testcase classname='c' name='weather' time='0,5'>$failure<system-out>cloudy</system-out></testcase><testcase classname='c' name='steady'/></testsuite>" > out/TEST-a.xml
            echo "<testsuite><testcase classname='c' name='stubborn'><flakyFailure message='once'/></testcase></testsuite>" > out/TEST-b.xml
            echo "<coverage><packages><package><classes><class filename='a'><lines><line number='1' hits='1'/><line number='2' hits='$(hits)'/></lines></class></classes></package></packages></coverage>" > cov.xml
            printf '# Weather\\n\\n<script>alert(1)</script> [x](javascript:alert(1)) **bold**\\n' > sum.md
            echo "##vso[task.uploadsummary]$PWD/sum.md"
            echo kept > note.txt
            echo "##vso[task.uploadfile]$PWD/note.txt"
            echo "##vso[task.logdetail id=6f1c1b0a-0000-4000-8000-000000000001;name=Part one;type=build;order=1;state=Completed;result=Succeeded]done"
        - task: PublishTestResults@2
          inputs: { testResultsFiles: 'out/TEST-*.xml', mergeTestResults: true, testRunTitle: 'Unit $(Build.BuildId)' }
        - task: PublishCodeCoverageResults@2
          inputs: { summaryFileLocation: cov.xml }
        """

    @Test(
        "three runs of one commit make a test flaky; history, new failures, coverage, details and summaries are shown"
    )
    func flaky() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.pipeline])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: true) { cluster in
            try await cluster.withRealAgent {
                let pipeline = try await cluster.pipeline(repository)
                var runs: [RunID] = []
                for (fate, hits) in [("passes", "0"), ("fails", "0"), ("passes", "1")] {
                    let run = try await cluster.queue(
                        pipeline,
                        variables: ["fate": PipelineVariable(value: fate), "hits": PipelineVariable(value: hits)]
                    )
                    let view = try await cluster.finished(run.id)
                    let output = try await cluster.output(of: run.id)
                    #expect(view.run.state == .completed(.succeeded), "\(output)")
                    runs.append(run.id)
                }
                try await checkTests(cluster, pipeline, runs)
                try await checkReports(cluster, runs)
                try await checkPages(cluster, runs)
                for run in runs { try await cluster.plane.deleteRun(run, by: .system) }
                let left = try await cluster.plane.testRuns(project: nil, before: nil, limit: 10)
                #expect(left.isEmpty)
                await #expect(throws: (any Error).self, "the name of a test outlived its results") {
                    try await cluster.client.testHistory("c.weather")
                }
            }
        }
    }

    private func checkTests(_ cluster: TestCluster, _ pipeline: Pipeline, _ runs: [RunID]) async throws {
        let second = try await cluster.client.tests(run: runs[1].rawValue, details: true)
        let counts: [Int] = [second.total, second.passed, second.failed, second.newFailures, second.flaky]
        #expect(counts == [3, 2, 1, 1, 2])
        let first = try #require(second.results.first)
        #expect(first.name == "c.weather")
        let texts: [String?] = [first.errorMessage, first.stackTrace, first.standardOutput]
        #expect(texts == ["it rains", "at Umbrella", "cloudy"])
        #expect(first.isNew && first.isFlaky)
        #expect(first.durationInMs == 500)
        #expect(first.history == ["Passed", "Failed"])
        #expect(second.results[1].attempts == ["Failed", "Passed"])
        let only = try await cluster.client.tests(run: runs[1].rawValue, name: "STEADY", outcome: "passed")
        #expect(only.results.map(\.name) == ["c.steady"])
        let flaky = try await cluster.client.flakyTests(pipeline: pipeline.id.rawValue)
        #expect(flaky.map(\.name) == ["c.stubborn", "c.weather"])
        #expect(flaky.last?.reasons.first?.hasPrefix("failed in run \(runs[1]) and passed in run \(runs[2])") == true)
        let history = try await cluster.client.testHistory("c.weather", branch: "main")
        #expect(history.map(\.outcome) == ["Passed", "Failed", "Passed"])
        #expect(history.map(\.run) == runs.reversed().map(\.rawValue))
        let publications = try await cluster.client.testRuns(run: runs[0].rawValue)
        #expect(publications.map(\.name) == ["Unit \(runs[0])"])
        #expect(publications.first?.totalTests == 3)
    }

    private func checkReports(_ cluster: TestCluster, _ runs: [RunID]) async throws {
        let coverage = try await cluster.client.coverage(run: runs[2].rawValue)
        let lines = try #require(coverage.coverageData.first?.coverageStats.first)
        #expect(lines.covered == 2 && lines.total == 2)
        #expect(lines.delta == 50)
        #expect(coverage.deltaBuild?.id == runs[1].description)
        let records = try await cluster.plane.run(runs[0]).records
        let detail = try #require(records.first { $0.name == "Part one" })
        #expect(detail.kind.rawValue == "build")
        #expect(detail.result == .succeeded)
        #expect(records.first { $0.id == detail.parent }?.kind == .task)
    }

    private func checkPages(_ cluster: TestCluster, _ runs: [RunID]) async throws {
        let page = try await cluster.page("/runs/\(runs[1])")
        #expect(page.contains("id=\"show-tests\""))
        #expect(page.contains("<h3>Weather</h3>"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; x <strong>bold</strong>"))
        #expect(!page.contains("<script>alert") && !page.contains("javascript:"))
        #expect(page.contains("Part one"))
        #expect(page.contains("id=\"coverage\""))
        let tests = try await cluster.page("/runs/\(runs[1])/tests?outcome=failed")
        #expect(tests.contains("it rains") && tests.contains("c.weather") && !tests.contains("c.steady"))
        #expect(tests.contains("badge warn") && tests.contains("badge bad") && tests.contains("class=\"strip\""))
    }
}

extension TestCluster {
    /// A page of the dashboard as a signed-in person gets it.
    fileprivate func page(_ path: String) async throws -> String {
        let session = try plane.issueDashboardSession(pat: token.exposed, lifetime: .seconds(60))?.exposed
        var request = URLRequest(url: try #require(URL(string: address.dropLast() + path)))
        request.setValue("roost_session=\(session ?? "")", forHTTPHeaderField: "Cookie")
        request.setValue("en", forHTTPHeaderField: "Accept-Language")
        let (data, _) = try await URLSession.shared.data(for: request)
        return String(decoding: data, as: UTF8.self)
    }
}
