import RoostModel
import Synchronization
import Testing

@testable import RoostProviders

@Suite("Keys made ahead for agents of machines", .timeLimit(.minutes(1)))
struct AgentKeyStockTests {
    private struct NoKey: Error {}

    /// Makes numbered keys and tells of each; the first ones may fail.
    private static func stock(_ most: Int, failures: Int = 0) -> (AgentKeyStock, AsyncStream<Int>) {
        let (made, continuation) = AsyncStream.makeStream(of: Int.self)
        let count = Mutex(0)
        let stock = AgentKeyStock(most: most) {
            let number = count.withLock { count in
                count += 1
                return count
            }
            continuation.yield(number)
            guard number > failures else { throw NoKey() }
            return Secret("key \(number)")
        }
        return (stock, made)
    }

    @Test("keys are made before any is needed, as many as are kept, and each is handed out once")
    func each() async {
        let (stock, made) = Self.stock(4)
        #expect(!stock.isFull)
        stock.prepare()
        var news = made.makeAsyncIterator()
        for number in 1...4 { #expect(await news.next() == number) }
        var taken: [String] = []
        // More are made while these are taken, as soon as there is but one.
        while taken.count < 8 {
            guard let key = stock.take() else {
                _ = await news.next()
                continue
            }
            taken.append(key.exposed)
        }
        #expect(Set(taken).count == 8)
    }

    @Test("who finds none gets none, and what cannot be made is tried again with the next machine")
    func failure() async {
        let (stock, made) = Self.stock(2, failures: 2)
        #expect(stock.take() == nil)
        var news = made.makeAsyncIterator()
        #expect(await news.next() == 1)
        var key: Secret?
        while key == nil {
            await Task.yield()
            key = stock.take()
        }
        #expect(key?.exposed == "key 3")
    }
}
