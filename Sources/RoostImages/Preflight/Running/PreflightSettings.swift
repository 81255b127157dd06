/// What a check before a build knows besides the plan.
public struct PreflightSettings: Sendable {
    /// Whether the build may replace what is there.
    public var isForced: Bool
    /// Relative paths begin here; absolute.
    public var workingFolder: String
    /// Where layers are kept.
    public var cacheFolder: String
    public var environment: [String: String]
    /// Builders of which no cloud is asked, because their targets are built elsewhere.
    public var offlineTypes: Set<String> = []

    public init(isForced: Bool, workingFolder: String, cacheFolder: String, environment: [String: String]) {
        self.isForced = isForced
        self.workingFolder = workingFolder
        self.cacheFolder = cacheFolder
        self.environment = environment
    }

    func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingFolder)/\(path)" }
}
