import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Maintenance of pools on real agents", .timeLimit(.minutes(6)))
struct PoolMaintenanceTests {
    private func roost(_ cluster: TestCluster, _ words: String...) async throws -> (code: Int32, output: String) {
        try await ChildProgram(
            "roost",
            ["pool", "maintenance"] + words,
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
            folder: cluster.folder.path
        ).finished()
    }

    /// Waits until a round is over, looking at each change of the pool's maintenance.
    private func ended(_ id: Int, _ cluster: TestCluster) async throws -> PoolMaintenanceJobWire {
        let pool = try cluster.defaultPool.id
        let news = cluster.plane.maintenanceEvents.watch(pool)
        func found() async throws -> PoolMaintenanceJobWire? {
            try await cluster.client.maintenanceJobs(pool: pool.rawValue).first {
                $0.jobId == id && $0.status == "completed"
            }
        }
        if let job = try await found() { return job }
        for await _ in news { if let job = try await found() { return job } }
        throw TestFailure("the round did not end")
    }

    /// An agent that is busy when a round begins comes to it when its job has ended.
    private func busy(_ cluster: TestCluster) async throws {
        let file = "\(cluster.folder.path)/job-may-end"
        let repository = try ScratchRepository([
            "azure-pipelines.yml": "steps:\n- checkout: none\n- bash: until [ -e '\(file)' ]; do sleep 0.1; done\n"
        ])
        defer { repository.remove() }
        let pipeline = try await cluster.pipeline(repository, name: "long")
        let pool = try cluster.defaultPool.id
        try await cluster.withRealAgent {
            var changes = cluster.plane.agentEvents(pool: pool).makeAsyncIterator()
            let run = try await cluster.queue(pipeline)
            func views() throws -> [AgentView] { try cluster.plane.agents(in: pool).filter(\.online) }
            while try views().allSatisfy({ $0.assigned == nil }) { _ = await changes.next() }
            let begun = try await roost(cluster, "run", "Default")
            #expect(begun.code == 0, "\(begun.output)")
            // It has heard of the round, and asked for its part, which it does not get.
            while cluster.plane.read({ state in state.sessions.values.contains { $0.maintenanceNotice != nil } }) {
                await Task.yield()
            }
            try Data().write(to: URL(filePath: file))
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            #expect(try await ended(2, cluster).result == "succeeded")
        }
    }

    @Test(
        "the agent does it while no job runs: old workspaces go, mirrors are repacked; others' agents hear nothing of it"
    )
    func round() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- checkout: self\n"])
        defer { repository.remove() }
        try await GitDaemon.with(repository) { daemon in
            try await TestCluster.with { cluster in
                let pipeline = try await cluster.pipeline(repository, url: daemon.url)
                let set = try await roost(
                    cluster,
                    "set",
                    "Default",
                    "--days",
                    "monday,friday",
                    "--at",
                    "22:05",
                    "--zone",
                    "UTC+02:00",
                    "--workspace-days",
                    "3",
                    "--agents",
                    "50"
                )
                #expect(
                    set.code == 0 && set.output.contains("monday, friday at 22:05 UTC+02:00, next "),
                    "\(set.output)"
                )
                let wrong = try await roost(cluster, "set", "Default", "--days", "someday")
                #expect(wrong.code == 1 && wrong.output.contains("'someday' is no day"), "\(wrong.output)")
                try await cluster.withRealAgent {
                    // Several fetches leave several packs.
                    for text in ["1", "2", "3"] {
                        try repository.commit(["a": text], text)
                        let run = try await cluster.queue(pipeline)
                        #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                    }
                    let work = "\(cluster.folder.path)/agent-local/_work"
                    // A pipeline that nobody has run for long.
                    try cluster.folder.write("x", to: "agent-local/_work/77/s/a")
                    try cluster.folder.write(
                        "{\"agent_builddirectory\": \"77\", \"definitionName\": \"old\"}",
                        to: "agent-local/_work/SourceRootMapping/c/77/SourceFolder.json"
                    )
                    for path in ["77", "SourceRootMapping/c/77/SourceFolder.json"] {
                        try FileManager.default.setAttributes(
                            [.modificationDate: Date() - 4 * 86_400],
                            ofItemAtPath: "\(work)/\(path)"
                        )
                    }
                    // An agent that does not know of maintenance, as Microsoft's does not.
                    let other = try await SimulatedAgent(
                        cluster: cluster.address,
                        registrar: cluster.client,
                        pool: cluster.defaultPool.id.rawValue,
                        name: "other"
                    )
                    let session = try await other.openSession()
                    let begun = try await roost(cluster, "run", "Default")
                    #expect(
                        begun.code == 0 && begun.output.contains("Round 1 of maintenance: 1 agent will"),
                        "\(begun.output)"
                    )
                    let job = try await ended(1, cluster)
                    #expect(job.result == "succeeded" && (job.freedBytes ?? 0) > 0, "\(job)")
                    let targets = Dictionary((job.targetAgents ?? []).map { ($0.agent?.name ?? "", $0) }) { $1 }
                    #expect(targets["local"]?.message?.contains("1 items removed") == true, "\(targets)")
                    #expect(targets["local"]?.message?.contains("1 mirrors repacked") == true, "\(targets)")
                    #expect(targets["other"]?.result == "canceled", "\(targets)")
                    #expect(!FileManager.default.fileExists(atPath: "\(work)/77"))
                    #expect(FileManager.default.fileExists(atPath: "\(work)/1/s/a"))
                    let history = try await roost(cluster, "history", "Default")
                    #expect(history.output.contains("1 items removed"), "\(history.output)")
                    try await other.client.deleteSession(pool: other.pool, id: session.id)
                    await other.close()
                    // The agent works as before.
                    let run = try await cluster.queue(pipeline)
                    #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                }
                try await busy(cluster)
                let shown = try await roost(cluster, "show", "Default", "--output", "json")
                #expect(shown.output.contains("\"workingDirectoryExpirationInDays\" : 3"), "\(shown.output)")
            }
        }
    }
}
