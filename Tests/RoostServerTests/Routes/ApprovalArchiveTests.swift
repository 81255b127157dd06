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

@Suite("Approvals of runs that have ended", .timeLimit(.minutes(6)))
struct ApprovalArchiveTests {
    private static let yaml = """
        stages:
        - stage: Ship
          jobs:
          - deployment: Web
            environment: production
            strategy: { runOnce: { deploy: { steps: [ { bash: echo } ] } } }
        """

    /// Three runs: the first rejected, the second canceled, and both forgotten by the server's memory; the third waits.
    private func with(_ body: @Sendable @escaping (TestCluster, [Run]) async throws -> Void) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let project = try #require(cluster.plane.projects().first)
            let environment = try await cluster.plane.createEnvironment(
                name: "production",
                project: project.id,
                by: .system
            )
            let policy = ApprovalPolicy(approvers: ["ann", "bob"], minimumCount: 1)
            try await cluster.plane.createCheck(.approval(policy), on: environment.id, by: .system)
            let pipeline = try await cluster.pipeline(repository)
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "idle"
            )
            var runs: [Run] = []
            for _ in 0..<3 { runs.append(try await cluster.queue(pipeline)) }
            let first = try #require(cluster.plane.approvals(in: nil, isOpen: true, run: runs[0].id).first)
            try await cluster.plane.decide(
                approval: first.check.id,
                isApproved: false,
                comment: "not today",
                by: Caller(.user(name: "ann", scopes: [.full]))
            )
            _ = try await cluster.plane.cancelRun(runs[1].id, by: .system)
            for run in runs.prefix(2) {
                _ = try await cluster.finished(run.id)
                try await cluster.plane.change { state, _ in state.forget(run.id) }
            }
            #expect(cluster.plane.approvals(in: nil).map(\.run) == [runs[2].id])
            try await body(cluster, runs)
            await agent.close()
        }
    }

    private func ask(_ cluster: TestCluster, _ query: String) async throws -> [ApprovalWire] {
        try WireJSON.decode(WireList<ApprovalWire>.self, from: try await get(cluster, query)).value
    }

    private func get(_ cluster: TestCluster, _ rest: String) async throws -> Data {
        var request = HTTPClientRequest(url: "\(cluster.address)_apis/pipelines/approvals\(rest)")
        request.headers.add(name: "Authorization", value: "Bearer \(cluster.token.exposed)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
        guard response.status == .ok else { throw TestFailure("\(response.status)") }
        return Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
    }

    @Test("the list has them from the store, by state, approver, run and id")
    func list() async throws {
        try await with { cluster, runs in
            let all = try await self.ask(cluster, "")
            #expect(all.map(\.status) == ["rejected", "canceled", "pending"])
            #expect(all.map(\.pipeline?.owner?.id) == runs.map(\.id.rawValue))
            #expect(all[0].steps?.map(\.status) == ["rejected", "skipped"])
            #expect(all[0].steps?.first?.comment == "not today")
            let rows: [(String, [String])] = [
                ("?state=pending", ["pending"]), ("?state=completed", ["rejected", "canceled"]),
                ("?state=rejected,pending", ["rejected", "pending"]), ("?state=8", ["rejected"]),
                ("?state=all&top=2", ["canceled", "pending"]), ("?userIds=bob", ["rejected", "canceled", "pending"]),
                ("?userIds=eve", []), ("?runId=\(runs[1].id)", ["canceled"]),
                (
                    "?approvalIds=\(all[0].id?.uuidString ?? ""),\(all[2].id?.uuidString ?? "")",
                    ["rejected", "pending"]
                ),
                ("?approvalIds=\(UUID().uuidString)&$expand=steps", []),
            ]
            for (query, states) in rows {
                #expect(try await self.ask(cluster, query).compactMap(\.status) == states, "\(query)")
            }
            await #expect(throws: (any Error).self) { try await self.ask(cluster, "?state=maybe") }
        }
    }

    @Test("one by its id is answered too, and can no more be decided about")
    func one() async throws {
        try await with { cluster, runs in
            let id = try #require(try await self.ask(cluster, "?state=rejected").first?.id)
            let text = try await self.get(cluster, "/\(id.uuidString.lowercased())")
            let found = try WireJSON.decode(ApprovalWire.self, from: text)
            #expect(found.status == "rejected" && found.stage == "Ship")
            #expect(found.pipeline?.owner?.name == runs[0].number)
            await #expect(throws: ControlError.self) {
                try await cluster.plane.decide(
                    approval: CheckRunID(id),
                    isApproved: true,
                    comment: "",
                    by: Caller(.user(name: "bob", scopes: [.full]))
                )
            }
        }
    }
}
