import CRoostLinux
import Glibc
import Synchronization

/// Requests to stop, from signals or from the program that started this one.
final class ShutdownRequests: Sendable {
    enum Request: Hashable, Sendable {
        case stop
        /// To leave when no job runs: another version is to take over.
        case handOver
    }

    private struct State {
        var watcher: AsyncStream<Request>.Continuation?
        /// What came while nobody watched.
        var waiting: [Request] = []
    }
    private let state = Mutex(State())

    /// - Parameters:
    ///   - watchesInput: the end of standard input is a request, so that an agent does not outlive the program that started it.
    ///   - takesLines: a line there is a request to hand over.
    init(watchesInput: Bool, takesLines: Bool = false) {
        _ = OwnThread.detached {
            while true {
                _ = roost_next_signal()
                self.send(.stop)
            }
        }
        guard watchesInput || takesLines else { return }
        _ = OwnThread.detached {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
                if takesLines, count == 1, byte == UInt8(ascii: "\n") { self.send(.handOver) }
            }
            self.send(.stop)
        }
    }

    private func send(_ request: Request) {
        state.withLock { state in
            if case .enqueued? = state.watcher?.yield(request) { return }
            state.watcher = nil
            state.waiting.append(request)
        }
    }

    /// What is requested from now on, and what came while nobody watched; one stream at a time.
    func stream() -> AsyncStream<Request> {
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        state.withLock { state in
            state.watcher?.finish()
            state.watcher = continuation
            for request in state.waiting { continuation.yield(request) }
            state.waiting = []
        }
        return stream
    }
}
