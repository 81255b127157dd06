import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("What waits for a provider that was away")
struct ElasticDoubtsTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    @Test("once the provider answers again, what failed while it was away waits a second at most")
    func back() {
        var memory = ElasticMemory()
        memory.doubts.noteFailure(of: 1, after: 0)
        memory.doubts.noteFailure(of: 1, after: 5)
        memory.doubts.noteFailedStart(after: 0)
        memory.retryAt = [1: now + 64, 2: now + 64]
        memory.backoffUntil = now + 300
        memory.noteAnswer(now)
        #expect(memory.retryAt == [1: now + 1, 2: now + 64])
        #expect(memory.backoffUntil == now + 1)
    }

    @Test("what failed although other calls succeeded waits as long as it has to")
    func own() {
        var memory = ElasticMemory()
        memory.doubts.noteFailure(of: 1, after: 0)
        memory.noteAnswer(now)
        memory.doubts.noteFailure(of: 1, after: 1)
        memory.retryAt = [1: now + 64]
        memory.noteAnswer(now + 2)
        #expect(memory.retryAt == [1: now + 64])
    }

    @Test("a quota is believed for a second, and twice as long each time that it is said again")
    func quota() {
        var memory = ElasticMemory()
        let pauses = (1...4).map { _ in
            memory.noteQuota(room: 0, pause: { quotaBackOff(after: $0, in: PoolID(1)) }, words: "full", tick: now)
            return memory.quota?.until.timeIntervalSince(now) ?? 0
        }
        #expect(zip(pauses, [1.0, 2, 4, 8]).allSatisfy { $0 <= $1 && $0 >= $1 * 0.8 }, "\(pauses)")
    }

    @Test("a machine that cannot be removed is tried after a second, then twice as late each time, up to five minutes")
    func strays() {
        var memory = ElasticMemory()
        let pauses = (1...12).map { _ in
            memory.noteStray("p7", pause: { retryBackOff(after: $0, machine: "p7", in: PoolID(1)) }, tick: now)
            return memory.strays["p7"]?.until.timeIntervalSince(now) ?? 0
        }
        #expect(zip(pauses, [1.0, 2, 4, 8]).allSatisfy { $0 <= $1 && $0 >= $1 * 0.8 }, "\(pauses)")
        #expect((240...300).contains(pauses[11]))
        #expect(memory.resting(at: now) == ["p7"] && memory.resting(at: now + 300).isEmpty)
    }

    @Test("a listing that differs from the rows is looked at again soon, then later")
    func listings() {
        var memory = ElasticMemory()
        #expect(memory.doubtfulListingPause == nil)
        let pauses = (1...4).map { _ in
            memory.noteListing(agrees: false)
            return memory.doubtfulListingPause
        }
        #expect(pauses == [1, 2, 4, 8])
        memory.noteListing(agrees: true)
        #expect(memory.doubtfulListingPause == nil)
    }
}
