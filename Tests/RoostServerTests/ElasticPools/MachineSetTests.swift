import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

@Suite("Sets of machines")
struct MachineSetTests {
    private func with(
        _ body: @Sendable @escaping (TestCluster, ScriptedProvider) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(program: try SimulatedMachines().program)
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in try await body(cluster, provider) }
        await provider.shutDown()
    }

    private func makePool(_ cluster: TestCluster, standby: Int) async throws -> PoolID {
        let pool = try await cluster.plane.createElasticPool(
            name: "elastic",
            provider: "scripted",
            settings: ElasticPoolSettings(max: 2, standby: standby, images: []),
            by: .system
        )
        _ = try await cluster.machines(of: pool.pool) { $0.count { $0.phase == .idle } == standby }
        return pool.pool
    }

    /// A machine of this server whose pool no row knows.
    private func leave(_ number: Int, of pool: Int, _ cluster: TestCluster, _ provider: ScriptedProvider) async throws {
        let tag = MachineTag(server: cluster.plane.instanceID, pool: PoolID(pool), instance: number)
        let joining = MachineJoining(
            url: try #require(URL(string: cluster.address)),
            pool: "gone",
            agent: tag.name,
            token: Secret("none")
        )
        _ = try await provider.create(MachineOrder(tag: tag, image: nil, joining: joining))
    }

    @Test("a set under a pool is not deleted: the refusal names the pool and what deletes it")
    func underAPool() async throws {
        try await with { cluster, provider in
            let pool = try await makePool(cluster, standby: 2)
            let sets = try await cluster.client.machineSets(of: "scripted")
            #expect(sets.map(\.id) == ["/providers/roost/scripted/sets/pool-\(pool)"])
            #expect(sets.first?.pool == "elastic" && sets.first?.state == "active" && sets.first?.machines.count == 2)
            do {
                _ = try await cluster.client.deleteMachineSet("pool-\(pool)", of: "scripted")
                Issue.record("it was deleted")
            } catch {
                #expect("\(error)".contains("has the machines of pool 'elastic'"), "\(error)")
                #expect("\(error)".contains("roost pool delete elastic"), "\(error)")
            }
            #expect(provider.truth.count == 2)
            await #expect { try await cluster.client.deleteMachineSet("nothing", of: "scripted") } throws: {
                "\($0)".contains("has no set of machines 'nothing'")
            }
            await #expect(throws: ClientError.self) { try await cluster.client.machineSets(of: "moon") }
        }
    }

    @Test("what is left of a pool is listed as such, stays while others are deleted, and can be deleted")
    func orphan() async throws {
        try await with { cluster, provider in
            let pool = try await makePool(cluster, standby: 1)
            try await leave(3, of: 41, cluster, provider)
            try await leave(8, of: 41, cluster, provider)
            let sets = try await cluster.client.machineSets(of: "scripted")
            #expect(sets.map(\.state) == ["active", "orphan"] && sets.last?.name == "pool-41")
            #expect(sets.last?.machines.map(\.number) == [3, 8] && sets.last?.poolId == nil)
            provider.plan(.delete, .fails("it is busy"))
            await #expect { try await cluster.client.deleteMachineSet("pool-41", of: "scripted") } throws: {
                "\($0)".contains("1 machine is left: it is busy")
            }
            let gone = try await cluster.client.deleteMachineSet("POOL-41", of: "scripted")
            #expect(gone.machines.count == 1)
            #expect(try await cluster.client.machineSets(of: "scripted").map(\.poolId) == [pool.rawValue])
            #expect(provider.truth.map(\.tag.pool) == [pool])
        }
    }

    @Test("a new pool does not get the number of a set that is left, whose machines would be taken for its own")
    func numbers() async throws {
        try await with { cluster, provider in
            try await leave(1, of: 41, cluster, provider)
            let pool = try await makePool(cluster, standby: 1)
            #expect(pool.rawValue > 41)
            #expect(try cluster.plane.elasticInstances(of: pool).count == 1)
            #expect(provider.truth.count == 2)
        }
    }

    @Test("a pool is deleted in order: jobs, machines, set, pool; a machine that no row knows goes before the set does")
    func order() async throws {
        try await with { cluster, provider in
            let pool = try await makePool(cluster, standby: 1)
            try await leave(77, of: pool.rawValue, cluster, provider)
            let logs = LogLines()
            let events = cluster.plane.agentEvents(pool: pool)
            try await cluster.client.deletePool(pool.rawValue)
            await logs.add(cluster, pool)
            for await _ in events { await logs.add(cluster, pool) }
            let lines = await logs.lines
            #expect(
                lines.contains { $0.hasPrefix("The pool is deleted by") && $0.contains("then its set, then the pool") }
            )
            #expect(cluster.plane.pool(named: "elastic") == nil)
            #expect(provider.truth.isEmpty, "also what no row knew")
            #expect(try await cluster.client.machineSets(of: "scripted").isEmpty)
            #expect(cluster.plane.queues(in: cluster.plane.projects()[0].id).allSatisfy { $0.pool != pool })
            #expect(cluster.plane.projects().count == 1)
            let settings = try await cluster.store.load().settings.keys
            #expect(
                settings.allSatisfy { !$0.hasPrefix("elastic-") && !$0.hasPrefix("enrollment-token:") },
                "\(settings)"
            )
        }
    }

    /// What the pool's log ever had.
    private actor LogLines {
        var lines: Set<String> = []

        func add(_ cluster: TestCluster, _ pool: PoolID) async {
            guard let found = try? await cluster.plane.elasticLogs(of: pool, limit: 1_000) else { return }
            lines.formUnion(found.map(\.message))
        }
    }
}
