public import FoundationEssentials
public import RoostModel

/// A job that ran on a version of an image.
public struct ImageUseWire: Codable, Sendable, Hashable {
    /// The version by its path.
    public var image: String
    public var buildId: Int
    public var buildNumber: String?
    public var pipeline: String?
    public var job: String
    public var agent: String
    public var time: Date
    /// Those that were asked for.
    public var packages: [ImagePackage]

    public init(_ use: ImageUse, run: Run?, packages: [ImagePackage]) {
        image = use.image
        buildId = use.run.rawValue
        buildNumber = run?.number
        pipeline = run?.pipelineName
        job = use.job.rawValue.uuidString.lowercased()
        agent = use.agent
        time = use.at
        self.packages = packages
    }
}

/// The answer to who ran on what.
public struct ImageUsesWire: Codable, Sendable, Hashable {
    /// The newest first.
    public var value: [ImageUseWire]
    /// Versions that were used, and whose packages are not known.
    public var unknown: [String]

    public init(value: [ImageUseWire], unknown: [String]) {
        self.value = value
        self.unknown = unknown
    }
}
