import FoundationEssentials
import RoostClient
public import RoostModel
public import RoostWire

/// What a simulated agent does on a machine of a scripted provider: it joins with the machine's token, takes one job and ends.
public enum SimulatedMachine {
    /// Runs until the job is over or the task is cancelled, which is the machine's end.
    ///
    /// - Parameters:
    ///   - order: of the machine.
    ///   - key: of the agent; thousands may share one.
    ///   - connections: of its client to the server, at most.
    ///   - capabilities: of the agent.
    ///   - work: does the job; nil says of each step that it succeeded.
    /// - Throws: what the server refuses.
    public static func run(
        _ order: MachineOrder,
        key: AgentKey,
        connections: Int = 2,
        capabilities: [String: String] = [:],
        work: (@Sendable (SimulatedAgent, PipelineAgentJobRequestWire) async throws -> Void)? = nil
    ) async throws {
        let url = order.joining.url.absoluteString
        let registrar = try RoostClient(
            url: url,
            credential: .personalToken(order.joining.token),
            options: ClientOptions(userAgent: "simulated-machine", connections: connections)
        )
        let agent: SimulatedAgent
        do {
            let pools = try await registrar.pools(named: order.joining.pool)
            guard let pool = pools.first?.id else { throw TestFailure("the machine's pool is not there") }
            agent = try await SimulatedAgent(
                cluster: url,
                registrar: registrar,
                pool: pool,
                name: order.joining.agent,
                capabilities: capabilities,
                key: key
            )
            await registrar.close()
        } catch {
            await registrar.close()
            throw error
        }
        do {
            let session = try await agent.openSession(owner: order.joining.agent)
            let job = try await agent.takeJob(session)
            if let work {
                try await work(agent, job)
            } else {
                try await agent.begin(job)
                try await agent.complete(job)
            }
            await agent.close()
        } catch {
            await agent.close()
            throw error
        }
    }
}
