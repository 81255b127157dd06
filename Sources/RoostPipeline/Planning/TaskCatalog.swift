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
    /// The type of service connections that its inputs take; nil is any.
    public let connections: String?

    init(
        _ name: String,
        id: String,
        majors: [Int],
        reference: TaskReference? = nil,
        connections: String? = nil
    ) {
        self.name = name
        self.id = id
        self.majors = majors
        self.reference = reference
        self.connections = connections
    }
}

/// All tasks that agents here carry out: one row for each, and nothing else says which there are.
public enum TaskCatalog {
    public static let all = shells + content + tools + programs + files + server

    private static let shells = [
        KnownTask("CmdLine", id: TaskReference.commandLine.id, majors: [2], reference: .commandLine),
        KnownTask("Bash", id: TaskReference.bash.id, majors: [3], reference: .bash),
        KnownTask("PowerShell", id: TaskReference.powerShell.id, majors: [2], reference: .powerShell),
        KnownTask("Checkout", id: TaskReference.checkout.id, majors: [1], reference: .checkout),
    ]

    private static let content = [
        KnownTask("PublishPipelineArtifact", id: "ecdc45f6-832d-4ad9-b52b-ee49e94659be", majors: [0, 1]),
        KnownTask("DownloadPipelineArtifact", id: "61f2a582-95ae-4948-b34d-a1b3c4f6a737", majors: [0, 1, 2]),
        KnownTask("PublishBuildArtifacts", id: "2ff763a7-ce83-4e1f-bc89-0ae63477cebe", majors: [1]),
        KnownTask("DownloadBuildArtifacts", id: "a433f589-fce1-4460-9ee6-44a624aeb1fb", majors: [0, 1]),
        KnownTask("Cache", id: "d53ccab4-555e-4494-9d06-11db043fb4a9", majors: [2]),
        KnownTask("PublishTestResults", id: "0b0f01ed-7dde-43ff-9cbb-e48954daf9b1", majors: [1, 2]),
        KnownTask("PublishCodeCoverageResults", id: "2a7ebc54-c13e-490e-81a5-d7561ab7cd97", majors: [1, 2]),
        KnownTask("DownloadSecureFile", id: "2a6ca863-f2ce-4f4d-8bcb-15e64608ec4b", majors: [1]),
        KnownTask("InstallSSHKey", id: "5c9af2eb-5fc5-42dc-9b91-dc234a8c4400", majors: [0]),
    ]

    private static let tools = [
        KnownTask("UsePythonVersion", id: "33c63b11-352b-45a2-ba1b-54cb568a29ca", majors: [0]),
        KnownTask("NodeTool", id: "31c75bbb-bcdf-4706-8d7c-4da6a1959bc2", majors: [0]),
        KnownTask("UseNode", id: "31c75bbb-bcdf-4706-8d7c-4da6a1959bc2", majors: [1]),
        KnownTask("GoTool", id: "334727f4-9495-4f9d-a391-fc621d671474", majors: [0]),
        KnownTask("JavaToolInstaller", id: "c0e0b74f-0931-47c7-ac27-7c5a19456a36", majors: [0]),
        KnownTask("UseDotNet", id: "b0ce7256-7898-45d3-9cb5-176b752bfea6", majors: [2]),
        KnownTask("UseRubyVersion", id: "630c472c-cde7-4cd8-ba13-e00ca5ff180b", majors: [0]),
    ]

    /// Those of jobs without an agent, which the server carries out.
    static let server = [
        KnownTask("Delay", id: "28782b92-5e8e-4458-9751-a71cd1492bae", majors: [1]),
        KnownTask("ManualValidation", id: "2003ad3a-104a-451a-9238-60474ab294e6", majors: [0, 1]),
    ]

    private static let programs = [
        KnownTask("PythonScript", id: "6392f95f-7e76-4a18-b3c7-7f078d2f7700", majors: [0]),
        // The vendor gave Bash its id, which is the one that counts.
        KnownTask("ShellScript", id: "", majors: [2]),
        KnownTask("Npm", id: "fe47e961-9fa8-4106-8639-368c022d43ad", majors: [1]),
        KnownTask("Maven", id: "ac4ee482-65da-4485-a532-7b085873e532", majors: [3, 4]),
        KnownTask("Gradle", id: "8d8eebd8-2b94-4c97-85af-839254cc6da4", majors: [2, 3]),
        KnownTask("Ant", id: "3a6a2d63-f2b2-4e93-bcf9-0cbe22f5dc26", majors: [1]),
        KnownTask("CMake", id: "7d831c3c-3c68-459a-a5c9-bde6e659596c", majors: [1]),
        KnownTask("Go", id: "34b37fdd-bbf7-4ef1-b37c-9652ca7bb355", majors: [0]),
        KnownTask("RoostImageBuild", id: "5d0c5b54-6c0e-4f0a-9d5b-0f3a5a7f1e21", majors: [1]),
        KnownTask("AzureCLI", id: "46e4be58-730b-4389-8a2f-ea10b3e5e815", majors: [2], connections: "AzureRM"),
        KnownTask("Packer", id: "b3c6bb07-1292-44e7-9ec9-b211fc98b6d2", majors: [1]),
        KnownTask("PackerBuild", id: "845fd4f4-642d-4694-8514-047948a5a556", majors: [1], connections: "AzureRM"),
    ]

    private static let files = [
        KnownTask("CopyFiles", id: "5bfb729a-a7c8-4a78-a7c3-8d717bb7c13c", majors: [2]),
        KnownTask("DeleteFiles", id: "b7e8b412-0437-4065-9371-edc5881de25b", majors: [1]),
        KnownTask("ArchiveFiles", id: "d8b84976-e99a-4b86-b885-4849694435b0", majors: [2]),
        KnownTask("ExtractFiles", id: "5e1e3830-fbfb-11e5-aab1-090c92bc4988", majors: [1]),
    ]

    /// The task of a name or an id, in any letter case.
    public static func task(_ name: String) -> KnownTask? {
        all.first { equalIgnoringCase($0.name, name) || $0.id == name.lowercased() }
    }
}
