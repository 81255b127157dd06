import CRoostLinux

/// A lock of a file, held while this object is there or until it is released.
final class MachineLock: Sendable {
    private let descriptor: Int32

    /// Takes it; nil when another has it, or the folder is not there.
    init?(_ path: String) {
        descriptor = roost_machine_lock(path)
        guard descriptor >= 0 else { return nil }
    }

    deinit { roost_machine_unlock(descriptor) }
}
