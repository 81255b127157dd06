import Dispatch
import Foundation

/// Ctrl-C was pressed while something was watched that goes on without us.
struct Interruption: Error {}

/// Runs work that a person may leave with Ctrl-C; a second Ctrl-C ends the process at once.
///
/// - Parameter work: ends when it is cancelled.
/// - Returns: what the work returns.
/// - Throws: ``Interruption``, and what the work throws.
func interruptible<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let (presses, continuation) = AsyncStream<Void>.makeStream()
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
        signal(SIGINT, SIG_DFL)
        continuation.yield()
    }
    source.resume()
    defer {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            for await _ in presses { break }
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw Interruption() }
        return value
    }
}
