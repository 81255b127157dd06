import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("What counts for and against a version on trial", .timeLimit(.minutes(2)))
struct ElasticVersionTests {
    /// A pool over a gallery whose first version is wanted and whose second one is on trial.
    private func with(
        _ settings: ElasticPoolSettings,
        _ machines: SimulatedMachines,
        refusing refused: String? = nil,
        _ body: @Sendable @escaping (TestCluster, PoolID, ScriptedProvider) async throws -> Void
    ) async throws {
        let traits = ProviderTraits(images: .required, endsAreCertain: true)
        let base = ScriptedProvider(traits: traits, program: machines.program)
        var provider = HookedProvider(base)
        provider.beforeCreate = { order throws(ProviderFailure) in
            guard let image = order.image, let refused, image.name.hasSuffix(refused) else { return }
            throw .image(name: image.name, "it has no kernel")
        }
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let gallery = try await TestGallery(cluster)
            let pool = try await cluster.elasticPool(settings, over: gallery)
            let standby = settings.standby
            _ = try await cluster.machines(of: pool) { $0.count { $0.phase == .idle } == standby }
            try await gallery.publish("2.0.0")
            // A job for what is on trial fails where nothing is.
            _ = try await cluster.roll(of: pool) { $0.candidate != nil || !$0.withdrawals.isEmpty }
            try await body(cluster, pool, base)
        }
        await base.shutDown()
    }

    private func settings(max: Int, standby: Int = 0) -> ElasticPoolSettings {
        var settings = ElasticPoolSettings(max: max, standby: standby)
        settings.idleDelay = .zero
        settings.canary = CanarySettings(share: 1, machines: 1, jobs: 20)
        return settings
    }

    @Test("one whose image cannot be started is withdrawn, and holds up no machine of another version")
    func unstartable() async throws {
        try await with(settings(max: 3, standby: 1), SimulatedMachines(), refusing: "2.0.0") { cluster, pool, _ in
            let roll = try await cluster.roll(of: pool) { !$0.withdrawals.isEmpty }
            #expect(roll.withdrawals.map(\.finding) == [.neverStarts(failed: 2, of: 2)])
            let memory = try #require(cluster.plane.read { $0.elastic[pool]?.memory })
            #expect(memory.failures == 0 && memory.backoffUntil == nil)
            let run = try await cluster.queue("plain")
            #expect(try await cluster.finished(run).run.state.result == .succeeded)
        }
    }

    @Test(
        "a job that is lost with its machine counts as one that failed, unless a person took the machine",
        arguments: [false, true]
    )
    func lost(byPerson: Bool) async throws {
        let (running, hear) = AsyncStream<String>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { machine, job in
            guard job.jobDisplayName == "j1" else { return }
            hear.yield(machine.id)
            for await _ in AsyncStream<Void>.makeStream().stream {}
        }
        try await with(settings(max: 1), machines) { cluster, pool, provider in
            let run = try await cluster.queue("tried", demands: ", demands: 'Roost.ImageTrial -equals yes'")
            for await machine in running {
                if byPerson {
                    let number = try #require(try cluster.plane.elasticInstances(of: pool).first?.number)
                    _ = try await cluster.plane.wish(.delete, ofMachine: number, in: pool, force: true, by: .system)
                } else {
                    provider.kill(machine)
                }
                break
            }
            let jobs = try await cluster.finished(run).jobs
            #expect(jobs.map(\.state) == [.finished(.abandoned)])
            let roll = try await cluster.roll(of: pool) { byPerson || $0.trial.jobs == 1 }
            #expect((roll.trial.jobs, roll.trial.failed) == (byPerson ? (0, 0) : (1, 1)))
        }
    }

    @Test("once it is withdrawn, its machine that is used again gets no job after the one that it runs")
    func withdrawn() async throws {
        let diary = TrialDiary()
        let (gate, door) = AsyncStream<Void>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { machine, job in
            diary.note(machine, job)
            if job.jobDisplayName == "tried1" { for await _ in gate { break } }
        }
        var settings = settings(max: 1)
        settings.recycle = .reuse
        try await with(settings, machines) { cluster, pool, _ in
            func queue(_ name: String, _ answer: String) async throws -> RunID {
                let demands = ", demands: 'Roost.ImageTrial -equals \(answer)'"
                let repository = try cluster.repository(pool: "elastic", jobs: 1, demands: demands, prefix: name)
                defer { repository.remove() }
                return try await cluster.queue(cluster.pipeline(repository, name: name)).id
            }
            let tried = try await queue("tried", "yes")
            _ = try await cluster.machines(of: pool) { $0.map(\.phase) == [.busy] }
            let plain = try await queue("plain", "no")
            try await cluster.plane.decideTrial(of: "main", in: pool, isGood: false, by: .system)
            door.yield()
            for run in [tried, plain] {
                #expect(try await cluster.finished(run).run.state.result == .succeeded)
            }
            #expect(diary.versions("plain") == ["1.0.0"])
        }
    }
}
