public import RoostTemplate

/// What is asked of clouds about resource groups.
public protocol CloudGroups: Sendable {
    /// Whether a group is there; it only reads.
    func state(
        of group: AzureResourceID,
        _ signIn: AzureSignIn,
        until deadline: ContinuousClock.Instant
    ) async -> CloudGroupState

    /// Has a group removed with everything in it, and waits for that until the deadline.
    ///
    /// - Returns: that it is there when it is still being removed.
    func remove(
        _ group: AzureResourceID,
        _ signIn: AzureSignIn,
        until deadline: ContinuousClock.Instant
    ) async -> CloudGroupState
}

/// What is known of a resource group.
public enum CloudGroupState: Sendable, Hashable {
    case there
    case gone
    case unknown(PreflightObstacle)
}
