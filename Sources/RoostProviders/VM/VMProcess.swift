import CRoostLinux
import Dispatch
import Foundation
import RoostModel

/// The process of a virtual machine, which is known by the lock that it has on a file: numbers of processes are used again.
enum VMProcess {
    /// Once killed it has to be gone soon; a kernel that writes its memory out may take a while.
    private static let patience = Duration.seconds(30)

    /// The process that has the file locked; nil when there is none.
    static func holder(of file: String) -> pid_t? {
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK), lock.l_pid > 0 else { return nil }
        return lock.l_pid
    }

    /// A descriptor of that process; it is still that one once the descriptor is there.
    private static func handle(of file: String) -> Int32? {
        guard let pid = holder(of: file), case let handle = roost_pidfd_open(pid), handle >= 0 else { return nil }
        guard holder(of: file) == pid else {
            close(handle)
            return nil
        }
        return handle
    }

    /// Kills it, and waits until it is gone; nothing when there is none.
    ///
    /// - Throws: ``ProviderFailure/unknown(_:)`` when it does not go.
    static func end(_ file: String) async throws(ProviderFailure) {
        guard let handle = handle(of: file) else { return }
        defer { close(handle) }
        _ = roost_pidfd_signal(handle, SIGKILL)
        guard await ended(handle, within: patience) else {
            throw .unknown("the process of the machine was killed, and is still there")
        }
    }

    /// Calls back once, when the process has ended that has the file locked now; at once when there is none.
    static func watch(_ file: String, _ ended: @escaping @Sendable () -> Void) {
        guard let handle = handle(of: file) else { return ended() }
        let source = DispatchSource.makeReadSource(fileDescriptor: handle, queue: .global())
        // The handler keeps the source until it is cancelled.
        source.setEventHandler { source.cancel() }
        source.setCancelHandler {
            close(handle)
            ended()
        }
        source.resume()
    }

    private static func ended(_ handle: Int32, within time: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var wanted = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
                let end = ContinuousClock.now + time
                var code: Int32
                repeat {
                    let rest = max(.zero, end - .now)
                    code = poll(&wanted, 1, Int32(rest / .milliseconds(1)))
                } while code < 0 && errno == EINTR
                continuation.resume(returning: code > 0)
            }
        }
    }
}
