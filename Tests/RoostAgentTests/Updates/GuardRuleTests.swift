import Testing

@testable import RoostAgent

@Suite("Watching another version prove itself")
struct GuardRuleTests {
    private static let begin = ContinuousClock.now

    private static func rule() -> GuardRule { GuardRule(at: begin) }
    private static func at(_ seconds: Int) -> ContinuousClock.Instant { begin + .seconds(seconds) }

    @Test("one that listens, lives and lasts is asked to hand over, and is healthy when it leaves for that")
    func healthy() {
        var rule = Self.rule()
        #expect(rule.apply(.listening, at: Self.at(3)).actions.isEmpty)
        #expect(rule.apply(.alive, at: Self.at(10)).actions.isEmpty)
        #expect(rule.apply(.alive, at: Self.at(11)).actions == [.handOver])
        // A job may take as long as it likes.
        for second in stride(from: 13, to: 4_000, by: 2) {
            let step = rule.apply(.alive, at: Self.at(second))
            #expect(step.actions.isEmpty && step.verdict == nil)
        }
        #expect(rule.apply(.ended(3), at: Self.at(4_000)).verdict == .healthy)
    }

    @Test(
        "one that ends, is late, or hangs is not",
        arguments: [
            ([GuardRule.Event.ended(7)], [1], "It ended with code 7."),
            ([.tick, .ended(137)], [40, 41], "It was not online within 40 seconds."),
            ([.listening, .tick, .ended(137)], [5, 17, 18], "It hung."),
            ([.listening, .alive, .tick, .ended(137)], [5, 14, 26, 27], "It hung."),
            ([.listening, .ended(0)], [5, 6], "It ended with code 0."),
            ([.listening, .ended(3)], [5, 6], "It ended with code 3."),
            ([.listening, .alive, .ended(0)], [5, 14, 15], "It ended with code 0."),
        ]
    )
    func unhealthy(_ events: [GuardRule.Event], _ moments: [Int], _ reason: String) {
        var rule = Self.rule()
        var verdict: GuardRule.Verdict?
        for (event, moment) in zip(events, moments) { verdict = rule.apply(event, at: Self.at(moment)).verdict }
        #expect(verdict == .unhealthy(reason))
    }

    @Test("who is asked to stop asks the other to stop, once more ends it, and judges nothing")
    func stopping() {
        var rule = Self.rule()
        _ = rule.apply(.listening, at: Self.at(1))
        #expect(rule.apply(.stop, at: Self.at(2)).actions == [.askToStop])
        #expect(rule.apply(.tick, at: Self.at(300)).actions.isEmpty)
        #expect(rule.apply(.stop, at: Self.at(301)).actions == [.kill])
        #expect(rule.apply(.ended(137), at: Self.at(302)).verdict == .stopped(137))
    }
}
