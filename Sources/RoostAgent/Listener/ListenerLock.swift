import CRoostLinux
import Glibc

/// Held by the one listener of an agent's folder; the system lets it go when the process ends, however it ends.
struct ListenerLock {
    private let file: OwnedDescriptor

    /// - Throws: ``ConfigurationFailure/runsAlready(_:)``, ``ConfigurationFailure/notWritable(path:error:)``.
    init(_ root: AgentRoot) throws(ConfigurationFailure) {
        _ = FileTree.make(root.diagnostics)
        let descriptor = open(root.lockFile, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(path: root.lockFile, error: errno) }
        file = OwnedDescriptor(descriptor)
        let error = roost_lock_file(descriptor)
        if error == EWOULDBLOCK { throw .runsAlready(root.path) }
        guard error == 0 else { throw .notWritable(path: root.lockFile, error: error) }
    }

    /// Whether a listener of the folder has it.
    static func isHeld(_ root: AgentRoot) -> Bool {
        let descriptor = open(root.lockFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return roost_lock_file(descriptor) == EWOULDBLOCK
    }

    /// Keeps it until here.
    func release() { withExtendedLifetime(file) {} }
}
