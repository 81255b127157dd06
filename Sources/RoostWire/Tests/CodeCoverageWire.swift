/// The coverage of a run, as Azure DevOps has it.
public struct CodeCoverageSummaryWire: Codable, Sendable, Hashable {
    public var build: ShallowReferenceWire?
    public var deltaBuild: ShallowReferenceWire?
    public var coverageData: [CodeCoverageDataWire]
    public var status: String?

    public init(
        build: ShallowReferenceWire?,
        deltaBuild: ShallowReferenceWire?,
        coverageData: [CodeCoverageDataWire],
        status: String? = "completed"
    ) {
        self.build = build
        self.deltaBuild = deltaBuild
        self.coverageData = coverageData
        self.status = status
    }
}

/// What was counted for one platform and configuration; also what a publisher sends.
public struct CodeCoverageDataWire: Codable, Sendable, Hashable {
    /// One kind of thing that is counted.
    public struct Statistics: Codable, Sendable, Hashable {
        public var label: String
        public var covered: Int
        public var total: Int
        public var position: Int?
        public var isDeltaAvailable: Bool?
        /// Points of a hundred.
        public var delta: Double?

        public init(label: String, covered: Int, total: Int, position: Int? = nil, delta: Double? = nil) {
            self.label = label
            self.covered = covered
            self.total = total
            self.position = position
            isDeltaAvailable = delta != nil
            self.delta = delta
        }
    }

    public var buildPlatform: String?
    public var buildFlavor: String?
    public var coverageStats: [Statistics]

    public init(buildPlatform: String?, buildFlavor: String?, coverageStats: [Statistics]) {
        self.buildPlatform = buildPlatform
        self.buildFlavor = buildFlavor
        self.coverageStats = coverageStats
    }
}

/// The coverage of a run in the older shape, by module.
public struct BuildCoverageWire: Codable, Sendable, Hashable {
    /// What was counted.
    public struct Statistics: Codable, Sendable, Hashable {
        public var linesCovered: Int
        public var linesNotCovered: Int
        public var blocksCovered: Int
        public var blocksNotCovered: Int

        public init(linesCovered: Int, linesNotCovered: Int, blocksCovered: Int, blocksNotCovered: Int) {
            self.linesCovered = linesCovered
            self.linesNotCovered = linesNotCovered
            self.blocksCovered = blocksCovered
            self.blocksNotCovered = blocksNotCovered
        }
    }

    /// A part of the program.
    public struct Module: Codable, Sendable, Hashable {
        public var name: String
        public var statistics: Statistics

        public init(name: String, statistics: Statistics) {
            self.name = name
            self.statistics = statistics
        }
    }

    /// What was built.
    public struct Configuration: Codable, Sendable, Hashable {
        public var id: Int
        public var platform: String
        public var flavor: String
        public var project: ShallowReferenceWire

        public init(id: Int, platform: String, flavor: String, project: ShallowReferenceWire) {
            self.id = id
            self.platform = platform
            self.flavor = flavor
            self.project = project
        }
    }

    public var configuration: Configuration
    public var modules: [Module]
    public var state: String

    public init(configuration: Configuration, modules: [Module], state: String) {
        self.configuration = configuration
        self.modules = modules
        self.state = state
    }
}
