import Foundation
import Testing

@testable import RoostServer

@Suite("The timer of deadlines", .timeLimit(.minutes(1)))
struct DeadlineTimerTests {
    @Test("a loop does not sleep past a moment that was named while it worked")
    func armedAtWork() async {
        let timer = DeadlineTimer()
        let now = Date()
        await timer.wait(until: now, now: now)
        // Later than what the loop has slept until, nearer than what it has found.
        timer.arm(for: now + 0.01)
        await timer.wait(until: nil, now: now)
        timer.arm(for: now + 0.02)
        await timer.wait(until: now + 1_000, now: now)
    }

    @Test("a sleeping loop is woken for a nearer moment")
    func armedAsleep() async {
        let timer = DeadlineTimer()
        let now = Date()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await timer.wait(until: now + 1_000, now: now) }
            timer.arm(for: now + 0.01)
            await group.waitForAll()
        }
    }
}
