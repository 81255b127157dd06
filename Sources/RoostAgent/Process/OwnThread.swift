import Glibc

/// A thread of its own for work that blocks, so that no thread of the concurrency pool is held.
enum OwnThread {
    /// Runs a body on a new thread and waits for what it delivers.
    ///
    /// The body may go on after it has delivered; it must deliver exactly once.
    ///
    /// - Throws: ``ProcessFailure/noThread(error:)`` when the system has no thread to give.
    static func run<Delivered: Sendable>(
        _ body: @escaping @Sendable (_ deliver: @Sendable (Delivered) -> Void) -> Void
    ) async throws -> Delivered {
        try await withCheckedThrowingContinuation { continuation in
            let error = detached { body { continuation.resume(returning: $0) } }
            if error != 0 { continuation.resume(throwing: ProcessFailure.noThread(error: error)) }
        }
    }

    /// Starts a detached thread; gives 0 or an error number, and then the body never runs.
    static func detached(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(ThreadBody(body))
        var thread = pthread_t()
        let error = pthread_create(
            &thread,
            &attributes,
            { argument in
                if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            box.toOpaque()
        )
        if error != 0 { box.release() }
        return error
    }
}

/// Carries a closure through the C interface of threads.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
