import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire
import Synchronization
import Testing

@testable import RoostServer

/// Machines that are used again, in pools where jobs wait all the time.
@Suite("Machines that go get no further job", .timeLimit(.minutes(2)))
struct ElasticLeavingTests {
    /// Jobs that run until they are let go, and on which machines they ran.
    private final class Floor: Sendable {
        private let (gate, door) = AsyncStream<Void>.makeStream()
        private let numbers = Mutex<[Int]>([])

        var ran: [Int] { numbers.withLock { $0 } }

        func machines() throws -> SimulatedMachines {
            var machines = try SimulatedMachines()
            machines.whileRunning = { [self] machine, _ in
                numbers.withLock { $0.append(machine.order.tag.instance) }
                for await _ in gate { break }
            }
            return machines
        }

        func letGo(_ count: Int) { for _ in 0..<count { door.yield() } }
    }

    private func with(
        max: Int = 1,
        slots: Int = 1,
        _ body: @Sendable @escaping (ScriptedPool, Floor) async throws -> Void
    ) async throws {
        let floor = Floor()
        var settings = ElasticPoolSettings(max: max, recycle: .reuse, images: [], slots: slots)
        settings.idleDelay = .seconds(600)
        try await ScriptedPool.with(settings, floor.machines()) { pool in try await body(pool, floor) }
    }

    @Test("a machine that a person wants deleted goes after the jobs that it runs", arguments: [1, 2])
    func wish(slots: Int) async throws {
        try await with(slots: slots) { pool, floor in
            let run = try await pool.cluster.queue("many", jobs: slots + 1)
            _ = try await pool.machines { $0.first?.jobs.count == slots }
            _ = try await pool.cluster.plane.wish(.delete, ofMachine: 1, in: pool.id, by: .system)
            floor.letGo(slots + 1)
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            #expect(floor.ran == Array(repeating: 1, count: slots) + [2])
            _ = try await pool.machines { $0.map(\.number) == [2] && $0[0].phase == .idle }
            #expect(pool.provider.truth.count == 1)
        }
    }

    @Test("one that is to be made anew is, before its next job")
    func reimage() async throws {
        try await with { pool, floor in
            let run = try await pool.cluster.queue("two", jobs: 2)
            _ = try await pool.machines { $0.map(\.phase) == [.busy] }
            _ = try await pool.cluster.plane.wish(.reimage, ofMachine: 1, in: pool.id, by: .system)
            floor.letGo(1)
            _ = try await pool.machines { $0.map(\.phase) == [.busy] && $0[0].generation == 2 }
            floor.letGo(1)
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            #expect(floor.ran == [1, 1])
        }
    }

    @Test("a pool that drains finishes the job that runs and no other, and tells the others so; then it goes on")
    func drain() async throws {
        try await with { pool, floor in
            let plane = pool.cluster.plane
            let run = try await pool.cluster.queue("two", jobs: 2)
            _ = try await pool.machines { $0.map(\.phase) == [.busy] }
            _ = try await plane.setState(.draining, ofElasticPool: pool.id, by: .system)
            let waits = plane.waitingJobs(in: pool.id).map(\.wait.sentence)
            #expect(waits.count == 1 && waits[0].contains("draining"), "\(waits)")
            floor.letGo(1)
            _ = try await pool.machines { $0.isEmpty }
            #expect(plane.waitingJobs(in: pool.id).count == 1)
            _ = try await plane.setState(.active, ofElasticPool: pool.id, by: .system)
            floor.letGo(1)
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            #expect(floor.ran == [1, 2])
        }
    }

    @Test("a pool that goes on before its job has ended keeps the machine")
    func resume() async throws {
        try await with { pool, floor in
            let run = try await pool.cluster.queue("two", jobs: 2)
            _ = try await pool.machines { $0.map(\.phase) == [.busy] }
            _ = try await pool.cluster.plane.setState(.draining, ofElasticPool: pool.id, by: .system)
            _ = try await pool.cluster.plane.setState(.active, ofElasticPool: pool.id, by: .system)
            floor.letGo(2)
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            #expect(floor.ran == [1, 1])
        }
    }

    @Test("one whose time is over goes after its job")
    func timeToLive() async throws {
        try await with { pool, floor in
            let id = pool.id
            let run = try await pool.cluster.queue("two", jobs: 2)
            _ = try await pool.machines { $0.map(\.phase) == [.busy] }
            try await pool.change { $0.timeToLive = .seconds(7_200) }
            _ = try await pool.cluster.plane.change { state, change in
                state.elastic[id]?.memory.made[1] = change.tick - 7_200
                change.dirtyElastic.insert(id)
            }
            floor.letGo(2)
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            #expect(floor.ran == [1, 2])
        }
    }

    @Test("what is kept for study gets no job")
    func saved() async throws {
        try await with(max: 2) { pool, floor in
            floor.letGo(2)
            let first = try await pool.cluster.queue("first")
            #expect(try await pool.cluster.finished(first).run.state.result == .succeeded)
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            _ = try await pool.cluster.plane.wish(.save, ofMachine: 1, in: pool.id, by: .system)
            let second = try await pool.cluster.queue("second")
            #expect(try await pool.cluster.finished(second).run.state.result == .succeeded)
            #expect(floor.ran == [1, 2])
        }
    }
}
