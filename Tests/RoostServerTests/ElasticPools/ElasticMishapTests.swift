import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("What goes wrong with machines", .timeLimit(.minutes(1)))
struct ElasticMishapTests {
    @Test("a machine that never comes online is kept for study, shown, and deleted by a person")
    func saved() async throws {
        let settings = ElasticPoolSettings(max: 2, standby: 1, maxSaved: 1)
        try await ScriptedPool.with(settings, SimulatedMachines(), dashboard: true) { pool in
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            pool.provider.plan(.create, .bootsNever)
            try await pool.change {
                $0.standby = 2
                $0.bootDeadline = .fixed(.seconds(1))
            }
            let machines = try await pool.machines { $0.contains { $0.phase == .saved } }
            try await pool.change { $0.bootDeadline = .learnt }
            let number = try #require(machines.first { $0.phase == .saved }?.number)
            let status = try await pool.cluster.client.elasticStatus(pool.id.rawValue)
            #expect(status.counts["saved"] == 1)
            let sentence = "Machine \(number) is kept for study until somebody deletes it."
            #expect(status.differences.contains { $0.sentence == sentence && $0.machine == number })
            let (code, page) = try await PageBrowser(pool.cluster).send("/pools/\(pool.id)")
            #expect(
                code == 200 && page.contains("Kept for study")
                    && page.contains("is kept for study until somebody deletes it")
            )
            // It holds its place: there is no second one beside it.
            #expect(status.machines.count == 2)
            await #expect {
                try await pool.cluster.client.wish(
                    MachineWishWire(wish: "reimage"),
                    ofMachine: number,
                    pool: pool.id.rawValue
                )
            } throws: {
                "\($0)".contains("Machine \(number) is saved and cannot become recycling.")
            }
            #expect(try pool.cluster.plane.elasticInstances(of: pool.id).allSatisfy { $0.wish == nil })
            let node = try await pool.cluster.client.wish(
                MachineWishWire(wish: "delete"),
                ofMachine: number,
                pool: pool.id.rawValue
            )
            #expect(node.desiredState == "pendingDelete" || node.desiredState == "deleted")
            _ = try await pool.machines { machines in
                machines.map(\.phase) == [.idle, .idle] && machines.allSatisfy { $0.number != number }
            }
            #expect(pool.provider.truth.count == 2)
        }
    }

    @Test("an image that is not known yet is what its jobs wait for; once it is published they run")
    func unknownImage() async throws {
        let provider = ScriptedProvider(
            traits: ProviderTraits(images: .required),
            program: try SimulatedMachines().program
        )
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            var draft = RoostElasticPoolWire()
            (draft.name, draft.provider, draft.settings) = ("elastic", "scripted", ElasticSettingsWire())
            draft.settings?.max = 1
            draft.settings?.images = [.init(name: "main", gallery: "agents", definition: "debian")]
            let made = try await cluster.client.createElasticPool(draft)
            let pool = PoolID(try #require(made.poolId))
            let problem = "Image 'main' has no version to make machines of: there is no gallery 'agents'."
            #expect(made.warnings == [problem])
            let changed = try await cluster.client.updateElasticPool(pool.rawValue, draft)
            #expect(changed.warnings == [problem])
            let run = try await cluster.queue("waits")
            _ = try await cluster.waits(in: pool) { $0.contains { $0.contains("there is no gallery 'agents'") } }
            let gallery = try await TestGallery(cluster)
            _ = try await cluster.waits(in: pool) { $0.contains { $0.contains("has no version") } }
            #expect(try cluster.plane.elasticInstances(of: pool).isEmpty)
            try await gallery.publish("1.0.0")
            #expect(try await cluster.finished(run).run.state.result == .succeeded)
            #expect(try await cluster.client.updateElasticPool(pool.rawValue, draft).warnings ?? [] == [])
        }
        await provider.shutDown()
    }

    @Test("a machine that dies in the middle of a job loses the job, not the pool")
    func dies() async throws {
        let (running, hear) = AsyncStream<String>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { machine, job in
            guard job.jobDisplayName == "j1" else { return }
            hear.yield(machine.id)
            for await _ in AsyncStream<Void>.makeStream().stream {}
        }
        let times: @Sendable (inout ServerConfiguration) -> Void = {
            $0.sessionExpiry = .seconds(1)
            // As long as a job on a busy computer may take, because its agent renews it once.
            $0.runningLease = .seconds(8)
        }
        let settings = ElasticPoolSettings(max: 1, idleDelay: .zero)
        try await ScriptedPool.with(settings, machines, configure: times) { pool in
            let run = try await pool.cluster.queue("two", jobs: 2)
            for await machine in running {
                pool.provider.kill(machine)
                break
            }
            let view = try await pool.cluster.finished(run)
            let states = Dictionary(view.jobs.map { ($0.name, $0.state) }) { first, _ in first }
            #expect(states == ["j1": .finished(.abandoned), "j2": .finished(.succeeded)])
            let log = try await pool.logs()
            #expect(log.contains { $0.contains("is lost") || $0.contains("It is deleted: lease expired") }, "\(log)")
            _ = try await pool.machines { $0.isEmpty }
            #expect(pool.provider.truth.isEmpty)
        }
    }

    @Test("machines that end before their agent comes online are not made one after another, and their pool says why")
    func endsAtOnce() async throws {
        let provider = ScriptedProvider { _ in }
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: ElasticPoolSettings(max: 5),
                by: .system
            ).pool
            _ = try await cluster.queue("waits")
            let words = "ended before its agent came online"
            let told = try await cluster.waits(in: pool) { $0.contains { $0.contains(words) } }
            #expect(told[0].hasPrefix("Machines did not start; the next is tried in"), "\(told)")
            // The first one is replaced at once.
            #expect(provider.calls(.create) <= 3)
        }
        await provider.shutDown()
    }

    @Test("a machine that was made although the answer was lost is found, and none is made beside it")
    func lostAnswer() async throws {
        try await ScriptedPool.with(ElasticPoolSettings(max: 3), SimulatedMachines()) { pool in
            pool.provider.plan(.create, .answerIsLost)
            let run = try await pool.cluster.queue("one")
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            let machines = try await pool.machines { $0.map(\.phase) == [.idle] }
            #expect(machines.map(\.number) == [1])
            #expect(pool.provider.truth.map(\.id) == machines.compactMap(\.providerID))
        }
    }

    @Test(
        "a provider that may not work here is refused with what it lacks and what to do; what works with less is said"
    )
    func privileges() async throws {
        let provider = ScriptedProvider { _ in }
        let missing = ProviderFailure.unavailable("This user may not make namespaces.", advice: "Use 'process'.")
        provider.set(ProviderReadiness(failure: missing))
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            var draft = RoostElasticPoolWire()
            (draft.name, draft.provider) = ("elastic", "scripted")
            draft.settings = ElasticSettingsWire()
            draft.settings?.max = 1
            let wanted = draft
            await #expect { _ = try await cluster.client.createElasticPool(wanted) } throws: { error in
                "\(error)".contains("This user may not make namespaces") && "\(error)".contains("Use 'process'.")
            }
            #expect(cluster.plane.pool(named: "elastic") == nil)
            let shown = try await cluster.client.machineProviders()
            #expect(shown.map(\.works) == [false] && shown[0].advice == "Use 'process'.")
            provider.set(ProviderReadiness(limits: ["Memory is not limited."]))
            let made = try await cluster.client.createElasticPool(wanted)
            #expect(made.warnings?.contains("Memory is not limited.") == true)
        }
        await provider.shutDown()
    }
}
