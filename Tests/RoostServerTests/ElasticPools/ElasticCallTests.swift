import Foundation
import RoostModel
import RoostProviders
import RoostTesting
import Synchronization
import Testing

@testable import RoostServer

@Suite("Calls of providers that must wait", .timeLimit(.minutes(1)))
struct ElasticCallTests {
    private func with(
        _ provider: HookedProvider,
        _ body: @Sendable @escaping (ScriptedPool) async throws -> Void
    ) async throws {
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "scripted",
                settings: ElasticPoolSettings(max: 1, standby: 1, images: []),
                by: .system
            ).pool
            try await body(ScriptedPool(cluster: cluster, provider: provider.base, id: pool))
        }
        await provider.base.shutDown()
    }

    /// Waits until no listing is under way or wanted.
    private func listed(_ pool: ScriptedPool) async throws {
        let events = pool.cluster.plane.agentEvents(pool: pool.id)
        func isWaiting() -> Bool {
            pool.cluster.plane.read { state in
                state.elastic[pool.id].map { $0.memory.isListing || $0.memory.wantsListing } ?? false
            }
        }
        while isWaiting() {
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }

    @Test("a machine that is deleted while it is being made is removed when it is there", arguments: [false, true])
    func whileBeingMade(isLate: Bool) async throws {
        let (gate, door) = AsyncStream<Void>.makeStream()
        let (begun, hear) = AsyncStream<Void>.makeStream()
        var provider = HookedProvider(ScriptedProvider(program: try SimulatedMachines().program))
        provider.beforeCreate = { order throws(ProviderFailure) in
            guard order.tag.instance == 1 else { return }
            hear.yield()
            for await _ in gate { break }
        }
        try await with(provider) { pool in
            let id = pool.id
            for await _ in begun { break }
            if isLate {
                _ = try await pool.cluster.plane.change { state, change in
                    state.elastic[id]?.memory.entered[1] = change.tick - 600
                    change.dirtyElastic.insert(id)
                }
            } else {
                _ = try await pool.cluster.plane.wish(.delete, ofMachine: 1, in: id, by: .system)
            }
            // Nobody knows yet what there is to be removed.
            #expect(try pool.cluster.plane.elasticInstances(of: id).map(\.phase) == [.deleting])
            let memory = try #require(pool.cluster.plane.read { $0.elastic[id]?.memory })
            #expect(memory.failures == (isLate ? 1 : 0))
            #expect(pool.provider.calls(.delete) == 0)
            door.yield()
            let machines = try await pool.machines { $0.map(\.number) == [2] && $0[0].phase == .idle }
            #expect(pool.provider.truth.map(\.id) == machines.compactMap(\.providerID))
            #expect(pool.provider.calls(.delete) == 1)
            // It was nobody's at no time.
            #expect(try await pool.logs().allSatisfy { !$0.contains("orphan") })
        }
    }

    @Test("while the provider throttles nothing is asked of it; what was held is asked afterwards")
    func throttled() async throws {
        try await with(HookedProvider(ScriptedProvider(program: try SimulatedMachines().program))) { pool in
            let (plane, id) = (pool.cluster.plane, pool.id)
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            try await listed(pool)
            let until = try await plane.change { state, change in
                let until = change.tick + 3_600
                state.elastic[id]?.memory.throttledUntil = until
                return until
            }
            _ = try await plane.wish(.delete, ofMachine: 1, in: id, by: .system)
            try await plane.change { state, change in
                state.elastic[id]?.memory.wantsListing = true
                change.dirtyElastic.insert(id)
            }
            let memory = try #require(plane.read { $0.elastic[id]?.memory })
            #expect(memory.underWay.isEmpty && memory.retryAt[1] == until)
            #expect(memory.wantsListing && !memory.isListing)
            #expect(try plane.elasticInstances(of: id).map(\.phase) == [.deleting])
            #expect(pool.provider.calls(.delete) == 0 && pool.provider.truth.count == 1)

            try await plane.change { state, change in
                state.elastic[id]?.memory.throttledUntil = nil
                state.elastic[id]?.memory.retryAt[1] = change.tick
                change.dirtyElastic.insert(id)
            }
            _ = try await pool.machines { $0.map(\.number) == [2] && $0[0].phase == .idle }
            #expect(pool.provider.truth.count == 1)
        }
    }

    @Test("a machine without a row that cannot be removed is not asked for again at once")
    func stuck() async throws {
        var provider = HookedProvider(ScriptedProvider(program: try SimulatedMachines().program))
        provider.beforeDelete = { machine throws(ProviderFailure) in
            guard machine != "ghost" else { throw .failed("it is held") }
        }
        try await with(provider) { pool in
            let (plane, id) = (pool.cluster.plane, pool.id)
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            try await listed(pool)
            // The listing that is due soon is not of this test.
            _ = try await plane.change { state, change in state.elastic[id]?.memory.listedAt = change.tick + 3_600 }
            let before = pool.provider.calls(.list)
            await plane.carryOut(ElasticOperation(.destroy("ghost"), in: id))
            let memory = try #require(plane.read { $0.elastic[id]?.memory })
            #expect(memory.strays["ghost"]?.attempts == 1)
            #expect(!memory.wantsListing && !memory.isListing)
            #expect(pool.provider.calls(.list) == before)
        }
    }

    /// The first call of a kind takes no notice of being cancelled, and goes on when the gate is opened; only it has little time.
    private final class Hang: Sendable {
        private let isDue = Mutex(false)
        private let gate: AsyncStream<Void>
        private let door: AsyncStream<Void>.Continuation

        init() { (gate, door) = AsyncStream.makeStream() }

        var patience: Duration? { isDue.withLock { $0 } ? .milliseconds(200) : nil }

        /// The next call hangs.
        func prepare() { isDue.withLock { $0 = true } }

        func meet() async {
            let hangs = isDue.withLock { isDue in
                defer { isDue = false }
                return isDue
            }
            if hangs { await Task { for await _ in gate { break } }.value }
        }

        func end() { door.yield() }
    }

    @Test(
        "a machine that is never answered for keeps no place: the call is given up, and what it makes later is removed"
    )
    func unanswered() async throws {
        let hang = Hang()
        let (made, hear) = AsyncStream<String>.makeStream()
        let (removed, hearRemoval) = AsyncStream<String>.makeStream()
        var provider = HookedProvider(ScriptedProvider(program: try SimulatedMachines().program))
        provider.patience = { hang.patience }
        provider.beforeCreate = { _ throws(ProviderFailure) in await hang.meet() }
        provider.afterCreate = { hear.yield($0) }
        provider.afterDelete = { hearRemoval.yield($0) }
        hang.prepare()
        try await with(provider) { pool in
            // The listing does not have it, so that another one is made.
            let machines = try await pool.machines { $0.map(\.number) == [2] && $0[0].phase == .idle }
            let known = try #require(machines[0].providerID)
            #expect(try await pool.logs().contains { $0.contains("It did not answer within 0 s, and was given up.") })
            hang.end()
            for await machine in made where machine != known { break }
            _ = try await pool.cluster.plane.change { state, change in
                state.elastic[pool.id]?.memory.wantsListing = true
                change.dirtyElastic.insert(pool.id)
            }
            for await machine in removed where machine != known { break }
            #expect(pool.provider.truth.map(\.id) == [known])
            #expect(try await pool.logs().contains { $0.contains("orphan") })
        }
    }

    @Test("a removal that is never answered is asked for again; a listing that is never answered is given up")
    func unansweredOtherwise() async throws {
        let (removal, listing) = (Hang(), Hang())
        var provider = HookedProvider(ScriptedProvider(program: try SimulatedMachines().program))
        provider.patience = { removal.patience ?? listing.patience }
        provider.beforeDelete = { _ throws(ProviderFailure) in await removal.meet() }
        provider.beforeListing = { await listing.meet() }
        try await with(provider) { pool in
            let (plane, id) = (pool.cluster.plane, pool.id)
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            removal.prepare()
            _ = try await plane.wish(.delete, ofMachine: 1, in: id, by: .system)
            _ = try await pool.machines { $0.map(\.number) == [2] && $0[0].phase == .idle }
            #expect(try await pool.logs().contains { $0.contains("It did not answer within 0 s, and was given up.") })
            try await listed(pool)
            listing.prepare()
            await plane.carryOut(ElasticOperation(.list, in: id))
            let memory = try #require(plane.read { $0.elastic[id]?.memory })
            #expect(memory.words?.contains("It did not answer") == true)
            removal.end()
            listing.end()
        }
    }
}
