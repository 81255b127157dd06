import Testing

@testable import RoostAgent

@Suite("Watching another version prove itself")
struct GuardRuleTests {
    /// A rule to which every second is told.
    private struct Watch {
        private var rule = GuardRule(at: GuardRuleTests.begin)
        private var second = 0
        private(set) var actions: [GuardRule.Action] = []
        private(set) var verdict: GuardRule.Verdict?

        mutating func apply(_ event: GuardRule.Event, at moment: Int) {
            while second < moment {
                second += 1
                take(.tick)
            }
            take(event)
        }

        /// No time passes for those who watch.
        mutating func pause(_ seconds: Int) { second += seconds }

        private mutating func take(_ event: GuardRule.Event) {
            let step = rule.apply(event, at: GuardRuleTests.begin + .seconds(second))
            actions += step.actions
            verdict = verdict ?? step.verdict
        }
    }

    private static let begin = ContinuousClock.now

    @Test("one that listens, lives and lasts is asked to hand over, and is healthy when it leaves for that")
    func healthy() {
        var watch = Watch()
        watch.apply(.listening, at: 3)
        watch.apply(.alive, at: 10)
        #expect(watch.actions.isEmpty)
        watch.apply(.alive, at: 11)
        #expect(watch.actions == [.handOver])
        // A job may take as long as it likes.
        for second in stride(from: 13, to: 4_000, by: 2) { watch.apply(.alive, at: second) }
        #expect(watch.actions == [.handOver] && watch.verdict == nil)
        // So may, for a while, what it has to end before it does itself.
        watch.apply(.leaving, at: 4_000)
        watch.apply(.ended(3), at: 4_170)
        #expect(watch.actions == [.handOver] && watch.verdict == .healthy)
    }

    @Test(
        "one that ends or hangs is not",
        arguments: [
            ([GuardRule.Event.ended(7)], [1], "It ended with code 7."),
            ([.listening, .tick, .ended(137)], [5, 17, 18], "It hung."),
            ([.listening, .alive, .tick, .ended(137)], [5, 14, 26, 27], "It hung."),
            ([.listening, .ended(0)], [5, 6], "It ended with code 0."),
            ([.listening, .ended(3)], [5, 6], "It ended with code 3."),
            ([.listening, .leaving, .tick, .ended(137)], [5, 6, 17, 18], "It hung."),
            ([.listening, .alive, .ended(0)], [5, 14, 15], "It ended with code 0."),
            ([.listening, .alive, .leaving, .ended(0)], [5, 14, 15, 16], "It ended with code 0."),
            ([.listening, .alive, .leaving, .ended(137)], [5, 14, 15, 196], "It hung when it was to end."),
        ]
    )
    func unhealthy(_ events: [GuardRule.Event], _ moments: [Int], _ reason: String) {
        var watch = Watch()
        for (event, moment) in zip(events, moments) { watch.apply(event, at: moment) }
        #expect(watch.verdict == .unhealthy(reason))
    }

    @Test(
        "one that does not come online in time is ended, and is told from one that hangs: the reason may be elsewhere"
    )
    func offline() {
        var watch = Watch()
        watch.apply(.tick, at: 39)
        #expect(watch.actions.isEmpty)
        watch.apply(.ended(137), at: 41)
        #expect(watch.actions == [.kill])
        #expect(watch.verdict == .offline("It was not online within 40 seconds."))
    }

    @Test("time in which nobody could do anything does not count")
    func pause() {
        var watch = Watch()
        watch.apply(.listening, at: 3)
        watch.pause(3_600)
        watch.apply(.alive, at: 3_604)
        #expect(watch.actions.isEmpty && watch.verdict == nil)
        watch.apply(.alive, at: 3_612)
        #expect(watch.actions == [.handOver])
    }

    @Test("who is asked to stop asks the other to stop, once more ends it, and judges nothing")
    func stopping() {
        var watch = Watch()
        watch.apply(.listening, at: 1)
        watch.apply(.stop, at: 2)
        #expect(watch.actions == [.askToStop])
        watch.apply(.tick, at: 300)
        #expect(watch.actions == [.askToStop])
        watch.apply(.stop, at: 301)
        #expect(watch.actions == [.askToStop, .kill])
        watch.apply(.ended(137), at: 302)
        #expect(watch.verdict == .stopped(137))
    }
}
