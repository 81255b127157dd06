import Synchronization

/// Does one thing after the other for each key, and things of different keys at once.
final class SerialWork<Key: Hashable & Sendable>: Sendable {
    private struct Tail {
        var number: Int
        var task: Task<Void, Never>
    }
    private struct State {
        var next = 0
        var tails: [Key: Tail] = [:]
    }
    private let state = Mutex(State())

    /// Does something when all that was asked for the same key before is done, without waiting for it.
    func enqueue(_ key: Key, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            let before = state.tails[key]?.task
            state.next += 1
            let number = state.next
            let task = Task {
                await before?.value
                await body()
                self.state.withLock { if $0.tails[key]?.number == number { $0.tails[key] = nil } }
            }
            state.tails[key] = Tail(number: number, task: task)
        }
    }

    /// Does something when all that was asked for the same key before is done.
    func perform<Value: Sendable>(_ key: Key, _ body: @escaping @Sendable () async -> Value) async -> Value {
        let (task, number) = state.withLock { state in
            let before = state.tails[key]?.task
            state.next += 1
            // Whoever asked may go away; what was begun for a pipeline is finished all the same.
            let task = Task {
                await before?.value
                return await body()
            }
            state.tails[key] = Tail(number: state.next, task: Task { _ = await task.value })
            return (task, state.next)
        }
        let value = await task.value
        state.withLock { if $0.tails[key]?.number == number { $0.tails[key] = nil } }
        return value
    }
}
