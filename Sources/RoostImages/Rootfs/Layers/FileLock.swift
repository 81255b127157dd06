import Glibc

/// A lock of a file that many processes may share, or one has; it goes with this object or with the process.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes it; nil when it cannot be had now.
    package init?(_ path: String, isShared: Bool, waits: Bool = false) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let how = (isShared ? LOCK_SH : LOCK_EX) | (waits ? 0 : LOCK_NB)
        while flock(descriptor, how) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                return nil
            }
        }
    }

    deinit {
        // A process that is being started may hold a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
