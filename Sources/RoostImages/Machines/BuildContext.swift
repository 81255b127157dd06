public import Foundation

/// What the build of one target knows besides its plan.
public struct BuildContext: Sendable {
    /// `PackerRunUUID`: the same for all targets of a run.
    public var runID: String
    /// Relative paths begin here.
    public var workingFolder: String
    public var environment: [String: String]
    /// Whether files that are there already may be replaced.
    public var isForced: Bool
    /// Galleries for bases and results; nil when no server is known.
    public var gallery: (any ImageGallery)?
    public var origin: TemplateOrigin
    /// The moment of the run.
    public var now: Date
    /// Shows something to the person who builds; secrets are masked on the way.
    public var say: @Sendable (BuildMessage) -> Void
    /// Gets how far the build is, for programs that show it.
    public var report: @Sendable (ImageBuildProgress) -> Void = { _ in }
    /// Where the files lie that steps name by their addresses.
    public var fetched: [String: String] = [:]

    public init(
        runID: String,
        workingFolder: String,
        environment: [String: String],
        isForced: Bool = false,
        gallery: (any ImageGallery)? = nil,
        origin: TemplateOrigin = TemplateOrigin(),
        now: Date,
        say: @escaping @Sendable (BuildMessage) -> Void
    ) {
        self.runID = runID
        self.workingFolder = workingFolder
        self.environment = environment
        self.isForced = isForced
        self.gallery = gallery
        self.origin = origin
        self.now = now
        self.say = say
    }

    /// The absolute form of a path of a template.
    public func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingFolder)/\(path)" }
}

/// Something that is said about a build.
public enum BuildMessage: Sendable, Hashable {
    /// A step of the build: `==> NAME: text`.
    case step(String)
    /// What a step has to say: `    NAME: text`.
    case detail(String)
    /// What went wrong, and what programs write to standard error: `==> NAME: text`.
    case error(String)
}
