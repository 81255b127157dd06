import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Reports to a server")
struct ServerReporterTests {
    @Test("changes of a record are merged, later ones win, and what failed is sent again first")
    func pendingRecords() {
        let (a, b, c) = (UUID(), UUID(), UUID())
        var pending = PendingRecords()
        pending.add([TimelineRecordWire(id: a, name: "one", state: "pending"), TimelineRecordWire(id: b)])
        pending.add([TimelineRecordWire(id: a, state: "inProgress")])
        let batch = pending.take(atMost: 1)
        #expect(batch == [TimelineRecordWire(id: a, name: "one", state: "inProgress")])
        pending.add([TimelineRecordWire(id: c), TimelineRecordWire(id: a, state: "completed", result: "failed")])
        pending.putBack(batch)
        #expect(pending.take(atMost: 9).map(\.id) == [a, b, c])
        #expect(pending.isEmpty)
    }

    @Test("records are merged with what could not be sent")
    func mergedAfterFailure() {
        let id = UUID()
        var pending = PendingRecords()
        pending.add([TimelineRecordWire(id: id, state: "completed")])
        pending.putBack([TimelineRecordWire(id: id, name: "n", state: "inProgress")])
        #expect(pending.take(atMost: 9) == [TimelineRecordWire(id: id, name: "n", state: "completed")])
    }

    /// A reporter of a made-up job at a server.
    static func reporter(_ server: FakeServer) throws -> (ServerReporter, RoostClient) {
        let client = try RoostClient(
            url: server.url,
            credential: .bearer(Secret("job-token")),
            options: ClientOptions(userAgent: "test", timeout: .seconds(10), retries: 0)
        )
        let address = PlanAddress(scope: UUID(), plan: UUID(), timeline: UUID())
        return (ServerReporter(client: client, address: address, job: UUID(), request: 4, run: 12), client)
    }

    @Test("all records are there before the job is complete, also when the server was away")
    func completion() async throws {
        let server = try FakeServer()
        server.state.change { $0.failuresToCome = 2 }
        let (reporter, client) = try Self.reporter(server)
        let id = UUID()
        reporter.updateRecords([TimelineRecordWire(id: id, state: "inProgress")])
        reporter.updateRecords([TimelineRecordWire(id: id, state: "completed", result: "succeeded")])
        try await reporter.complete(.succeeded, outputs: ["a.b": OutputVariable(value: "c")], agentShuttingDown: false)
        let requests = server.state.value.accepted
        #expect(requests.map(\.method) == ["PATCH", "POST"])
        #expect(requests.first?.body.contains("\"completed\"") == true)
        #expect(requests.last?.path.hasSuffix("/events") == true)
        #expect(requests.last?.body.contains("\"a.b\":{") == true)
        #expect(requests.allSatisfy { $0.authorization == "Bearer job-token" })
        await client.close()
        server.close()
    }

    @Test("the first change goes at once, without waiting for company")
    func firstAtOnce() async throws {
        let server = try FakeServer()
        let (reporter, client) = try Self.reporter(server)
        let running = Task { await reporter.run() }
        reporter.updateRecords([TimelineRecordWire(id: UUID(), state: "inProgress")])
        await server.state.wait { $0.accepted.count == 1 }
        running.cancel()
        await running.value
        await client.close()
        server.close()
    }

    @Test("a token that has ended ends the reporting instead of trying for ever")
    func refused() async throws {
        let server = try FakeServer()
        server.state.change { $0.status = "401 Unauthorized" }
        let (reporter, client) = try Self.reporter(server)
        reporter.updateRecords([TimelineRecordWire(id: UUID())])
        await #expect(throws: ReportFailure.self) {
            try await reporter.complete(.succeeded, outputs: [:], agentShuttingDown: false)
        }
        await #expect(throws: ReportFailure.self) { _ = try await reporter.createLog(path: "x") }
        await client.close()
        server.close()
    }
}
