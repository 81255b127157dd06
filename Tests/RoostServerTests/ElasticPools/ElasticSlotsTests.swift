import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire
import Synchronization
import Testing

/// Machines that run several jobs at once.
@Suite("Slots of machines")
struct ElasticSlotsTests {
    private func with(
        _ recycle: ElasticPoolSettings.Recycle,
        _ machines: SimulatedMachines,
        _ body: @Sendable @escaping (TestCluster, PoolID, ScriptedProvider) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(program: machines.program)
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            var settings = ElasticPoolSettings(max: 1, standby: 1, recycle: recycle, images: [], slots: 2)
            settings.idleDelay = .seconds(600)
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: settings,
                by: .system
            )
            _ = try await cluster.machines(of: pool.pool) { $0.map(\.phase) == [.idle] && $0[0].agents.count == 2 }
            try await body(cluster, pool.pool, provider)
        }
        await provider.shutDown()
    }

    /// Jobs that wait until so many of them run at once.
    private final class Meeting: Sendable {
        private let state = Mutex<(running: Int, waiting: [CheckedContinuation<Void, Never>])>((0, []))
        private let size: Int

        init(_ size: Int) { self.size = size }

        func join() async {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    state.running += 1
                    state.waiting.append(continuation)
                    guard state.running >= size else { return [] }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for continuation in ready { continuation.resume() }
            }
        }
    }

    @Test("two jobs run on one machine at once; when the last has ended it is made anew, with agents of their own")
    func together() async throws {
        let meeting = Meeting(2)
        var machines = try SimulatedMachines()
        machines.onJob = { _, _ in await meeting.join() }
        try await with(.reimage, machines) { cluster, pool, provider in
            let before = try cluster.plane.agents(in: pool).map(\.agent)
            #expect(before.map { String($0.name.suffix(4)) }.sorted() == ["-1-1", "-1-2"])
            #expect(try await cluster.client.enrollmentTokens(pool: pool.rawValue).isEmpty)
            let repository = try cluster.repository(pool: "elastic", jobs: 2)
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let busy = try await cluster.machines(of: pool) { $0.first?.jobs.count == 2 || $0.first?.generation == 2 }
            #expect(busy.count == 1)
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            let anew = try await cluster.machines(of: pool) { $0.first?.generation == 2 && $0.first?.phase == .idle }
            #expect(anew.map(\.number) == [1])
            #expect(Set(anew[0].agents).isDisjoint(with: before.map(\.id)), "no agent of before")
            #expect(Set(try cluster.plane.agents(in: pool).map(\.agent.id)) == Set(anew[0].agents))
            #expect(provider.truth.count == 1)
        }
    }

    @Test("a machine with a used slot is not clean: its other agent gets no job once no job runs, and it is made anew")
    func half() async throws {
        try await with(.reimage, SimulatedMachines()) { cluster, pool, _ in
            let before = try cluster.plane.agents(in: pool).map(\.agent.id)
            let repository = try cluster.repository(pool: "elastic")
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            let anew = try await cluster.machines(of: pool) { $0.first?.generation == 2 && $0.first?.phase == .idle }
            #expect(anew[0].agents.count == 2 && Set(anew[0].agents).isDisjoint(with: before))
            #expect(try cluster.plane.agents(in: pool).count == 2)
        }
    }

    @Test("where machines are used again, so are their slots")
    func reuse() async throws {
        let ran = Mutex<Set<String>>([])
        var machines = try SimulatedMachines()
        machines.onJob = { machine, _ in
            ran.withLock { _ = $0.insert("\(machine.order.tag.instance).\(machine.order.tag.generation)") }
        }
        try await with(.reuse, machines) { cluster, pool, provider in
            let before = try cluster.plane.agents(in: pool).map(\.agent.id)
            let repository = try cluster.repository(pool: "elastic", jobs: 6)
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            let same = try await cluster.machines(of: pool) { $0.map(\.phase) == [.idle] }
            #expect(same[0].generation == 1 && Set(same[0].agents) == Set(before))
            #expect(ran.withLock { $0 } == ["1.1"])

            let events = cluster.plane.agentEvents(pool: pool)
            try await cluster.client.deletePool(pool.rawValue)
            for await _ in events {}
            #expect(provider.truth.isEmpty)
        }
    }

    @Test("more slots than a provider's machines have are refused, and fewer than one")
    func refusals() async throws {
        let provider = ScriptedProvider(traits: ProviderTraits(images: .none, mostSlots: 1)) { _ in }
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            func make(_ slots: Int) async throws {
                _ = try await cluster.plane.createElasticPool(
                    name: "p\(slots)",
                    provider: "scripted",
                    settings: ElasticPoolSettings(max: 1, images: [], slots: slots),
                    by: .system
                )
            }
            await #expect { try await make(2) } throws: { "\($0)".contains("run one job at once") }
            await #expect { try await make(0) } throws: { "\($0)".contains("slots is 0") }
            try await make(1)
        }
        await provider.shutDown()
    }
}
