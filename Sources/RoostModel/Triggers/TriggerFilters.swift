/// Filters that stand in a pipeline's settings in place of the file's.
public struct TriggerFilters: Hashable, Sendable, Codable {
    /// Names and patterns of branches, as `+main` to take and `-wip` to leave out; empty is every branch.
    public var branches: [String]
    /// The same for paths.
    public var paths: [String]
    /// Pushes wait for the run of their branch; says nothing of pull requests.
    public var batch: Bool
    /// A newer push to a pull request cancels the run of the older one; says nothing of pushes.
    public var autoCancel: Bool

    public init(branches: [String] = [], paths: [String] = [], batch: Bool = false, autoCancel: Bool = true) {
        self.branches = branches
        self.paths = paths
        self.batch = batch
        self.autoCancel = autoCancel
    }
}
