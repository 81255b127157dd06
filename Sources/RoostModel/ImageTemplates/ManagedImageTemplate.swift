public import FoundationEssentials

/// A template of an image that the server keeps: files, values for them, and what became of its builds.
public struct ManagedImageTemplate: Hashable, Sendable, Codable {
    /// The language of the template.
    public enum Form: String, Hashable, Sendable, Codable, CaseIterable {
        /// Its source and its steps never change; what may is said by ``ImageTemplateDocument``.
        case imageBuilder = "ImageBuilder"
        /// HCL2 or JSON of Packer.
        case packer = "Packer"
    }

    public let name: String
    public let form: Form
    public var location: String?
    public var tags: [String: String]
    /// Where its builds run.
    public let project: ProjectID
    public let pipeline: PipelineID
    /// The name of the folder that its files are kept in.
    public let folder: String
    public var pool: String
    /// The path of the template among its files.
    public var main: String
    /// Paths, in order.
    public var files: [String]
    /// Values of variables and placeholders; none of them is secret.
    public var parameters: [String: String]
    /// Of its files as they are now.
    public var commit: String
    /// The image of a gallery that it begins with; nil when it begins with something else.
    public var source: ImageTemplateSource?
    /// Definitions that its builds may publish to.
    public var distributesTo: [ImageDefinitionKey]
    /// The newest build, while it runs and afterwards.
    public var lastRun: ImageTemplateRun?
    public var trigger: ImageTemplateTrigger?
    public let createdAt: Date
    public let createdBy: String

    public init(
        name: String,
        form: Form,
        location: String? = nil,
        tags: [String: String] = [:],
        project: ProjectID,
        pipeline: PipelineID,
        folder: String,
        pool: String,
        main: String,
        files: [String],
        parameters: [String: String] = [:],
        commit: String,
        source: ImageTemplateSource? = nil,
        distributesTo: [ImageDefinitionKey] = [],
        createdAt: Date,
        createdBy: String
    ) {
        self.name = name
        self.form = form
        self.location = location
        self.tags = tags
        self.project = project
        self.pipeline = pipeline
        self.folder = folder
        self.pool = pool
        self.main = main
        self.files = files
        self.parameters = parameters
        self.commit = commit
        self.source = source
        self.distributesTo = distributesTo
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    /// By which it is found; case says nothing.
    public var key: String { name.lowercased() }

    /// `^[A-Za-z0-9-_.]{1,64}$`, as Azure has it, and beginning with a letter or digit.
    public static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first else { return false }
        let isWord = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isWord(first) && name.utf8.allSatisfy { isWord($0) || "-_.".utf8.contains($0) }
    }
}

/// The image of a gallery that a template begins with.
public struct ImageTemplateSource: Hashable, Sendable, Codable {
    public var gallery: String
    public var definition: String
    /// `latest`, the begin of a number, a number or a channel.
    public var version: String

    public init(gallery: String, definition: String, version: String) {
        self.gallery = gallery
        self.definition = definition
        self.version = version
    }

    public var key: ImageDefinitionKey { ImageDefinitionKey(gallery, definition) }
}

/// A build of a template, and what is known of it.
public struct ImageTemplateRun: Hashable, Sendable, Codable {
    public let id: RunID
    /// Kept when the build has ended.
    public var status: ImageRunStatus?
    public var outputs: [ImageRunOutput]

    public init(id: RunID, status: ImageRunStatus? = nil, outputs: [ImageRunOutput] = []) {
        self.id = id
        self.status = status
        self.outputs = outputs
    }

    public var isActive: Bool { status == nil }
}

/// Builds a template whenever the image it begins with has a newer version.
public struct ImageTemplateTrigger: Hashable, Sendable, Codable {
    public let name: String
    /// The version that is built already, or was there when the trigger was made.
    public var seen: ImageVersionNumber?
    /// What it did last, for people.
    public var message: String
    public var time: Date

    public init(name: String, seen: ImageVersionNumber?, message: String, time: Date) {
        self.name = name
        self.seen = seen
        self.message = message
        self.time = time
    }
}
