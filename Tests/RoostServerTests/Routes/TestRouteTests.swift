import Foundation
import RoostModel
import RoostStore
import Testing

@testable import RoostServer

@Suite("Test results and coverage over HTTP")
struct TestRouteTests {
    private static func begin(
        _ server: LiveServer,
        as sender: LiveServer.Sender,
        name: String = "Unit"
    ) async throws -> Int {
        let body = #"{"name":"\#(name)","automated":true,"build":{"id":"\#(server.seed.run.id)"}}"#
        let answer = try await server.send(.POST, "/_apis/test/runs", as: sender, body: body)
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["id"] as? Int)
    }

    @Test("a request that is repeated with its numbers changes nothing, and one without numbers adds")
    func repeated() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let id = try await Self.begin(server, as: job)
            let path = "/_apis/test/runs/\(id)/results"
            let two =
                #"[{"id":1,"automatedTestName":"a","outcome":"Passed","durationInMs":2},{"id":2,"automatedTestName":"b","outcome":"Failed","errorMessage":"no","durationInMs":3}]"#
            for _ in 0..<2 {
                let answer = try await server.send(.POST, path, as: job, body: two)
                #expect(answer.status == 200, "\(answer.text)")
            }
            _ = try await server.send(.POST, path, as: job, body: #"[{"testCaseTitle":"c","outcome":"NotExecuted"}]"#)
            let run = try await server.app.plane.testRun(TestRunID(id))
            #expect(run.totals == [.passed: 1, .failed: 1, .notExecuted: 1])
            #expect(run.duration == 5)
            #expect(run.lastResult == 3)
            #expect(run.job == "\(server.seed.job.stage).\(server.seed.job.name).\(server.seed.job.leg ?? "")")
            let failed = try await server.send(path: "\(path)?outcomes=Failed")
            #expect(failed.list.map { $0["errorMessage"] as? String } == ["no"])
            let summary = try await server.send(path: "/_apis/test/ResultSummaryByBuild?buildId=\(server.seed.run.id)")
            let analysis = try #require(summary.json["aggregatedResultsAnalysis"] as? [String: Any])
            #expect(analysis["totalTests"] as? Int == 3)
            #expect(analysis["duration"] as? String == "00:00:00.0050000")
            let failures = try #require(summary.json["testFailures"] as? [String: [String: Any]])
            #expect(failures["newFailures"]?["count"] as? Int == 1)
        }
    }

    @Test("what cannot be a result is refused with what is wrong, and nothing of the request is kept")
    func refusals() async throws {
        try await LiveServer.with { server in
            let id = try await Self.begin(server, as: .admin)
            let path = "/_apis/test/runs/\(id)/results"
            let many = "[\(Array(repeating: #"{"automatedTestName":"a"}"#, count: 1001).joined(separator: ","))]"
            let cases = [
                (#"[{"outcome":"Passed"}]"#, "neither 'automatedTestName'"),
                (#"[{"automatedTestName":"a","outcome":"Great"}]"#, "'Great' is no outcome"),
                (many, "has 1001 entries"),
                (#"[{"id":1000001,"automatedTestName":"a"}]"#, "at most 1000000"),
            ]
            for (body, text) in cases {
                let answer = try await server.send(.POST, path, body: body)
                #expect(answer.status == 400 && answer.message.contains(text), "\(answer.status) \(answer.message)")
            }
            #expect(try await server.app.plane.testRun(TestRunID(id)).count == 0)
            let state = try await server.send(.PATCH, "/_apis/test/runs/\(id)", body: #"{"state":"Happy"}"#)
            #expect(state.status == 400 && state.message.contains("'Happy' is no state"))
            for (body, status) in [(#"{"name":"x"}"#, 400), (#"{"name":"x","build":{"id":"99999"}}"#, 404)] {
                #expect(try await server.send(.POST, "/_apis/test/runs", body: body).status == status)
            }
            for missing in ["/_apis/test/runs/999", "\(path)/77", "/_apis/test/runs/\(id)/attachments/5"] {
                #expect(try await server.send(path: missing).status == 404, "\(missing)")
            }
            let stream = try await server.send(
                .POST,
                "/_apis/test/runs/\(id)/attachments",
                body: #"{"stream":"%%","fileName":"a"}"#
            )
            #expect(stream.status == 400 && stream.message.contains("not base64"))
        }
    }

    @Test("a job reaches the tests and the coverage of its own run alone")
    func foreign() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            var other = server.seed.run
            other.id = RunID(server.seed.run.id.rawValue + 50)
            other.planID = PlanID(UUID())
            other.state = .completed(.succeeded)
            try await server.store.submit([.putRun(other)]).durable()
            let made = try await server.send(
                .POST,
                "/_apis/test/runs",
                body: #"{"name":"x","build":{"id":"\#(other.id)"}}"#
            )
            let id = try #require(made.json["id"] as? Int)
            let stats = #"{"coverageStats":[{"label":"Lines","covered":1,"total":2}]}"#
            let requests: [(LiveServer.Verb, String, String?)] = [
                (.GET, "/_apis/test/runs/\(id)", nil), (.PATCH, "/_apis/test/runs/\(id)", "{}"),
                (.POST, "/_apis/test/runs/\(id)/results", "[]"), (.GET, "/_apis/test/runs/\(id)/results", nil),
                (.GET, "/_apis/test/runs?buildIds=\(other.id)", nil), (.GET, "/_apis/test/runs", nil),
                (.POST, "/_apis/test/runs", #"{"build":{"id":"\#(other.id)"}}"#),
                (.POST, "/_apis/test/codecoverage?buildId=\(other.id)", stats),
                (.GET, "/_apis/test/codecoverage?buildId=\(other.id)", nil),
                (.GET, "/_apis/test/resultsummarybybuild?buildId=\(other.id)", nil),
                (.GET, "/_apis/roost/runs/\(other.id)/tests", nil), (.DELETE, "/_apis/test/runs/\(id)", nil),
            ]
            for (method, path, body) in requests {
                let answer = try await server.send(method, path, as: job, body: body)
                #expect(answer.status == 403, "\(answer.status) \(method) \(path)")
            }
        }
    }

    @Test("coverage adds up, is compared with the branch's last run, and refuses what cannot be")
    func coverage() async throws {
        try await LiveServer.with { server in
            let run = server.seed.run
            let path = "/_apis/test/codecoverage?buildId=\(run.id)"
            for _ in 0..<2 {
                let body = #"{"buildFlavor":"Debug","coverageStats":[{"label":"Lines","covered":1,"total":2}]}"#
                #expect(try await server.send(.POST, path, body: body).status == 200)
            }
            let wrong = try await server.send(
                .POST,
                path,
                body: #"{"coverageStats":[{"label":"Lines","covered":3,"total":2}]}"#
            )
            #expect(wrong.status == 400 && wrong.message.contains("3 of 2 cannot be"))
            let answer = try await server.send(path: path)
            let data = try #require((answer.json["coverageData"] as? [[String: Any]])?.first)
            let stats = try #require((data["coverageStats"] as? [[String: Any]])?.first)
            #expect([stats["covered"], stats["total"]].map { $0 as? Int } == [2, 4])
            #expect(stats["isDeltaAvailable"] as? Bool == false)
            #expect(data["buildFlavor"] as? String == "Debug")
            #expect(try await server.send(path: "/_apis/test/codecoverage").status == 400)
        }
    }
}

extension LiveServer {
    fileprivate func send(path: String) async throws -> Answer { try await send(.GET, path) }
}
