public import FoundationEssentials
public import RoostModel

/// A template of an image in the shape of Azure's `Microsoft.VirtualMachineImages/imageTemplates`, with what is Roost's own beside it.
///
/// In requests, what is nil stays as it is.
public struct ImageTemplateWire: Codable, Sendable, Hashable {
    public struct Properties: Codable, Sendable, Hashable {
        public var provisioningState: String?
        public var lastRunStatus: ImageRunStatusWire?
    }

    public struct File: Codable, Sendable, Hashable {
        public var path: String
        /// Base64.
        public var content: Data?

        public init(path: String, content: Data? = nil) {
            self.path = path
            self.content = content
        }
    }

    public struct Source: Codable, Sendable, Hashable {
        public var gallery: String
        public var definition: String
        public var version: String

        public init(gallery: String, definition: String, version: String) {
            self.gallery = gallery
            self.definition = definition
            self.version = version
        }
    }

    public var id: String?
    public var name: String?
    public var type: String?
    public var location: String?
    public var tags: [String: String]?
    public var properties: Properties?
    /// `ImageBuilder` or `Packer`.
    public var form: String?
    public var project: String?
    public var pool: String?
    /// The path of the template among its files.
    public var main: String?
    public var files: [File]?
    public var parameters: [String: String]?
    public var commit: String?
    public var source: Source?
    /// Definitions that builds may publish to, `/galleries/G/images/D`.
    public var distributesTo: [String]?
    public var pipelineId: Int?
    public var lastRunId: Int?
    public var trigger: ImageTriggerWire?
    public var createdAt: Date?
    public var createdBy: String?

    public init() {}

    /// As the server shows it.
    public init(_ template: ManagedImageTemplate, status: ImageRunStatus?, contents: [String: Data]? = nil) {
        id = "/imageTemplates/\(template.name)"
        name = template.name
        type = "Microsoft.VirtualMachineImages/imageTemplates"
        location = template.location
        tags = template.tags
        properties = Properties(
            provisioningState: "Succeeded",
            lastRunStatus: status.map { ImageRunStatusWire($0, run: template.lastRun?.id) }
        )
        form = template.form.rawValue
        project = template.project.description
        pool = template.pool
        main = template.main
        files = template.files.map { File(path: $0, content: contents?[$0]) }
        parameters = template.parameters
        commit = template.commit
        source = template.source.map {
            Source(gallery: $0.gallery, definition: $0.definition, version: $0.version)
        }
        distributesTo = template.distributesTo.map(\.description)
        pipelineId = template.pipeline.rawValue
        lastRunId = template.lastRun?.id.rawValue
        trigger = template.trigger.map { ImageTriggerWire($0) }
        createdAt = template.createdAt
        createdBy = template.createdBy
    }
}

/// `lastRunStatus` of a template.
public struct ImageRunStatusWire: Codable, Sendable, Hashable {
    public var startTime: Date?
    public var endTime: Date?
    public var runState: String?
    public var runSubState: String?
    public var message: String?
    /// The number of the run.
    public var runId: Int?
    /// What was done to the machine.
    public var steps: [ImageRunStepWire]?

    public init(_ status: ImageRunStatus, run: RunID?, steps: [ImageRunStep]? = nil) {
        startTime = status.startTime
        endTime = status.endTime
        runState = status.state.rawValue
        runSubState = status.subState?.rawValue
        message = status.message
        runId = run?.rawValue
        self.steps = steps?.map { ImageRunStepWire($0) }
    }
}

/// A step of a build.
public struct ImageRunStepWire: Codable, Sendable, Hashable {
    public var title: String
    public var state: String
    public var result: String?
    public var reused: Bool
    public var startTime: Date?
    public var finishTime: Date?
    public var message: String?

    public init(_ step: ImageRunStep) {
        title = step.title
        state = step.state.rawValue
        result = step.result?.rawValue
        reused = step.isReused
        startTime = step.startedAt
        finishTime = step.finishedAt
        message = step.message
    }
}

/// One of `runOutputs` of a template.
public struct ImageRunOutputWire: Codable, Sendable, Hashable {
    public struct Properties: Codable, Sendable, Hashable {
        /// The identifier of a version in a gallery.
        public var artifactId: String?
        /// Where a file can be fetched.
        public var artifactUri: String?
        public var provisioningState: String
        public var message: String?
    }

    public var id: String
    public var name: String
    public var properties: Properties

    /// `artifact` gives the address of an artifact of the run, by its name.
    public init(_ output: ImageRunOutput, template: String, artifact: (String) -> String) {
        id = "/imageTemplates/\(template)/runOutputs/\(output.name)"
        name = output.name
        let file = output.place.flatMap { $0.hasPrefix("artifact:") ? String($0.dropFirst(9)) : nil }
        properties = Properties(
            artifactId: file == nil ? output.place : nil,
            artifactUri: file.map(artifact),
            provisioningState: output.isMade ? "Succeeded" : "Failed",
            message: output.message
        )
    }
}

/// A trigger of a template.
public struct ImageTriggerWire: Codable, Sendable, Hashable {
    public struct Status: Codable, Sendable, Hashable {
        public var code: String?
        public var message: String?
        public var time: Date?
    }

    public struct Properties: Codable, Sendable, Hashable {
        /// `SourceImage`.
        public var kind: String?
        public var status: Status?
        public var provisioningState: String?

        public init(kind: String? = nil) { self.kind = kind }
    }

    public var name: String?
    public var properties: Properties?

    public init(kind: String) { properties = Properties(kind: kind) }

    public init(_ trigger: ImageTemplateTrigger) {
        name = trigger.name
        var made = Properties(kind: "SourceImage")
        made.status = Status(code: trigger.seen?.description, message: trigger.message, time: trigger.time)
        made.provisioningState = "Succeeded"
        properties = made
    }
}
