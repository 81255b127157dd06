import RoostModel
import RoostStore
import Testing

@Suite("A memory store in trouble")
struct MemoryStoreTests {
    @Test("fails a commit and all after it until it recovers, and keeps what it had")
    func failure() async throws {
        let store = MemoryStore()
        try await store.submit([.putPool(Sample.pool(1))]).durable()
        store.failNextCommit(with: .diskFull(path: "x"))
        let failing = store.submit([.putPool(Sample.pool(2))])
        let next = store.submit([.putPool(Sample.pool(3))])
        await #expect(throws: StoreError.diskFull(path: "x")) { try await failing.durable() }
        await #expect(throws: StoreError.needsRecovery(path: "memory")) { try await next.durable() }
        #expect(try await store.load().pools.map(\.id) == [PoolID(1)])
        await store.recover()
        try await store.submit([.putPool(Sample.pool(4))]).durable()
        #expect(try await store.load().pools.map(\.id) == [PoolID(1), PoolID(4)])
    }

    @Test("makes no commit durable while commits are held")
    func heldCommits() async throws {
        let store = MemoryStore()
        store.holdCommits()
        let commit = store.submit([.putPool(Sample.pool(1))])
        let order = AsyncStream<String>.makeStream()
        async let waiting: Void = {
            try await commit.durable()
            order.continuation.yield("durable")
            order.continuation.finish()
        }()
        order.continuation.yield("released")
        store.releaseCommits()
        try await waiting
        var events: [String] = []
        for await event in order.stream { events.append(event) }
        #expect(events == ["released", "durable"])
    }
}
