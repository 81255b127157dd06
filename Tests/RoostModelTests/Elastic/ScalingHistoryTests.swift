import Foundation
import RoostModel
import Testing

@Suite("Histories of elastic pools")
struct ScalingHistoryTests {
    /// More by `ROOST_HISTORIES=5000`.
    private static let histories = ProcessInfo.processInfo.environment["ROOST_HISTORIES"].flatMap(Int.init) ?? 120

    @Test(
        "whatever goes wrong: no plan breaks a rule, and afterwards the pool becomes what it should be",
        arguments: 0..<8
    )
    func rough(part: Int) {
        for seed in stride(from: part + 1, through: Self.histories, by: 8) {
            var world = ElasticWorld(seed: UInt64(seed))
            for _ in 0..<150 where world.faults.isEmpty { world.tick() }
            world.calm()
            var settled = 0
            for _ in 0..<2_000 where world.faults.isEmpty && settled < 100 {
                world.tick()
                settled = world.isSettled ? settled + 1 : 0
            }
            if world.faults.isEmpty, settled >= 100, world.jobs.values.allSatisfy({ $0.finishes == 1 }) { continue }
            Issue.record("seed \(seed): \(world.summary)")
            return
        }
    }

    @Test("the example of the page: a job comes, its machine is made anew, and the one that is too many goes")
    func example() {
        var world = ElasticWorld(seed: 1)
        world.isRough = false
        (world.policy.max, world.policy.burst, world.policy.recycle, world.policy.slots) = (4, 4, .reimage, 1)
        world.policy.timeToLive = nil
        world.images = [ElasticWorld.image(0, version: 1, standby: 2)]
        let isFull = world.wait(until: ["idle 2"])
        world.queue(1, length: .seconds(40))
        let isBusy = world.wait(until: ["busy 1", "idle 2"])
        let isBack = world.wait(until: ["idle 3"])
        let before = world.now
        let isSmall = world.wait(until: ["idle 2"])
        #expect([isFull, isBusy, isBack, isSmall] == [true, true, true, true], "\(world.summary)")
        #expect(world.now - before >= world.policy.idleDelay - .seconds(10))
        #expect(world.faults == [])
        #expect(world.log.filter { $0.contains("delete ") || $0.contains("reimage") }.count == 2)
    }

    @Test("at a constant load no machine is made or deleted once the pool has its size", arguments: 1...20)
    func steady(seed: Int) {
        var world = ElasticWorld(seed: UInt64(seed))
        world.isRough = false
        world.images = [world.images[0]]
        (world.policy.max, world.policy.burst, world.policy.recycle) = (8, 4, .reimage)
        world.policy.timeToLive = nil
        for second in 0..<900 {
            if second % 12 == 0 { world.queue(1, length: .seconds(20)) }
            if second == 400 { world.moves = 0 }
            world.tick()
        }
        #expect(world.faults == [])
        #expect(world.moves == 0, "\(world.summary)")
        #expect(world.jobs.values.count { $0.finishes == 1 } >= 70)
    }
}

extension ElasticWorld {
    /// Whether the pool comes to have just so many machines in phases, and none else.
    mutating func wait(until counts: [String]) -> Bool {
        for _ in 0..<300 {
            tick()
            let phases = Dictionary(grouping: ledger.rows.values.map(\.phase).filter { $0 != .gone }) { $0 }
            if phases.map({ "\($0) \($1.count)" }).sorted() == counts { return true }
        }
        return false
    }

    var summary: String {
        let rows = ledger.rows.values.filter { $0.phase != .gone }.sorted { $0.number < $1.number }
        return """
            \(faults.prefix(3).joined(separator: "\n"))
            max \(policy.max), slots \(policy.slots), standby \(images.map(\.standby)), \(policy.recycle), wanted \(images.map { $0.wanted?.image.digest ?? "" })
            rows \(rows.map { "\($0.number):\($0.phase)/\($0.image.digest)=\($0.providerID ?? "-")" })
            machines \(machines.map { "\($0)→\($1.tag.instance).\($1.tag.generation)\($1.isAlive ? "" : "†")" }.sorted())
            open jobs \(jobs.filter { $0.value.state != .done }.map { "\($0): \($1.state)" })
            finished more than once: \(jobs.filter { $0.value.finishes > 1 }.keys)
            \(log.suffix(40).joined(separator: "\n"))
            """
    }
}
