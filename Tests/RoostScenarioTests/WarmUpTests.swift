import Foundation
import RoostAgent
import RoostModel
import RoostServer
import RoostTesting
import Testing

@Suite("What an agent does before it takes jobs", .timeLimit(.minutes(6)))
struct WarmUpTests {
    private static let program = """
        #!/bin/sh
        echo "looking for $AGENT_WORKFOLDER"
        test -e ready || { echo "no ready file; see https://user:pass@host/help" >&2; exit 3; }
        echo done > warmed
        """

    @Test("while it fails the agent is kept out of its pool with the reason; once it succeeds the agent takes jobs")
    func failsThenSucceeds() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: cat ../../../warmed\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let folder = "\(cluster.folder.path)/agent-warm"
            try cluster.folder.write(Self.program, to: "warm-up.sh", mode: 0o755)
            let runner = AgentRunner(
                folder: folder,
                name: "warm",
                pool: "Default",
                serverURL: cluster.address,
                program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
                grace: .zero,
                // The job looks for what the warm-up has left in /tmp.
                isolation: .off
            )
            try await runner.configure(token: cluster.token, warmUp: "\(cluster.folder.path)/warm-up.sh")
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let failed = cluster.plane.agentEvents(pool: try cluster.defaultPool.id)
            let first = Task { try await runner.run() }
            for await event in failed {
                if case .agent(let view) = event, view.agent.warmUp?.state == .failed { break }
            }
            let agent = try #require(cluster.plane.agents(in: cluster.defaultPool.id).first)
            #expect(!agent.online)
            let reason = try #require(agent.agent.warmUp?.reason)
            #expect(reason.contains("warm-up.sh' ended with 3") && reason.contains("no ready file"), "\(reason)")
            #expect(!reason.contains("pass"), "\(reason)")
            let job = try #require(try await cluster.plane.run(run.id).jobs.first)
            let wait = try await cluster.plane.why(job: job.id, run: run.id)
            #expect(wait.code == "agent-warming-up" && wait.sentence.contains("no ready file"), "\(wait)")
            first.cancel()
            _ = await first.result

            try Data().write(to: URL(filePath: "\(folder)/ready"))
            let second = Task { try await runner.run() }
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            #expect(try await cluster.output(of: run.id).contains("Z done"))
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).first?.agent.warmUp == nil)
            second.cancel()
            _ = await second.result
        }
    }
}
