import CRoostLinux
import Glibc

/// Requests to stop, from signals or from the program that started this one.
enum ShutdownRequests {
    /// One element for each request; ends never.
    ///
    /// - Parameter watchesInput: the end of standard input is a request, so that an agent does not outlive the program that started it.
    /// - Returns: the requests.
    static func stream(watchesInput: Bool) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        _ = OwnThread.detached {
            while true {
                _ = roost_next_signal()
                continuation.yield()
            }
        }
        guard watchesInput else { return stream }
        _ = OwnThread.detached {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            continuation.yield()
        }
        return stream
    }
}
