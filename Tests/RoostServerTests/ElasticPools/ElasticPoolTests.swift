import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire
import Synchronization
import Testing

@Suite("Elastic pools")
struct ElasticPoolTests {
    private func with(
        _ settings: ElasticPoolSettings,
        _ machines: SimulatedMachines,
        _ body: @Sendable @escaping (TestCluster, ElasticPool, ScriptedProvider) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(program: machines.program)
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: settings,
                by: .system
            )
            try await body(cluster, pool, provider)
        }
        await provider.shutDown()
    }

    private func settings(max: Int, standby: Int = 0) -> ElasticPoolSettings {
        ElasticPoolSettings(max: max, standby: standby, images: [])
    }

    @Test("from no machine to as many as jobs need, a clean one for each, and back to what stands by")
    func upAndDown() async throws {
        let ran = Mutex<[String]>([])
        var machines = try SimulatedMachines()
        machines.onJob = { machine, _ in
            ran.withLock { $0.append("\(machine.order.tag.instance).\(machine.order.tag.generation)") }
        }
        var wanted = settings(max: 3)
        wanted.idleDelay = .zero
        try await with(wanted, machines) { cluster, pool, provider in
            #expect(try cluster.plane.elasticInstances(of: pool.pool).isEmpty)
            let repository = try cluster.repository(pool: "elastic", jobs: 8)
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let view = try await cluster.finished(run.id)
            #expect(view.run.state.result == .succeeded)
            _ = try await cluster.machines(of: pool.pool) { $0.isEmpty }
            let jobs = ran.withLock { $0 }
            #expect(jobs.count == 8 && Set(jobs).count == 8, "no machine had two jobs between two reimages: \(jobs)")
            let numbers = Set(jobs.map { $0.split(separator: ".")[0] })
            #expect(numbers.count <= 3, "machines are made anew, not made beside: \(jobs)")
            #expect(provider.truth.isEmpty)
            #expect(try cluster.plane.agents(in: pool.pool).isEmpty)
            #expect(try await cluster.client.enrollmentTokens(pool: pool.pool.rawValue).isEmpty)
        }
    }

    @Test("what waits for a machine says what it waits for, and a demand that no machine will meet fails at once")
    func reasons() async throws {
        try await with(settings(max: 2, standby: 1), SimulatedMachines()) { cluster, pool, provider in
            _ = try await cluster.machines(of: pool.pool) { $0.map(\.phase) == [.idle] }
            let odd = try cluster.repository(pool: "elastic", demands: ", demands: gpu")
            defer { odd.remove() }
            let failed = try await cluster.finished(cluster.queue(cluster.pipeline(odd, name: "odd")).id)
            #expect(failed.run.state.result == .failed)
            #expect(
                failed.records.contains { $0.issues.contains { $0.message.contains("a new machine of 'scripted'") } }
            )

            // From now on machines start and their agents do not.
            _ = try await cluster.plane.setState(.paused, ofElasticPool: pool.pool, by: .system)
            let plain = try cluster.repository(pool: "elastic", jobs: 3)
            defer { plain.remove() }
            let run = try await cluster.queue(cluster.pipeline(plain, name: "plain"))
            let busy = try await cluster.machines(of: pool.pool) {
                $0.allSatisfy { $0.phase == .used || $0.phase == .recycling || $0.phase == .deleting } || $0.isEmpty
            }
            #expect(busy.count <= 1)
            let waits = cluster.plane.waitingJobs(in: pool.pool).map(\.wait)
            #expect(waits.contains { $0.code == "machine-to-come" && $0.sentence.contains("paused") }, "\(waits)")
            _ = try await cluster.plane.setState(.active, ofElasticPool: pool.pool, by: .system)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state.result == .succeeded)
        }
    }

    @Test("a pool is deleted after its machines, which finish their jobs first; nothing of it is left")
    func deletion() async throws {
        let gate = AsyncStream<Void>.makeStream()
        var machines = try SimulatedMachines()
        machines.onJob = { _, _ in for await _ in gate.stream { break } }
        try await with(settings(max: 2, standby: 2), machines) { cluster, pool, provider in
            _ = try await cluster.machines(of: pool.pool) { $0.filter { $0.phase == .idle }.count == 2 }
            let repository = try cluster.repository(pool: "elastic")
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            _ = try await cluster.machines(of: pool.pool) { $0.contains { $0.phase == .busy } }
            let events = cluster.plane.agentEvents(pool: pool.pool)
            try await cluster.client.deletePool(pool.pool.rawValue)
            #expect(try cluster.plane.elasticPool(pool.pool).state == .deleting)
            gate.continuation.yield()
            for await _ in events {}
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            #expect(cluster.plane.pool(named: "elastic") == nil)
            #expect(provider.truth.isEmpty)
        }
    }

    @Test("an agent comes once, with its own name, while its machine waits for it")
    func enrolment() async throws {
        let orders = AsyncStream<MachineOrder>.makeStream()
        let provider = ScriptedProvider { machine in
            orders.continuation.yield(machine.order)
            // It runs until it is ended; its agent comes from elsewhere.
            for await _ in AsyncStream<Void>.makeStream().stream {}
        }
        let key = try AgentKey.generate()
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: settings(max: 1, standby: 1),
                by: .system
            )
            var iterator = orders.stream.makeAsyncIterator()
            let order = try #require(await iterator.next())
            func register(_ name: String) async throws {
                let registrar = try RoostClient(
                    url: cluster.address,
                    credential: .personalToken(order.joining.token),
                    options: ClientOptions(userAgent: "machine", retries: 0)
                )
                let made: Result<SimulatedAgent, any Error>
                do {
                    made = .success(
                        try await SimulatedAgent(
                            cluster: cluster.address,
                            registrar: registrar,
                            pool: pool.pool.rawValue,
                            name: name,
                            key: key
                        )
                    )
                } catch {
                    made = .failure(error)
                }
                await registrar.close()
                try await made.get().close()
            }
            await #expect { try await register("another") } throws: { "\($0)".contains("its agent is called") }
            try await register(order.joining.agent)
            await #expect(throws: ClientError.self) { try await register(order.joining.agent) }
            #expect(try cluster.plane.agents(in: pool.pool).map(\.agent.name) == [order.joining.agent])
        }
        await provider.shutDown()
    }

    @Test(
        "with a provider that fails, lies, is slow and loses machines every job ends once, and the pool is whole after",
        arguments: [1, 2]
    )
    func faults(seed: UInt64) async throws {
        let jobs = 10
        let ended = Mutex<[Int: Int]>([:])
        var machines = try SimulatedMachines()
        machines.onJob = { _, job in ended.withLock { $0[job.requestId ?? 0, default: 0] += 1 } }
        let provider = ScriptedProvider(
            seed: seed,
            faults: .everything(perThousand: 25, slowness: .zero ... .milliseconds(20)),
            traits: ProviderTraits(images: .optional, listLag: .milliseconds(500)),
            program: machines.program
        )
        // Machines that end take their sessions with them without a word.
        let configure: @Sendable (inout ServerConfiguration) -> Void = { $0.sessionExpiry = .seconds(2) }
        try await TestCluster.with(providers: ["scripted": provider], configure: configure) { cluster in
            var wanted = settings(max: 6, standby: 2)
            // The second time each machine runs two jobs at once, so that one is enough to stand by.
            wanted.slots = seed == 2 ? 2 : 1
            wanted.bootDeadline = .fixed(.seconds(2))
            wanted.idleDelay = .seconds(1)
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: wanted,
                by: .system
            )
            let repository = try cluster.repository(pool: "elastic", jobs: jobs)
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let view = try await cluster.finished(run.id)
            #expect(view.run.state.result == .succeeded, "seed \(seed)")
            let counts = ended.withLock { $0 }
            #expect(counts.count == jobs && counts.values.allSatisfy { $0 == 1 }, "seed \(seed): \(counts)")
            provider.set(ScriptedFaults())
            _ = try await cluster.machines(of: pool.pool) { instances in
                instances.map(\.phase) == (seed == 2 ? [.idle] : [.idle, .idle])
                    && Set(provider.truth.map(\.id)) == Set(instances.compactMap(\.providerID))
            }
        }
        await provider.shutDown()
    }

    @Test("settings that cannot be are refused together, each with what to do")
    func refusals() async throws {
        try await with(settings(max: 1), SimulatedMachines()) { cluster, pool, _ in
            var draft = RoostElasticPoolWire()
            draft.name = "wrong"
            draft.provider = "scripted"
            draft.settings = ElasticSettingsWire()
            draft.settings?.max = 0
            draft.settings?.standby = 7
            draft.settings?.burst = -1
            do {
                _ = try await cluster.client.createElasticPool(draft)
                Issue.record("it was taken")
            } catch {
                for word in ["max is 0", "standby is 7", "burst is -1"] {
                    #expect("\(error)".contains(word), "\(error)")
                }
            }
            draft.provider = "moon"
            await #expect { try await cluster.client.createElasticPool(draft) } throws: {
                "\($0)".contains("there are scripted")
            }
            #expect(cluster.plane.pool(named: "wrong") == nil)
        }
    }
}
