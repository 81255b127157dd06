public import RoostLanguage
public import RoostModel

/// What became of a pipeline's file: the plan of a run, or why there is none.
public struct CompiledPipeline: Sendable {
    /// Nil when there are errors.
    public var plan: RunPlan?
    /// Errors and warnings of all files, by file and place.
    public var diagnostics: [Diagnostic]
    /// What the file asks for and the plan does not hold, as warnings.
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
