/// How the targets of a plan are built.
public struct ImageBuildOptions: Sendable {
    /// What happens to a machine whose provisioning failed.
    public enum OnError: String, Sendable, CaseIterable {
        case cleanup, abort, ask
        /// The cleanup provisioner runs, and the machine stays.
        case runCleanupProvisioner = "run-cleanup-provisioner"
    }

    public var onError = OnError.cleanup
    /// Files that are there already are replaced.
    public var isForced = false
    /// Targets at once; zero is all.
    public var parallel = 0

    public init(onError: OnError = .cleanup, isForced: Bool = false, parallel: Int = 0) {
        self.onError = onError
        self.isForced = isForced
        self.parallel = parallel
    }
}
