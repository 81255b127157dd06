public import RoostModel

/// Filters of a trigger in place of the file's.
public struct TriggerFiltersWire: Codable, Sendable, Hashable {
    /// Such as `+main` and `-wip`.
    public var branches: [String]?
    public var paths: [String]?
    public var batch: Bool?
    public var autoCancel: Bool?

    public init(
        branches: [String]? = nil,
        paths: [String]? = nil,
        batch: Bool? = nil,
        autoCancel: Bool? = nil
    ) {
        self.branches = branches
        self.paths = paths
        self.batch = batch
        self.autoCancel = autoCancel
    }

    public init(_ filters: TriggerFilters) {
        self.init(
            branches: filters.branches,
            paths: filters.paths,
            batch: filters.batch,
            autoCancel: filters.autoCancel
        )
    }
}

extension TriggerFilters {
    public init(_ wire: TriggerFiltersWire) {
        self.init(
            branches: wire.branches ?? [],
            paths: wire.paths ?? [],
            batch: wire.batch ?? false,
            autoCancel: wire.autoCancel ?? true
        )
    }
}
