public import FoundationEssentials

/// What became of a build of a template; words of Image Builder.
public enum ImageRunState: String, Hashable, Sendable, Codable, CaseIterable {
    case running = "Running"
    case canceling = "Canceling"
    case succeeded = "Succeeded"
    /// Some outputs could not be made.
    case partiallySucceeded = "PartiallySucceeded"
    case failed = "Failed"
    case canceled = "Canceled"
}

/// What a build of a template does, or did last; words of Image Builder.
public enum ImageRunSubState: String, Hashable, Sendable, Codable, CaseIterable {
    case queued = "Queued"
    case building = "Building"
    case customizing = "Customizing"
    case optimizing = "Optimizing"
    case validating = "Validating"
    case distributing = "Distributing"
}

/// The state of a build of a template.
public struct ImageRunStatus: Hashable, Sendable, Codable {
    public var startTime: Date
    public var endTime: Date?
    public var state: ImageRunState
    public var subState: ImageRunSubState?
    public var message: String?

    public init(
        startTime: Date,
        endTime: Date? = nil,
        state: ImageRunState,
        subState: ImageRunSubState? = nil,
        message: String? = nil
    ) {
        self.startTime = startTime
        self.endTime = endTime
        self.state = state
        self.subState = subState
        self.message = message
    }
}

/// One of the things that a template wants made of its image.
public struct ImageRunOutput: Hashable, Sendable, Codable {
    public var name: String
    /// `artifact:NAME` of the run, or `/galleries/G/images/D/versions/V`; nil when it could not be made.
    public var place: String?
    public var isMade: Bool
    public var message: String?

    public init(name: String, place: String? = nil, isMade: Bool, message: String? = nil) {
        self.name = name
        self.place = place
        self.isMade = isMade
        self.message = message
    }
}

/// A step of a build: a provisioner or a validation.
public struct ImageRunStep: Hashable, Sendable {
    public var title: String
    public var state: RecordState
    public var result: TaskResult?
    /// Its layer was there already.
    public var isReused: Bool
    public var startedAt: Date?
    public var finishedAt: Date?
    public var message: String?

    public init(
        title: String,
        state: RecordState,
        result: TaskResult? = nil,
        isReused: Bool = false,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        message: String? = nil
    ) {
        self.title = title
        self.state = state
        self.result = result
        self.isReused = isReused
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.message = message
    }
}

extension RecordKind {
    /// Records that a build of an image makes below its step.
    public static let imageTarget = RecordKind(rawValue: "ImageTarget")
    public static let imagePhase = RecordKind(rawValue: "ImagePhase")
    public static let imageStep = RecordKind(rawValue: "ImageStep")
    public static let imageOutput = RecordKind(rawValue: "ImageOutput")
}
