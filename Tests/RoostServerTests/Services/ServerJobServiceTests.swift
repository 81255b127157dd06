import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostClient
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Jobs without an agent on the server", .timeLimit(.minutes(6)))
struct ServerJobServiceTests {
    private static let yaml = """
        jobs:
        - job: Ask
          pool: server
          timeoutInMinutes: 30
          variables: { who: ann }
          steps:
          - task: Delay@1
            inputs: { delayForMinutes: 0 }
          - task: ManualValidation@1
            displayName: Look at it
            inputs:
              notifyUsers: boss@example.com
              approvers: $(who), bob
              instructions: |
                Is it good?
                Really?
        - job: After
          pool: server
          dependsOn: Ask
          steps: [ { task: Delay@1, inputs: { delayForMinutes: "0" } } ]
        - job: OnFailure
          pool: server
          dependsOn: Ask
          condition: failed()
          steps: [ { task: Delay@1, inputs: { delayForMinutes: "0" } } ]
        """

    private func with(
        _ yaml: String = yaml,
        dashboard: Bool = false,
        _ body: @Sendable @escaping (TestCluster, Pipeline) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: dashboard) { cluster in
            try await body(cluster, try await cluster.pipeline(repository))
        }
    }

    private func caller(_ name: String) -> Caller { Caller(.user(name: name, scopes: [.full])) }

    private func result(_ view: RunView, _ job: String) -> TaskResult? {
        view.jobs.first { $0.name == job }?.state.result
    }

    @Test("a run waits for a person over a restart, says so, and goes on with a log of what was said")
    func resumed() async throws {
        try await with { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            let why = try await cluster.client.why(run: run.id.rawValue)
            #expect(why.first?.code == "manual-validation")
            #expect(why.first?.sentence?.contains("'Look at it' waits for ann, bob") == true)
            try await cluster.plane.load()
            let waiting = try #require(try await cluster.client.validations(ofRun: run.id.rawValue).first)
            #expect(waiting.instructions == "Is it good?\nReally?\n" && waiting.onTimeout == "reject")
            #expect(waiting.refusal == "Only ann, bob may decide about it.")
            let refused = await #expect(throws: ControlError.self) {
                try await cluster.plane.answer(
                    validationOf: run.id,
                    isResumed: true,
                    comment: "",
                    by: self.caller("eve")
                )
            }
            #expect(refused?.summary.contains("Only ann, bob may decide") == true)
            try await cluster.plane.answer(
                validationOf: run.id,
                isResumed: true,
                comment: "looks right",
                by: self.caller("Bob")
            )
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            #expect(self.result(view, "After") == .succeeded && self.result(view, "OnFailure") == .skipped)
            let record = try #require(view.records.first { $0.name == "Look at it" })
            #expect(record.result == .succeeded)
            var bytes: [UInt8] = []
            for try await more in try await cluster.plane.followLog(run: run.id, log: try #require(record.log), from: 0)
            {
                bytes += more
            }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
                String($0.split(separator: " ", maxSplits: 1).last ?? "")
            }
            #expect(
                lines == [
                    "##[section]Starting: Look at it", "Is it good?", "Really?", "Approvers: ann, bob",
                    "To be told: boss@example.com", "Resumed by Bob. Comment: looks right",
                    "##[section]Finishing: Look at it",
                ]
            )
            let audit = try await cluster.plane.auditEvents(limit: 20, before: nil)
            #expect(audit.contains { $0.action == "validation.resume" && $0.detail.contains("looks right") })
            await #expect(throws: ControlError.self) {
                try await cluster.plane.answer(
                    validationOf: run.id,
                    isResumed: true,
                    comment: "",
                    by: self.caller("Bob")
                )
            }
        }
    }

    @Test("a rejection fails the job, with the reason, and what asks for a failure runs")
    func rejected() async throws {
        try await with(Self.yaml.replacingOccurrences(of: "$(who), bob", with: "")) { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            let answer = ValidationAnswerWire(status: "rejected", comment: "no")
            let answered = try await cluster.client.answerValidation(ofRun: run.id.rawValue, answer)
            #expect(answered.step == "Look at it")
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.failed))
            #expect(self.result(view, "Ask") == .failed && self.result(view, "OnFailure") == .succeeded)
            #expect(self.result(view, "After") == .skipped)
            #expect(view.records.flatMap(\.issues).map(\.message) == ["Rejected by admin. Comment: no"])
        }
    }

    @Test("a cancel ends what waits, and a run that waits keeps no agent")
    func canceled() async throws {
        try await with { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.canceled))
            #expect(self.result(view, "Ask") == .canceled)
            #expect(view.records.first { $0.name == "Look at it" }?.result == .canceled)
        }
    }

    @Test("a delay ends by itself, on the clock of the server")
    func delayed() async throws {
        let yaml = """
            pool: server
            steps: [ { task: Delay@1, inputs: { delayForMinutes: 0.002 } } ]
            """
        try await with(yaml) { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            let record = try #require(view.records.first { $0.kind == .task })
            let took = try #require(record.finishedAt).timeIntervalSince(try #require(record.startedAt))
            #expect(took >= 0.12)
        }
    }

    @Test("steps that need an agent are refused when the run is queued, with their place")
    func refused() async throws {
        let yaml = """
            jobs:
            - job: A
              pool: server
              steps:
              - script: echo
            - job: B
              pool: Default
              steps:
              - task: Delay@1
            - deployment: C
              pool: server
              environment: e
              strategy: { runOnce: { deploy: { steps: [ { task: Delay@1 } ] } } }
            """
        try await with(yaml) { cluster, pipeline in
            let error = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            let text = "\(error.map { "\($0.summary) \($0)" } ?? "")"
            #expect(text.contains("5:") && text.contains("'script' step needs an agent"))
            #expect(text.contains("11:") && text.contains("deployments need agents"))
            #expect(text.contains("9:") && text.contains("'Delay@1' is carried out by the server"))
        }
    }

    @Test("the page of the run has the buttons, and they answer")
    func page() async throws {
        try await with(Self.yaml.replacingOccurrences(of: "$(who), bob", with: ""), dashboard: true) {
            cluster,
            pipeline in
            let run = try await cluster.queue(pipeline)
            let session = try #require(
                try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(600))
            )
            func send(_ path: String, form: String? = nil) async throws -> String {
                var request = HTTPClientRequest(url: cluster.address.dropLast() + path)
                request.headers.add(name: "Cookie", value: "roost_session=\(session.exposed)")
                if let form {
                    request.method = .POST
                    request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
                    request.body = .bytes(ByteBuffer(string: form))
                }
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
                return String(buffer: try await response.body.collect(upTo: 4 << 20))
            }
            let id = try #require(cluster.plane.validations(of: run.id).first).id
            let page = try await send("/runs/\(run.id)")
            #expect(page.contains("id=\"resume-\(id)\"") && page.contains("Is it good?"))
            _ = try await send("/runs/\(run.id)/validations/\(id)/reject", form: "comment=not+now")
            let view = try await cluster.finished(run.id)
            #expect(view.records.flatMap(\.issues).map(\.message) == ["Rejected by admin. Comment: not now"])
        }
    }
}
