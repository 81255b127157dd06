import Foundation
import RoostModel
import Testing

@Suite("Maintenance of a pool")
struct MaintenanceTests {
    /// A Wednesday, 10:00 UTC.
    private static let now = Date(
        timeIntervalSince1970: 1_800_000_000 - 1_800_000_000.truncatingRemainder(dividingBy: 86_400) + 36_000
    )

    private static func agents(_ count: Int, busy: Set<Int> = [], silent: Set<Int> = []) -> [MaintenanceAgent] {
        (1...count).map {
            MaintenanceAgent(id: AgentID($0), name: "a\($0)", asks: !silent.contains($0), isBusy: busy.contains($0))
        }
    }

    private static func state(_ body: (inout PoolMaintenance) -> Void = { _ in }) -> MaintenanceState {
        var settings = PoolMaintenance(days: Set(BusinessHours.Weekday.allCases), handledUpTo: now)
        body(&settings)
        return MaintenanceState(settings: settings)
    }

    @Test("begins when it is due, once for all that was missed, and at the hour of its zone")
    func schedule() throws {
        var state = Self.state { ($0.startsAt, $0.minutesAheadOfUTC) = (630, 60) }
        // 10:30 an hour ahead of UTC is 09:30 there, which is over for today.
        let due = try #require(state.settings.next(after: Self.now))
        #expect(due == Self.now + 86_400 - 1800)
        #expect(state.pass(Self.agents(2), at: due - 1) == due && state.jobs.isEmpty)
        _ = state.pass(Self.agents(2), at: due + 3 * 86_400)
        #expect(state.jobs.count == 1 && state.jobs[0].requestedBy == "the schedule")
        _ = state.pass(Self.agents(2), at: due + 3 * 86_400 + 1)
        #expect(state.jobs.count == 1)
        var off = Self.state { $0.isEnabled = false }
        #expect(off.pass(Self.agents(2), at: Self.now + 9 * 86_400) == nil && off.jobs.isEmpty)
        var never = Self.state { $0.days = [] }
        #expect(never.pass(Self.agents(2), at: Self.now + 9 * 86_400) == nil)
    }

    @Test("only so many agents are at it at once, none that has a job, and none that does not ask")
    func width() throws {
        var state = Self.state { $0.agentsPercent = 50 }
        let all = Self.agents(5, busy: [2], silent: [5])
        let job = state.begin(all, by: "ann", at: Self.now)
        #expect(job.targets.map(\.status) == [.queued, .queued, .queued, .queued, .completed])
        #expect(job.targets[4].message == "it is offline, or not an agent of Roost that lasts")
        #expect(state.begin(all, by: "ben", at: Self.now).id == job.id)
        #expect(state.take(all[1], at: Self.now) == nil && state.take(all[4], at: Self.now) == nil)
        #expect(state.take(all[0], at: Self.now) != nil && state.take(all[2], at: Self.now) != nil)
        #expect(state.take(all[3], at: Self.now) == nil, "two of five are at it")
        #expect(state.take(all[0], at: Self.now) != nil, "it was started again")
        state.report(AgentID(1), job: 1, freed: 70, removed: 3, result: .succeeded, message: "done", at: Self.now + 5)
        state.report(AgentID(1), job: 1, freed: 70, removed: 3, result: .succeeded, message: "done", at: Self.now + 5)
        #expect(state.take(all[3], at: Self.now) != nil && state.current?.freed == 70)
    }

    @Test("agents that take too long have failed, and those that never come are passed over")
    func patience() throws {
        var state = Self.state { ($0.timeoutMinutes, $0.isEnabled) = (10, false) }
        let all = Self.agents(2)
        state.begin(all, by: "ann", at: Self.now)
        #expect(state.take(all[0], at: Self.now) != nil)
        #expect(state.pass(all, at: Self.now + 1) == Self.now + 600)
        #expect(state.pass(all, at: Self.now + 600) == Self.now + MaintenanceState.patience)
        #expect(state.current?.targets[0].result == .failed)
        #expect(state.pass(all, at: Self.now + MaintenanceState.patience) == nil)
        let job = try #require(state.jobs.first)
        #expect(job.isOver && job.result == .failed && job.targets[1].result == .canceled)
    }

    @Test("a round that is canceled lets those that have begun come to their end; only so many rounds are remembered")
    func cancel() {
        var state = Self.state { ($0.history, $0.isEnabled) = (3, false) }
        let all = Self.agents(2)
        for number in 1...5 {
            state.begin(all, by: "ann", at: Self.now)
            #expect(state.take(all[0], at: Self.now) != nil)
            state.cancel(at: Self.now)
            #expect(state.current?.status == .cancelling && state.take(all[1], at: Self.now) == nil)
            state.report(AgentID(1), job: number, freed: 1, removed: 1, result: .succeeded, message: "", at: Self.now)
            #expect(state.current == nil && state.jobs.last?.result == .succeeded)
        }
        #expect(state.jobs.map(\.id) == [3, 4, 5])
    }

    @Test("in any order of events a round ends, with no more agents at it than may be and each at most once")
    func anyOrder() throws {
        for seed in 0..<400 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...9, using: &random)
            var state = Self.state {
                ($0.agentsPercent, $0.isEnabled) = (Int.random(in: 1...100, using: &random), false)
            }
            let all = Self.agents(count, silent: Int.random(in: 0..<4, using: &random) == 0 ? [1] : [])
            state.begin(all, by: "ann", at: Self.now)
            var now = Self.now
            var begun: [AgentID: Int] = [:]
            for _ in 0..<200 {
                now += Double.random(in: 0...600, using: &random)
                var agent = all[Int.random(in: 0..<count, using: &random)]
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1, 2:
                    agent.isBusy = Bool.random(using: &random)
                    let before = state
                    if state.take(agent, at: now) != nil, state != before { begun[agent.id, default: 0] += 1 }
                case 3, 4:
                    state.report(agent.id, job: 1, freed: 1, removed: 1, result: .succeeded, message: "", at: now)
                default: _ = state.pass(all, at: now)
                }
                let running = state.current?.targets.count { $0.status == .inProgress } ?? 0
                #expect(running <= max(1, count * state.settings.agentsPercent / 100), "seed \(seed)")
            }
            _ = state.pass(all, at: now + 2 * MaintenanceState.patience)
            #expect(state.current == nil && state.jobs.last?.result != nil, "seed \(seed)")
            #expect(begun.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        }
    }
}
