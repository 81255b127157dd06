public import FoundationEssentials

/// A thing by its id and name; ids of this area are texts.
public struct ShallowReferenceWire: Codable, Sendable, Hashable {
    public var id: String?
    public var name: String?
    public var url: String?

    public init(id: String? = nil, name: String? = nil, url: String? = nil) {
        self.id = id
        self.name = name
        self.url = url
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id =
            (try? container.decodeIfPresent(String.self, forKey: .id))
            ?? (try? container.decodeIfPresent(Int.self, forKey: .id)).map(String.init)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        url = try container.decodeIfPresent(String.self, forKey: .url)
    }
}

/// Results published together, as Azure DevOps shows, makes and changes them.
public struct TestRunWire: Codable, Sendable, Hashable {
    /// How many results of an outcome there are.
    public struct Statistic: Codable, Sendable, Hashable {
        public var count: Int
        public var outcome: String
        public var state: String

        public init(count: Int, outcome: String, state: String = "Completed") {
            self.count = count
            self.outcome = outcome
            self.state = state
        }
    }

    public var id: Int?
    public var name: String?
    public var url: String?
    public var webAccessUrl: String?
    public var build: ShallowReferenceWire?
    public var project: ShallowReferenceWire?
    public var isAutomated: Bool?
    public var state: String?
    public var buildPlatform: String?
    public var buildFlavor: String?
    public var startedDate: Date?
    public var completedDate: Date?
    public var totalTests: Int?
    public var passedTests: Int?
    public var incompleteTests: Int?
    public var notApplicableTests: Int?
    public var unanalyzedTests: Int?
    public var runStatistics: [Statistic]?

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case id, name, url, webAccessUrl, build, project, isAutomated, state, startedDate, completedDate
        case totalTests, passedTests, incompleteTests, notApplicableTests, unanalyzedTests, runStatistics
        case buildPlatform = "platform"
        case buildFlavor = "flavor"
    }
}

/// What a publisher asks for when it begins or ends a publication.
public struct TestRunDraftWire: Codable, Sendable, Hashable {
    public var name: String?
    public var automated: Bool?
    public var build: ShallowReferenceWire?
    public var buildPlatform: String?
    public var buildFlavor: String?
    public var state: String?

    public init(
        name: String? = nil,
        build: Int? = nil,
        buildPlatform: String? = nil,
        buildFlavor: String? = nil,
        state: String? = nil
    ) {
        self.name = name
        self.build = build.map { ShallowReferenceWire(id: String($0)) }
        self.buildPlatform = buildPlatform
        self.buildFlavor = buildFlavor
        self.state = state
        automated = true
    }
}

/// A result of a test.
public struct TestCaseResultWire: Codable, Sendable, Hashable {
    /// One try of a test that was tried several times.
    public struct Sub: Codable, Sendable, Hashable {
        public var sequenceId: Int?
        public var displayName: String?
        public var outcome: String?
        public var durationInMs: Double?
        public var errorMessage: String?
        public var stackTrace: String?

        public init(
            sequenceId: Int? = nil,
            displayName: String? = nil,
            outcome: String? = nil,
            durationInMs: Double? = nil,
            errorMessage: String? = nil,
            stackTrace: String? = nil
        ) {
            self.sequenceId = sequenceId
            self.displayName = displayName
            self.outcome = outcome
            self.durationInMs = durationInMs
            self.errorMessage = errorMessage
            self.stackTrace = stackTrace
        }
    }

    public var id: Int?
    public var testCaseTitle: String?
    public var automatedTestName: String?
    public var automatedTestStorage: String?
    public var outcome: String?
    public var state: String?
    public var durationInMs: Double?
    public var errorMessage: String?
    public var stackTrace: String?
    public var comment: String?
    public var startedDate: Date?
    public var completedDate: Date?
    public var testRun: ShallowReferenceWire?
    public var build: ShallowReferenceWire?
    public var project: ShallowReferenceWire?
    public var testCase: ShallowReferenceWire?
    public var testCaseReferenceId: Int?
    public var resultGroupType: String?
    public var subResults: [Sub]?
    public var url: String?
    /// What the test wrote; members of Roost alone.
    public var standardOutput: String?
    public var standardError: String?

    public init() {}
}

/// A file that is sent for a publication or a result.
public struct TestAttachmentDraftWire: Codable, Sendable, Hashable {
    public var stream: String
    public var fileName: String
    public var comment: String?
    public var attachmentType: String?

    public init(stream: String, fileName: String, comment: String? = nil, attachmentType: String? = nil) {
        self.stream = stream
        self.fileName = fileName
        self.comment = comment
        self.attachmentType = attachmentType
    }
}

/// A file of a publication or a result.
public struct TestAttachmentWire: Codable, Sendable, Hashable {
    public var id: Int
    public var fileName: String?
    public var size: Int?
    public var comment: String?
    public var attachmentType: String?
    public var createdDate: Date?
    public var url: String?

    public init(
        id: Int,
        fileName: String?,
        size: Int?,
        comment: String?,
        attachmentType: String?,
        createdDate: Date?,
        url: String?
    ) {
        self.id = id
        self.fileName = fileName
        self.size = size
        self.comment = comment
        self.attachmentType = attachmentType
        self.createdDate = createdDate
        self.url = url
    }
}

/// How many results of each outcome a publication has.
public struct TestRunStatisticsWire: Codable, Sendable, Hashable {
    public var run: ShallowReferenceWire
    public var runStatistics: [TestRunWire.Statistic]

    public init(run: ShallowReferenceWire, runStatistics: [TestRunWire.Statistic]) {
        self.run = run
        self.runStatistics = runStatistics
    }
}

/// A question for the history of a test, and its answer.
public struct TestHistoryQueryWire: Codable, Sendable, Hashable {
    /// The results of one branch.
    public struct Group: Codable, Sendable, Hashable {
        public var groupByValue: String?
        public var results: [TestCaseResultWire]?

        public init(groupByValue: String?, results: [TestCaseResultWire]?) {
            self.groupByValue = groupByValue
            self.results = results
        }
    }

    public var automatedTestName: String?
    public var branch: String?
    public var buildDefinitionId: Int?
    public var resultsForGroup: [Group]?

    public init(automatedTestName: String?, branch: String? = nil, buildDefinitionId: Int? = nil) {
        self.automatedTestName = automatedTestName
        self.branch = branch
        self.buildDefinitionId = buildDefinitionId
    }
}
