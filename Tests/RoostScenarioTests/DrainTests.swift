import Foundation
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// `roost agent pause, drain, resume` and the same of pools, with a real agent that has a job.
@Suite("Agents and pools that are taken out of service", .timeLimit(.minutes(4)))
struct DrainTests {
    private static func roost(_ cluster: TestCluster, _ words: String...) throws -> ChildProgram {
        try ChildProgram(
            "roost",
            words,
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
            folder: cluster.folder.path
        )
    }

    /// A job that waits for a file.
    private static func waiting(_ cluster: TestCluster) throws -> ScratchRepository {
        let file = "\(cluster.folder.path)/go-on"
        return try ScratchRepository([
            "azure-pipelines.yml":
                "steps:\n- checkout: none\n- bash: until [ -e '\(file)' ]; do sleep 0.05; done\n"
        ])
    }

    private static func running(
        _ cluster: TestCluster,
        _ repository: ScratchRepository
    ) async throws -> (run: Run, pipeline: Pipeline) {
        let pipeline = try await cluster.pipeline(repository)
        let run = try await cluster.queue(pipeline)
        try await cluster.until(run.id) { $0.jobs.contains { $0.startedAt != nil } }
        return (run, pipeline)
    }

    private static func letGo(_ cluster: TestCluster) throws {
        try Data().write(to: URL(filePath: "\(cluster.folder.path)/go-on"))
    }

    private static func audit(_ cluster: TestCluster) async throws -> [String: String] {
        let events = try await cluster.plane.auditEvents(limit: 200, before: nil)
        return Dictionary(events.map { ($0.action, $0.detail) }) { first, _ in first }
    }

    @Test(
        "an agent that is drained ends its job, is told of, and stays paused with reason and person until it is resumed"
    )
    func agent() async throws {
        try await TestCluster.with { cluster in
            let repository = try Self.waiting(cluster)
            defer { repository.remove() }
            try await cluster.withRealAgent {
                let (run, pipeline) = try await Self.running(cluster, repository)
                let late = try await Self.roost(
                    cluster,
                    "agent",
                    "drain",
                    "local",
                    "--reason",
                    "new disks",
                    "--timeout",
                    "5"
                )
                .finished()
                #expect(late.code == 4, "\(late.output)")
                #expect(late.output.contains("Agent 'local' still runs"), "\(late.output)")

                let drain = try Self.roost(cluster, "agent", "drain", "loc*", "--reason", "new disks")
                try await drain.line(with: "still runs")
                let next = try await cluster.queue(pipeline)
                let listed = try await Self.roost(cluster, "agent", "list").finished().output
                #expect(listed.contains("draining by admin: new disks"), "\(listed)")
                try Self.letGo(cluster)
                let told = await drain.finished()
                #expect(
                    told.code == 0 && told.output.contains("Agent 'local' is drained and paused."),
                    "\(told.output)"
                )
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))

                let job = try #require(try await cluster.plane.run(next.id).jobs.first)
                let wait = try await cluster.plane.why(job: job.id, run: next.id)
                #expect(
                    wait.code == "agent-disabled" && wait.sentence.hasSuffix("is paused by admin: new disks"),
                    "\(wait)"
                )
                let shown = try await Self.roost(cluster, "agent", "show", "local").finished().output
                #expect(shown.contains("paused by admin: new disks"), "\(shown)")
                let seen = try await Self.audit(cluster)
                #expect(seen["agent.drain"] == "local: new disks" && seen["agent.drained"] == "local", "\(seen)")

                #expect(try await Self.roost(cluster, "agent", "resume", "local").finished().code == 0)
                #expect(try await cluster.finished(next.id).run.state == .completed(.succeeded))
                #expect(try cluster.plane.agents(in: cluster.defaultPool.id).first?.agent.pause == nil)
            }
        }
    }

    @Test("a pool that is paused gives no job and keeps its queue; drained it says when its last job has ended")
    func pool() async throws {
        try await TestCluster.with { cluster in
            let repository = try Self.waiting(cluster)
            defer { repository.remove() }
            try await cluster.withRealAgent {
                let (run, pipeline) = try await Self.running(cluster, repository)
                let paused = try await Self.roost(cluster, "pool", "pause", "Default", "--reason", "the network")
                    .finished()
                #expect(paused.code == 0 && paused.output.contains("Pool 'Default' is paused."), "\(paused.output)")
                let drain = try Self.roost(cluster, "pool", "drain", "Default", "--reason", "new network")
                try await drain.line(with: "Agent 'local' still runs")
                let next = try await cluster.queue(pipeline)
                try Self.letGo(cluster)
                let told = await drain.finished()
                #expect(
                    told.code == 0 && told.output.contains("Pool 'Default' is drained and paused."),
                    "\(told.output)"
                )
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))

                let job = try #require(try await cluster.plane.run(next.id).jobs.first)
                let wait = try await cluster.plane.why(job: job.id, run: next.id)
                #expect(wait.code == "pool-paused", "\(wait)")
                #expect(wait.sentence == "Pool 'Default' is paused by admin: new network")
                #expect(cluster.plane.waitingJobs(in: try cluster.defaultPool.id).count == 1)
                let listed = try await Self.roost(cluster, "pool", "list").finished().output
                #expect(listed.contains("paused by admin: new network"), "\(listed)")
                let seen = try await Self.audit(cluster)
                #expect(seen["pool.pause"] == "Default: the network" && seen["pool.drained"] == "Default", "\(seen)")

                #expect(try await Self.roost(cluster, "pool", "resume", "Default").finished().code == 0)
                #expect(try await cluster.finished(next.id).run.state == .completed(.succeeded))
            }
        }
    }

    @Test("an agent that is not there is named, and nothing is paused")
    func unknown() async throws {
        try await TestCluster.with { cluster in
            let refused = try await Self.roost(cluster, "agent", "pause", "nobody-*").finished()
            #expect(refused.code == 1 && refused.output.contains("There is no agent 'nobody-*'"), "\(refused.output)")
        }
    }
}
