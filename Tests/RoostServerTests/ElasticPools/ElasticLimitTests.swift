import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("What limits an elastic pool", .timeLimit(.minutes(1)))
struct ElasticLimitTests {
    @Test("with its budget spent a pool has no machine and says so to who waits; a higher one lets the job run")
    func budget() async throws {
        var settings = ElasticPoolSettings(max: 2, standby: 1, idleDelay: .zero)
        settings.budget = ElasticBudget(machineHoursPerDay: 2)
        try await ScriptedPool.with(settings, SimulatedMachines()) { pool in
            let id = pool.id
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            try await pool.cluster.plane.change { state, change in
                // So many hours of this very day, whatever time it is.
                let noon = Calendar(identifier: .gregorian).startOfDay(for: change.now) + 43_200
                state.elastic[id]?.row.spending.add(from: noon - 3_600, to: noon)
                state.elastic[id]?.row.spending.add(from: noon - 3_600, to: noon)
                change.dirtyElastic.insert(id)
            }
            _ = try await pool.machines { $0.isEmpty }
            let run = try await pool.cluster.queue("waits")
            let words = "because the 2 machine-hours of this day are spent"
            _ = try await pool.cluster.waits(in: id) { $0.count == 1 && $0[0].contains(words) }
            let status = try await pool.cluster.client.elasticStatus(id.rawValue)
            #expect(status.max == 0 && status.machines.isEmpty)
            #expect(status.differences.contains { $0.sentence.contains(words) && $0.nextAttempt != nil })
            try await pool.change { $0.budget = ElasticBudget(machineHoursPerDay: 100) }
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
        }
    }

    @Test("an open schedule has another maximum and standby, and is told; without it the settings hold again")
    func schedule() async throws {
        let settings = ElasticPoolSettings(max: 4, standby: 1, idleDelay: .zero)
        let always = BusinessHours(days: Set(BusinessHours.Weekday.allCases), opensAt: 0, closesAt: 24 * 60)
        let gate = AsyncStream<Void>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { _, _ in for await _ in gate.stream { break } }
        try await ScriptedPool.with(settings, machines) { pool in
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            try await pool.change { $0.schedules = [ElasticSchedule(name: "rush", hours: always, standby: 3)] }
            _ = try await pool.machines { $0.map(\.phase) == [.idle, .idle, .idle] }
            try await pool.change { $0.schedules = [ElasticSchedule(name: "night", hours: always, max: 1, standby: 0)] }
            _ = try await pool.machines { $0.isEmpty }
            let run = try await pool.cluster.queue("waits", jobs: 2)
            let told = try await pool.cluster.waits(in: pool.id) { sentences in
                sentences.count == 1 && sentences[0].contains("the maximum of schedule 'night'")
            }
            #expect(told == ["All 1 machines that the pool may have are there, the maximum of schedule 'night'."])
            try await pool.change { $0.schedules = [] }
            gate.continuation.yield()
            gate.continuation.yield()
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
        }
    }

    @Test("a quota of the provider is told in its own words, and the jobs share the machines that it allows")
    func quota() async throws {
        let gate = AsyncStream<Void>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { _, _ in for await _ in gate.stream { break } }
        try await ScriptedPool.with(ElasticPoolSettings(max: 5, idleDelay: .zero), machines, quota: 1) { pool in
            let run = try await pool.cluster.queue("three", jobs: 3)
            let words = "there are 1 machines, as many as there may be"
            _ = try await pool.cluster.waits(in: pool.id) { $0.count == 2 && $0.allSatisfy { $0.contains(words) } }
            let status = try await pool.cluster.client.elasticStatus(pool.id.rawValue)
            #expect(status.health == "unhealthy")
            #expect(status.differences.contains { $0.sentence.contains(words) && $0.nextAttempt != nil })
            for _ in 1...3 { gate.continuation.yield() }
            #expect(try await pool.cluster.finished(run).run.state.result == .succeeded)
            _ = try await pool.machines { $0.isEmpty }
        }
    }

