import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire

/// Machines that are simulated agents: each joins with what it was handed, takes a job and ends it.
struct SimulatedMachines: Sendable {
    /// Agents share a key: making one takes longer than all else.
    let key: AgentKey
    /// How a job ends on a machine.
    var result: @Sendable (ScriptedMachine, PipelineAgentJobRequestWire) -> TaskResult = { _, _ in .succeeded }
    /// Called with each job before it begins.
    var onJob: @Sendable (ScriptedMachine, PipelineAgentJobRequestWire) async -> Void = { _, _ in }

    init() throws { key = try AgentKey.generate() }

    func program(_ machine: ScriptedMachine) async {
        try? await run(machine)
    }

    private func run(_ machine: ScriptedMachine) async throws {
        let joining = machine.order.joining
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
        let session = try await agent.openSession(owner: machine.id)
        while !Task.isCancelled {
            let job = try await agent.takeJob(session)
            await onJob(machine, job)
            try await agent.begin(job)
            try await agent.complete(job, result: result(machine, job))
        }
    }
}

/// What tests of elastic pools wait for.
extension TestCluster {
    /// Waits until the machines of a pool are so.
    func machines(
        of pool: PoolID,
        until isSo: @Sendable ([ElasticInstance]) -> Bool
    ) async throws -> [ElasticInstance] {
        let events = plane.agentEvents(pool: pool)
        while true {
            let instances = try plane.elasticInstances(of: pool)
            if isSo(instances) { return instances }
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }

    func repository(pool: String, jobs: Int = 1, demands: String = "") throws -> ScratchRepository {
        let list = (1...jobs).map {
            "- job: j\($0)\n  pool: {name: \(pool)\(demands)}\n  steps:\n  - script: echo \($0)\n"
        }
        return try ScratchRepository(["azure-pipelines.yml": "jobs:\n\(list.joined())"])
    }
}
