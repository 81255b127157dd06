public import RoostLanguage
public import RoostModel

/// What became of a pipeline's file: the plan of a run, or why there is none.
public struct CompiledPipeline: Sendable {
    /// Nil when there are errors.
    public var plan: RunPlan?
    /// The file after expansion; nil when there are errors.
    public var expanded: ExpandedPipeline?
    /// Errors and warnings of all files, by file and place.
    public var diagnostics: [Diagnostic]
    /// What the file asks for and cannot be had here: errors are what would surely fail (an unknown task, another operating system) and
    /// keep a run from being queued, warnings what is left out.
    public var limitations: [Diagnostic]
    /// What the root file says, whether or not the rest of it can be used.
    public var triggers: PipelineTriggers
    /// Parameters of the root file, which whoever queues a run may give.
    public var parameters: [PipelineParameter]
    /// The root file and every template that was used, in the order in which they were needed.
    public var files: [UsedFile]
    /// The texts of the files, for showing lines of them beside diagnostics.
    public var sources: [SourceText]

    /// A file that took part.
    public struct UsedFile: Hashable, Sendable, Codable {
        /// From the root of its repository.
        public var path: String
        /// `self` for the repository of the root file.
        public var repository: String

        public init(path: String, repository: String) {
            self.path = path
            self.repository = repository
        }
    }
}

/// A parameter of a root file.
public struct PipelineParameter: Hashable, Sendable, Codable {
    public var name: String
    public var displayName: String
    /// As the file gives it, `string` when it gives none.
    public var type: String
    /// As text, lists and objects as YAML; nil when a value must be given.
    public var defaultValue: String?
    /// Nil when every value of the type is allowed.
    public var allowed: [String]?

    public init(name: String, displayName: String, type: String, defaultValue: String?, allowed: [String]?) {
        self.name = name
        self.displayName = displayName
        self.type = type
        self.defaultValue = defaultValue
        self.allowed = allowed
    }
}

extension PipelineParameter {
    /// A value of the type for a parameter that has no default, so that a file can be checked without a run; nil when there is one.
    public var exampleValue: String? {
        guard defaultValue == nil else { return nil }
        if let first = allowed?.first { return type == "stringList" ? "[]" : first }
        switch type {
        case "number": return "0"
        case "boolean": return "false"
        case "object", "legacyObject", "container", "pool": return "{}"
        case "step", "job", "deployment", "stage": return nil
        default: return type.hasSuffix("List") ? "[]" : "value"
        }
    }
}

extension JobStrategy {
    /// How many jobs it makes, as far as that is known before a run.
    public var knownCopies: Int {
        switch self {
        case .single, .computedMatrix: 1
        case .matrix(let legs, _): max(1, legs.count)
        case .parallel(let count, _): max(1, count.known ?? 1)
        }
    }
}
