import FoundationEssentials
import NIOPosix
import Synchronization

/// Makes private keys on threads of their own, for that takes up to a second of a processor.
final class SigningKeyMaker: Sendable {
    private let generate: @Sendable () throws -> Data
    /// Under way or ready, and used by nobody yet; all who need one at the same time get this one.
    private let ahead = Mutex<Task<Data, any Error>?>(nil)

    init(_ generate: @escaping @Sendable () throws -> Data) { self.generate = generate }

    /// Begins to make the one that ``next()`` gives.
    func begin() { _ = shared() }

    /// The one that is being made, the same for everybody until it is ``used()``.
    func next() async throws -> Data {
        let task = shared()
        do { return try await task.value } catch {
            // Whoever comes next tries again.
            used()
            throw error
        }
    }

    /// One that nobody else gets.
    func fresh() async throws -> Data { try await NIOThreadPool.singleton.runIfActive(generate) }

    /// The next is another one.
    func used() { ahead.withLock { $0 = nil } }

    private func shared() -> Task<Data, any Error> {
        ahead.withLock { held in
            if let held { return held }
            let task = Task { try await self.fresh() }
            held = task
            return task
        }
    }
}
