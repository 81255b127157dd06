import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire

@testable import RoostServer

/// Machines that are simulated agents: each joins with what it was handed, takes a job and ends it.
struct SimulatedMachines: Sendable {
    /// Agents share a key: making one takes longer than all else.
    let key: AgentKey
    /// How a job ends on a machine.
    var result: @Sendable (ScriptedMachine, PipelineAgentJobRequestWire) -> TaskResult = { _, _ in .succeeded }
    /// Called with each job before it begins.
    var onJob: @Sendable (ScriptedMachine, PipelineAgentJobRequestWire) async -> Void = { _, _ in }
    /// Called with each job that runs; it ends when this returns.
    var whileRunning: @Sendable (ScriptedMachine, PipelineAgentJobRequestWire) async -> Void = { _, _ in }

    init() throws { key = try AgentKey.generate() }

    func program(_ machine: ScriptedMachine) async {
        try? await run(machine)
    }

    /// All of its agents, until the last has ended.
    private func run(_ machine: ScriptedMachine) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for joining in machine.order.joinings { group.addTask { try await run(machine, joining) } }
            while let ended = await group.nextResult() { if machine.order.others.isEmpty { try ended.get() } }
        }
    }

    private func run(_ machine: ScriptedMachine, _ joining: MachineJoining) async throws {
        let registrar = try RoostClient(
            url: joining.url.absoluteString,
            credential: .personalToken(joining.token),
            options: ClientOptions(userAgent: "machine", retries: 0)
        )
        let agent: SimulatedAgent
        do {
            agent = try await SimulatedAgent(
                cluster: joining.url.absoluteString,
                registrar: registrar,
                pool: machine.order.tag.pool.rawValue,
                name: joining.agent,
                capabilities: ["bash": "/bin/bash", "Agent.OS": "Linux"],
                key: key
            )
        } catch {
            await registrar.close()
            throw error
        }
        await registrar.close()
        do { try await work(agent, machine) } catch {
            await agent.close()
            throw error
        }
        await agent.close()
    }

    private func work(_ agent: SimulatedAgent, _ machine: ScriptedMachine) async throws {
        let session = try await agent.openSession(owner: "\(machine.id) \(agent.agent.name ?? "")")
        while !Task.isCancelled {
            let job = try await agent.takeJob(session)
            await onJob(machine, job)
            try await agent.begin(job)
            await whileRunning(machine, job)
            // A machine that was ended says nothing more.
            try Task.checkCancellation()
            try await agent.complete(job, result: result(machine, job))
        }
    }
}

/// What tests of elastic pools wait for.
extension TestCluster {
    /// A pool of scripted machines over a gallery whose first version is wanted.
    func elasticPool(_ settings: ElasticPoolSettings, over gallery: TestGallery) async throws -> PoolID {
        var settings = settings
        settings.images = [gallery.image]
        let pool = try await plane.createElasticPool(
            name: "elastic",
            provider: "scripted",
            settings: settings,
            by: .system
        ).pool
        try await gallery.publish("1.0.0")
        _ = try await roll(of: pool) { $0.wanted?.version == "agents/debian/1.0.0" }
        return pool
    }

    /// Waits until an image of a pool stands so.
    func roll(
        of pool: PoolID,
        image: String = "main",
        until isSo: @Sendable (ElasticRoll) -> Bool
    ) async throws -> ElasticRoll {
        let events = plane.agentEvents(pool: pool)
        while true {
            if let roll = plane.read({ $0.elastic[pool]?.roll(image) }), isSo(roll) { return roll }
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }

    /// Waits until what the pool's waiting jobs are told is so.
    func waits(in pool: PoolID, until isSo: @Sendable ([String]) -> Bool) async throws -> [String] {
        let events = plane.agentEvents(pool: pool)
        while true {
            let sentences = plane.waitingJobs(in: pool).map(\.wait.sentence)
            if isSo(sentences) { return sentences }
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }

    /// Queues a run of some jobs for a pool.
    func queue(_ name: String, in pool: String = "elastic", jobs: Int = 1, demands: String = "") async throws -> RunID {
        let repository = try repository(pool: pool, jobs: jobs, demands: demands)
        defer { repository.remove() }
        return try await queue(pipeline(repository, name: name)).id
    }

    func repository(
        pool: String,
        jobs: Int = 1,
        demands: String = "",
        prefix: String = "j"
    ) throws -> ScratchRepository {
        let list = (1...jobs).map {
            "- job: \(prefix)\($0)\n  pool: {name: \(pool)\(demands)}\n  steps:\n  - script: echo \($0)\n"
        }
        return try ScratchRepository(["azure-pipelines.yml": "jobs:\n\(list.joined())"])
    }
}
