import Foundation
import Testing

@testable import RoostServer

@Suite("The rate limit")
struct RateLimiterTests {
    private let start = ContinuousClock.now

    @Test("a burst is let through, then one request for each part of a second")
    func burst() {
        let limiter = RateLimiter(rate: 10, burst: 3)
        let client = RateLimiter.Client.address("10.0.0.1")
        let first = (0..<4).map { _ in limiter.take(client, at: start).isAllowed }
        #expect(first == [true, true, true, false])
        #expect(!limiter.take(client, at: start + .milliseconds(50)).isAllowed)
        #expect(limiter.take(client, at: start + .milliseconds(101)).isAllowed)
        #expect(!limiter.take(client, at: start + .milliseconds(102)).isAllowed)
        let later = (0..<4).map { _ in limiter.take(client, at: start + .seconds(60)).isAllowed }
        #expect(later == [true, true, true, false])
    }

    @Test("the wait says when one more is let through")
    func wait() {
        let limiter = RateLimiter(rate: 4, burst: 1)
        let client = RateLimiter.Client.address("10.0.0.1")
        #expect(limiter.take(client, at: start).wait == 0)
        #expect(abs(limiter.take(client, at: start).wait - 0.25) < 0.001)
    }

    @Test("one client does not use up another's requests")
    func clients() {
        let limiter = RateLimiter(rate: 1, burst: 1)
        #expect(limiter.take(.address("10.0.0.1"), at: start).isAllowed)
        #expect(!limiter.take(.address("10.0.0.1"), at: start).isAllowed)
        #expect(limiter.take(.address("10.0.0.2"), at: start).isAllowed)
    }

    @Test("a hundred thousand clients do not take memory for ever")
    func manyClients() {
        let limiter = RateLimiter(rate: 1000, burst: 1)
        for number in 0..<100_000 { _ = limiter.take(.address("\(number)"), at: start + .milliseconds(number)) }
        #expect(limiter.bucketCount < 70_000)
    }

    @Test("a signed assertion is taken once, and forgotten when it has expired")
    func replay() {
        let replay = AssertionReplay()
        let now = Date()
        #expect(replay.isFirst("client:1", expires: now + 300, at: now))
        #expect(!replay.isFirst("client:1", expires: now + 300, at: now + 1))
        #expect(replay.isFirst("client:2", expires: now + 300, at: now + 1))
        #expect(replay.isFirst("client:1", expires: now + 900, at: now + 400))
    }
}
