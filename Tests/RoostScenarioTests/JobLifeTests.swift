import Foundation
import RoostClient
import RoostModel
@testable import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("A job's life over the wire", .serialized, .timeLimit(.minutes(6)))
struct JobLifeTests {
    private static let yaml = """
        stages:
        - stage: Build
          jobs:
          - job: Compile
            steps:
            - script: make
              displayName: make
        - stage: Test
          jobs:
          - job: Unit
            strategy:
              matrix:
                A: { kind: a }
                B: { kind: b }
            steps:
            - script: echo $(kind)
        """

    @Test("a run is queued, sent encrypted, renewed, logged and completed, and its stages follow each other")
    func wholeRun() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pool = try cluster.defaultPool
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool.id.rawValue,
                name: "one"
            )
            let session = try await agent.openSession()
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            var names: [String] = []
            for _ in 0..<3 {
                let job = try await agent.takeJob(session)
                names.append(job.jobDisplayName ?? "")
                try await agent.begin(job)
                try await agent.complete(job)
            }
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            #expect(names.first == "Compile")
            #expect(Set(names.dropFirst()) == ["Unit A", "Unit B"])
            #expect(view.records.filter { $0.kind == .stage }.allSatisfy { $0.result == .succeeded })
            let log = try #require(view.logs.first)
            let lines = try await cluster.plane.logLines(run: run.id, log: log.id, startLine: nil, endLine: nil)
            #expect(lines.count == 1)
            await agent.close()
        }
    }

    @Test("a job's token is refused as soon as the job has ended")
    func tokenEnds() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "one"
            )
            let session = try await agent.openSession()
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            let client = try agent.jobClient(job)
            _ = try await client.timeline(try SimulatedAgent.planAddress(job))
            try await agent.complete(job)
            await #expect(throws: ClientError.self) {
                _ = try await client.timeline(try SimulatedAgent.planAddress(job))
            }
            _ = try await cluster.finished(run.id)
            await client.close()
            await agent.close()
        }
    }

    @Test("a job nobody can run fails at once and names the demand and the nearest agent")
    func unmetDemand() async throws {
        let yaml = "pool:\n  name: Default\n  demands: moon\nsteps:\n- script: echo\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "earth"
            )
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.failed))
            let messages = view.records.flatMap(\.issues).map(\.message)
            #expect(messages.contains { $0.contains("moon") && $0.contains("earth") })
            await agent.close()
        }
    }

    @Test("a message that is not deleted is given again, and one of a lost session goes to another agent")
    func redelivery() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pool = try cluster.defaultPool.id.rawValue
            let first = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool,
                name: "one"
            )
            let session = try await first.openSession()
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let one = try #require(try await first.poll(session))
            let two = try #require(try await first.poll(session))
            #expect(one.message.messageId == two.message.messageId)
            let second = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool,
                name: "two"
            )
            let other = try await second.openSession()
            try await first.client.deleteSession(pool: pool, id: session.id)
            let job = try await second.takeJob(other)
            try await second.begin(job)
            try await second.complete(job)
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            await first.close()
            await second.close()
        }
    }

    @Test("a listener that is killed counts as offline soon, not when its poll would have ended")
    func vanishedListener() async throws {
        try await TestCluster.with {
            $0.sessionExpiry = .milliseconds(300)
            $0.longPollHold = .seconds(600)
        } _: { cluster in
            let pool = try cluster.defaultPool
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool.id.rawValue,
                name: "one"
            )
            var changes = cluster.plane.agentEvents(pool: pool.id).makeAsyncIterator()
            let listener = Task {
                // A session that nobody polls in time ends, which a busy machine can bring about.
                while !Task.isCancelled {
                    let session = try await agent.openSession()
                    _ = try? await agent.poll(session)
                }
            }
            while cluster.plane.read({ state in state.sessions.values.allSatisfy(\.polls.isEmpty) }) {
                await Task.yield()
            }
            // The client closes its connection when its request is cancelled, as the system does when a process dies.
            listener.cancel()
            while try cluster.plane.agents(in: pool.id).contains(where: \.online) {
                guard await changes.next() != nil else { throw TestFailure("the server has ended") }
            }
            await agent.close()
        }
    }

    @Test("a one-job agent gets one job, and is gone after it")
    func singleUse() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pool = try cluster.defaultPool
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool.id.rawValue,
                name: "once",
                singleUse: true
            )
            let session = try await agent.openSession()
            let pipeline = try await cluster.pipeline(repository)
            let run = try await cluster.queue(pipeline)
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            try await agent.complete(job)
            _ = try await cluster.finished(run.id)
            let left = try cluster.plane.agents(in: pool.id)
            #expect(left.isEmpty)
            await #expect(throws: ClientError.self) { _ = try await agent.poll(session) }
            await agent.close()
        }
    }

    @Test("cancelling ends a job that waits at once, and tells the agent of one that runs")
    func cancel() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "one"
            )
            let session = try await agent.openSession()
            let pipeline = try await cluster.pipeline(repository)
            let running = try await cluster.queue(pipeline)
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            let waiting = try await cluster.queue(pipeline)
            _ = try await cluster.plane.cancelRun(waiting.id, by: .system)
            #expect(try await cluster.finished(waiting.id).run.state == .completed(.canceled))
            _ = try await cluster.plane.cancelRun(running.id, by: .system)
            let (message, text) = try #require(try await agent.poll(session))
            #expect(message.messageType == "JobCancellation")
            let cancellation = try WireJSON.decode(JobCancellationWire.self, from: text)
            #expect(cancellation.jobId == job.jobId)
            try await agent.complete(job, result: .canceled)
            #expect(try await cluster.finished(running.id).run.state == .completed(.canceled))
            await agent.close()
        }
    }
}
