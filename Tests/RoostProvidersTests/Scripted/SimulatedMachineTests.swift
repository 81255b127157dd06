import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Simulated agents on machines of a script")
struct SimulatedMachineTests {
    @Test("they join a real server with the machine's token and do one job")
    func job() async throws {
        try await TestCluster.with { cluster in
            let repository = try ScratchRepository(["azure-pipelines.yml": "pool: Default\nsteps:\n- script: echo\n"])
            defer { repository.remove() }
            let pool = try cluster.defaultPool
            let made = try await cluster.client.createEnrollmentToken(
                pool: pool.id.rawValue,
                EnrollmentTokenWire(uses: 1)
            )
            let key = try AgentKey.generate()
            let (failures, failed) = AsyncStream<String>.makeStream()
            let provider = ScriptedProvider { machine in
                do { try await SimulatedMachine.run(machine.order, key: key) } catch { failed.yield("\(error)") }
            }
            let tag = MachineTag(server: UUID(), pool: pool.id, instance: 1)
            let wakes = provider.wakes()
            let order = MachineOrder(
                tag: tag,
                image: nil,
                joining: MachineJoining(
                    url: try #require(URL(string: cluster.address)),
                    pool: pool.name,
                    agent: tag.name,
                    token: Secret(try #require(made.token))
                )
            )
            _ = try await provider.create(order)
            while try await cluster.client.agents(pool: pool.id.rawValue, named: tag.name).first?.status != "online" {}
            let run = try await cluster.queue(cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            for await _ in wakes { break }
            #expect(provider.truth.map(\.state) == [.stopped])
            await provider.shutDown()
            failed.finish()
            for await failure in failures { Issue.record("\(failure)") }
        }
    }
}
