import Foundation
import RoostModel
import Testing

@Suite("The ledger of an elastic pool")
struct ElasticLedgerTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)
    private let image = ElasticInstance.Image(name: "main", version: "g/d/1.0.0", digest: "a")

    @Test("a machine goes through its life, and no other way", arguments: ElasticPhase.allCases)
    func moves(from phase: ElasticPhase) throws {
        for next in ElasticPhase.allCases where next != phase {
            var row = try row(in: phase)
            let before = row
            if phase.next.contains(next) {
                try row.move(to: next, at: now, because: "test")
                #expect((row.phase, row.reason) == (next, "test"))
            } else {
                #expect(throws: IllegalInstanceMove(instance: 1, from: phase, to: next)) {
                    try row.move(to: next, at: now, because: "test")
                }
                #expect(row == before)
            }
        }
    }

    @Test("an action that was written down before changes nothing; one that came too late is refused")
    func again() throws {
        var ledger = ElasticLedger(pool: PoolID(1))
        let create = ScalingAction.create(1, image, .standby)
        #expect(try ledger.apply(create, at: now)?.phase == .planned)
        #expect(try ledger.apply(create, at: now + 5) == nil)
        #expect((ledger.rows.count, ledger.nextNumber) == (1, 2))
        #expect(try ledger.apply(.cancel(1, .excess), at: now)?.phase == .gone)
        #expect(throws: IllegalInstanceMove.self) { try ledger.apply(.delete(1, .excessIdle), at: now) }
        #expect(ledger.occupied == 0)
    }

    @Test("each reimage is another generation, and the agent before is forgotten")
    func generations() throws {
        var row = try row(in: .used)
        (row.agents, row.jobs) = ([AgentID(4)], [RequestID(2)])
        try row.move(to: .recycling, at: now, because: "used")
        #expect((row.generation, row.agents, row.jobs) == (2, [], []))
    }

    @Test("rows from before machines had several slots are read: their agent is the only one")
    func oldRows() throws {
        var row = try row(in: .busy)
        (row.agents, row.jobs, row.slots) = ([AgentID(4), AgentID(5)], [RequestID(2)], 2)
        let data = try JSONEncoder().encode(row)
        #expect(try JSONDecoder().decode(ElasticInstance.self, from: data) == row)
        var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        fields["agents"] = nil
        fields["slots"] = nil
        fields["agent"] = 4
        let old = try JSONDecoder().decode(ElasticInstance.self, from: JSONSerialization.data(withJSONObject: fields))
        (row.agents, row.slots) = ([AgentID(4)], 1)
        #expect(old == row)
    }

    @Test("listings running that lack a row are counted until one has it")
    func unlisted() {
        var ledger = ElasticLedger(pool: PoolID(1))
        ledger.rows[1] = ElasticInstance(pool: PoolID(1), number: 1, image: image, at: now, because: "test")
        ledger.note([])
        ledger.note([])
        #expect(ledger.rows[1]?.unlisted == 2)
        let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: 1)
        ledger.note([ListedMachine(id: "p", tag: tag, state: .running)])
        #expect(ledger.rows[1]?.unlisted == 0)
    }

    @Test("a clock that is set changes no age; after a start an age is at most the limit")
    func ages() throws {
        var row = try row(in: .booting)
        row.createdAt = now - 50
        var ages = ElasticAges()
        ages.note([row], at: .seconds(100), now, limit: .seconds(600))
        #expect(ages.lifetime(of: 1, at: .seconds(100)) == .seconds(50))
        ages.note([row], at: .seconds(107), now + 86_400, limit: .seconds(600))
        #expect(ages.age(of: 1, at: .seconds(107)) == .seconds(7))
        try row.move(to: .idle, at: now + 86_400, because: "online")
        ages.note([row], at: .seconds(108), now + 86_400, limit: .seconds(600))
        #expect(ages.age(of: 1, at: .seconds(110)) == .seconds(2))
        #expect(ages.lifetime(of: 1, at: .seconds(110)) == .seconds(60))
        var other = ElasticAges()
        other.note([row], at: .seconds(0), now + 2 * 86_400, limit: .seconds(600))
        #expect(other.age(of: 1, at: .seconds(0)) == .seconds(600))
        var early = ElasticAges()
        early.note([row], at: .seconds(0), now - 86_400, limit: .seconds(600))
        #expect(early.age(of: 1, at: .seconds(0)) == .zero)
    }

    @Test("what was needed once during the delay is no lasting surplus")
    func surplus() {
        var surplus = ElasticSurplus()
        func note(_ agents: Int, at time: Int, dropped: Int = 0) {
            let number = ScalingSurplus(agents: agents, dropped: dropped)
            let plan = ScalingPlan(actions: [], wakeIn: nil, surplus: ["": number])
            surplus.note(plan, at: .seconds(time), delay: .seconds(60))
        }
        func lasting(_ time: Int) -> Int { surplus.lasting(of: "", at: .seconds(time), delay: .seconds(60)) }
        note(2, at: 0)
        #expect(lasting(59) == 0)
        #expect(lasting(60) == 2)
        note(0, at: 70)
        note(3, at: 80)
        #expect(lasting(100) == 0)
        #expect(surplus.changesIn(of: "", at: .seconds(100), delay: .seconds(60)) == .seconds(40))
        #expect(lasting(140) == 3)
        note(3, at: 140, dropped: 1)
        #expect(lasting(141) == 2)
    }

    @Test("delays between attempts double up to a limit, and pools do not try together")
    func backOff() {
        let starts = (1...12).map { startBackOff(after: $0, in: PoolID(1)) }
        #expect(zip(starts, starts.dropFirst()).dropLast(3).allSatisfy { $0 < $1 })
        #expect(starts.allSatisfy { $0 > .milliseconds(700) && $0 <= .seconds(600) })
        #expect(startBackOff(after: 0, in: PoolID(1)) == .zero)
        #expect(Set((1...50).map { startBackOff(after: 4, in: PoolID($0)) }).count > 25)
        #expect(retryBackOff(after: 100, instance: 1, in: PoolID(1)) <= .seconds(300))
    }

    private func row(in phase: ElasticPhase) throws -> ElasticInstance {
        var row = ElasticInstance(pool: PoolID(1), number: 1, image: image, at: now, because: "test")
        let ways: [ElasticPhase: [ElasticPhase]] = [
            .planned: [], .creating: [.creating], .booting: [.booting], .idle: [.booting, .idle],
            .busy: [.booting, .idle, .busy], .used: [.booting, .idle, .busy, .used],
            .recycling: [.booting, .idle, .recycling], .saved: [.booting, .saved], .deleting: [.booting, .deleting],
            .gone: [.gone],
        ]
        for step in ways[phase, default: []] { try row.move(to: step, at: now, because: "test") }
        return row
    }
}
