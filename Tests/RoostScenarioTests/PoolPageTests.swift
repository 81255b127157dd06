import Foundation
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("The page of a pool whose agents people set up", .timeLimit(.minutes(4)))
struct PoolPageTests {
    @Test(
        "it shows hundreds of agents, finds and sorts them, and takes pool and agent out of service, with reason and person"
    )
    func manyAgents() async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let place = ProcessInfo.processInfo.environment["ROOST_SCREENSHOTS"] ?? "\(cluster.folder.path)/screens"
            let file = "\(place)/seen-draining"
            try? FileManager.default.removeItem(atPath: file)
            let repository = try ScratchRepository([
                "azure-pipelines.yml":
                    "steps:\n- checkout: none\n- bash: until [ -e '\(file)' ]; do sleep 0.05; done\n  displayName: Soak\n"
            ])
            defer { repository.remove() }
            defer { try? FileManager.default.removeItem(atPath: file) }
            let pool = try cluster.defaultPool.id
            try await Self.register(200, in: pool, cluster)
            try await cluster.withRealAgent(name: "worker") {
                let pipeline = try await cluster.pipeline(repository, name: "soak")
                let run = try await cluster.queue(pipeline)
                try await cluster.until(run.id) { $0.jobs.contains { $0.startedAt != nil } }
                let seen = try await ClientProgramTests.python("pool.py", [place, "\(pool)", "worker"], cluster)
                #expect(seen["errors"] as? [String] == [])
                #expect(seen["all"] as? Int == 201)
                let row = seen["row"] as? String ?? ""
                for part in ["Busy", "GB free", "Drain"] { #expect(row.contains(part), "\(row)") }
                let found = seen["found"] as? [String] ?? []
                #expect(found.count == 100 && found.allSatisfy { $0.contains("rack-2") }, "\(found.count)")
                #expect(seen["fullest"] as? String == "rack-2-machine-200")
                #expect((seen["low"] as? Int ?? 0) >= 1)
                #expect(seen["none"] as? String == "No agent is like that.")
                let pause = seen["pause"] as? String ?? ""
                #expect(
                    pause.hasPrefix("Paused by admin") && pause.hasSuffix("the network <b>is</b> changed"),
                    "\(pause)"
                )
                // It is the pool's and no agent's.
                #expect(seen["pauses"] as? Int == 1)
                #expect(seen["chinese"] as? String == "正在排空")
                #expect(seen["agent"] as? String == "Draining", "\(seen)")
                #expect((seen["agentPause"] as? String)?.hasPrefix("Paused by admin") == true)
                #expect(seen["resumed"] as? String == "Idle")
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            }
        }
    }

    /// Agents that are offline, each with another disk.
    private static func register(_ count: Int, in pool: PoolID, _ cluster: TestCluster) async throws {
        let key = try AgentKey.generate().publicKey
        for number in 1...count {
            let rack = number > count / 2 ? 2 : 1
            let draft = AgentDraft(
                name: "rack-\(rack)-machine-\(number)",
                version: "4.270.\(number % 3)",
                osDescription: "Debian GNU/Linux 12",
                capabilities: [
                    "Agent.Disk": DiskSpace(free: (count - number) << 30, size: 250 << 30).text,
                    "Roost.Version": "0.\(number % 5).0",
                ],
                publicKey: key
            )
            _ = try await cluster.plane.registerAgent(draft, in: pool, by: .system)
        }
    }
}