    @Test("hours of machines count from midnight, whatever a clock that is set does in between")
    func spending() {
        let noon = Date(timeIntervalSince1970: 1_790_000_000)
        var spending = MachineSpending()
        spending.add(from: noon, to: noon + 600)
        // A clock that goes back makes no hours, and takes none.
        spending.add(from: noon + 600, to: noon)
        #expect(
            spending.usage(with: [], at: noon + 600) == ElasticUsage(today: .seconds(600), thisMonth: .seconds(600))
        )
        #expect(spending.usage(with: [noon + 9_999], at: noon).today == .seconds(600))
        spending.add(from: noon - 86_400 * 40, to: noon)
        let usage = spending.usage(with: [], at: noon)
        #expect(usage.today <= .seconds(600 + 86_400) && usage.thisMonth <= .seconds(600 + 31 * 86_400))
    }

    @Test("what of the settings is ignored is in the pool's log once, whichever way it was asked for")
    func ignored() async throws {
        var settings = ElasticPoolSettings(max: 1)
        settings.interactiveUI = true
        let warning = try #require(settings.warnings.first)
        try await ScriptedPool.with(settings, SimulatedMachines()) { pool in
            try await pool.change { $0.max = 2 }
            #expect(try await pool.logs().filter { $0 == warning }.count == 1)
        }
    }

    @Test("what agents of versions offered that nothing is made of any more is not kept")
    func bygone() async throws {
        try await ScriptedPool.with(ElasticPoolSettings(max: 1, standby: 1, images: []), SimulatedMachines()) { pool in
            let id = pool.id
            _ = try await pool.machines { $0.map(\.phase) == [.idle] }
            try await pool.cluster.plane.change { state, change in
                state.elastic[id]?.row.offers["bygone"] = ["bash": "/bin/bash"]
                state.putElastic(id, &change)
                change.dirtyElastic.insert(id)
            }
            #expect(pool.cluster.plane.read { $0.elastic[id]?.row.offers.keys.sorted() } == [""])
            let stored = try await pool.cluster.store.load().settings[ElasticState.name(id)]
            let row = try JSONDecoder().decode(ElasticState.Row.self, from: #require(stored))
            #expect(row.offers.keys.sorted() == [""])
        }
    }

    @Test("a row that cannot be read stops the start and is named: its machine would be taken for nobody's")
    func unreadable() throws {
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        let elastic = ElasticState(
            ElasticPool(pool: PoolID(3), provider: "p", settings: .init(max: 1), createdAt: now, createdBy: "ann")
        )
        let instance = ElasticInstance(pool: PoolID(3), number: 7, image: .init(), at: now, because: "test")
        let good = [
            "elastic-pool:3": try JSONEncoder().encode(elastic.row),
            "elastic-instance:3:7": try JSONEncoder().encode(instance),
        ]
        let read = try ElasticState.all(good, tick: now, now: now)
        #expect(read.mapValues(\.instances) == [PoolID(3): [7: instance]])
        for name in good.keys {
            var bad = good
            bad[name] = Data(#"{"pool": "what"}"#.utf8)
            #expect {
                try ElasticState.all(bad, tick: now, now: now)
            } throws: { error in
                guard case .row(name, _)? = error as? ElasticPoolError else { return false }
                return "\((error as? ElasticPoolError)?.summary ?? "")".contains("'\(name)'")
            }
        }
    }

    @Test("rows that a clock which was set has written are of no age that could end them")
    func clock() throws {
        let (tick, now) = (Date(timeIntervalSince1970: 5_000), Date(timeIntervalSince1970: 1_790_000_000))
        func row(_ number: Int, _ moment: Date) -> ElasticInstance {
            ElasticInstance(pool: PoolID(1), number: number, image: .init(), at: moment, because: "test")
        }
        var memory = ElasticMemory()
        memory.begin([1: row(1, now + 86_400), 2: row(2, now - 86_400 * 365)], tick: tick, now: now)
        #expect(memory.entered[1] == tick, "written in the future: it has just come")
        #expect(memory.entered[2] == tick - 600, "a year old: at most the longest deadline")
        #expect(memory.made[1] == tick)
        #expect(memory.settlingUntil == tick + 30, "nobody is judged at once")
    }
}
