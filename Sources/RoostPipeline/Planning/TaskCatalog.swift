import RoostLanguage
public import RoostModel

/// A task that agents here carry out.
public struct KnownTask: Hashable, Sendable {
    /// As pipelines write it in front of `@`.
    public let name: String
    /// Lower-case UUID, which pipelines may write instead of the name.
    public let id: String
    /// Major versions, as pipelines write them behind `@`.
    public let majors: [Int]
    /// What the task is called in plans and messages to agents; nil when that is the name and version of the file.
    public let reference: TaskReference?

    init(_ name: String, id: String, majors: [Int], reference: TaskReference? = nil) {
        self.name = name
        self.id = id
        self.majors = majors
        self.reference = reference
    }
}

/// All tasks that agents here carry out: one row for each, and nothing else says which there are.
public enum TaskCatalog {
    public static let all: [KnownTask] = [
        KnownTask("CmdLine", id: TaskReference.commandLine.id, majors: [2], reference: .commandLine),
        KnownTask("Bash", id: TaskReference.bash.id, majors: [3], reference: .bash),
        KnownTask("PowerShell", id: TaskReference.powerShell.id, majors: [2], reference: .powerShell),
        KnownTask("Checkout", id: TaskReference.checkout.id, majors: [1], reference: .checkout),
        KnownTask("PublishPipelineArtifact", id: "ecdc45f6-832d-4ad9-b52b-ee49e94659be", majors: [0, 1]),
        KnownTask("DownloadPipelineArtifact", id: "61f2a582-95ae-4948-b34d-a1b3c4f6a737", majors: [0, 1, 2]),
        KnownTask("PublishBuildArtifacts", id: "2ff763a7-ce83-4e1f-bc89-0ae63477cebe", majors: [1]),
        KnownTask("DownloadBuildArtifacts", id: "a433f589-fce1-4460-9ee6-44a624aeb1fb", majors: [0, 1]),
        KnownTask("Cache", id: "d53ccab4-555e-4494-9d06-11db043fb4a9", majors: [2]),
        KnownTask("UsePythonVersion", id: "33c63b11-352b-45a2-ba1b-54cb568a29ca", majors: [0]),
    ]

    /// The task of a name or an id, in any letter case.
    public static func task(_ name: String) -> KnownTask? {
        all.first { equalIgnoringCase($0.name, name) || $0.id == name.lowercased() }
    }
}
