#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs recursive work on a stack whose size does not depend on who calls.
///
/// The limits of a pipeline allow templates that need more stack than the threads of some systems have (2 MB where none is set), and passing a
/// limit must give an error, never a crash.
enum DeepStack {
    /// Three times what the deepest pipeline within the default limits needs in a debug build.
    private static let size = 16 << 20

    /// Calls the closure on a thread of its own and waits for it.
    static func run<Result>(_ body: () -> Result) -> Result {
        var result: Result?
        withoutActuallyEscaping(body) { body in
            let work = Work { result = body() }
            let pointer = Unmanaged.passRetained(work)
            defer { pointer.release() }
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setstacksize(&attributes, size)
            var thread = pthread_t()
            let code = pthread_create(&thread, &attributes, { Work.start($0) }, pointer.toOpaque())
            // The caller waits, so nothing is used by two threads at once; without a thread to be had the caller's stack must do.
            if code == 0 { pthread_join(thread, nil) } else { work.body() }
        }
        // The closure was called once: by the thread that was joined, or here when there was none.
        guard let result else { preconditionFailure("the work was not done") }
        return result
    }

    /// What the thread is handed through a pointer.
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }

        static func start(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
            if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeUnretainedValue().body() }
            return nil
        }
    }
}
