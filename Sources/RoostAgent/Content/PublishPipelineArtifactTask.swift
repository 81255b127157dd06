import FoundationEssentials
import RoostModel

/// `publish`, `PublishPipelineArtifact@1`: keeps files as an artifact of the run, which is written once.
struct PublishPipelineArtifactTask: TaskHandler {
    static let reference = TaskReference(
        id: "ecdc45f6-832d-4ad9-b52b-ee49e94659be",
        name: "PublishPipelineArtifact",
        version: "1.0.0"
    )
    let title = "Publish Pipeline Artifacts"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let location = work.input("publishLocation") ?? work.input("artifactType") ?? "pipeline"
        guard location.lowercased() != "filepath" else { throw ArtifactFailure.fileShare(task: title) }
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let path = work.input("targetPath") ?? work.input("path") ?? work.folders.build
        let publisher = try ArtifactPublisher(work, task: title)
        try await publisher.publish(
            work.absolute(path, below: base).withoutSlashAtEnd,
            as: work.input("artifact") ?? work.input("artifactName") ?? Self.name(work),
            isContainer: false,
            properties: try Self.properties(work)
        )
        return .succeeded
    }

    /// Without a name it is that of the job, with its attempt, so that a job may publish once without thinking of one.
    private static func name(_ work: StepWork) -> String {
        let job = work.variables["System.JobIdentifier"] ?? work.order.name
        let attempt = work.variables["System.JobAttempt"] ?? "1"
        return attempt == "1" ? job : "\(job)_\(attempt)"
    }

    private static func properties(_ work: StepWork) throws(TaskFailure) -> [String: String] {
        guard let text = work.input("properties") else { return [:] }
        let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        guard let values, values.keys.allSatisfy({ $0.hasPrefix("user-") }) else {
            throw .inputInvalid(
                "properties",
                value: text,
                expected: "a JSON object of texts whose names begin with 'user-'"
            )
        }
        return values
    }
}

/// `PublishBuildArtifacts@1`: the older form, to whose name several steps may add.
struct PublishBuildArtifactsTask: TaskHandler {
    static let reference = TaskReference(
        id: "2ff763a7-ce83-4e1f-bc89-0ae63477cebe",
        name: "PublishBuildArtifacts",
        version: "1.0.0"
    )
    let title = "Publish build artifacts"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let location = work.input("publishLocation") ?? work.input("ArtifactType") ?? "Container"
        guard location.lowercased() != "filepath" else { throw ArtifactFailure.fileShare(task: title) }
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let path = work.absolute(work.input("PathtoPublish") ?? work.folders.artifacts, below: base).withoutSlashAtEnd
        let name = work.input("ArtifactName") ?? "drop"
        let publisher = try ArtifactPublisher(work, task: title)
        guard work.flag("StoreAsTar") else {
            try await publisher.publish(path, as: name, isContainer: true)
            return .succeeded
        }
        guard FileTree.exists(path) else { throw ArtifactFailure.notFound(path: path) }
        let archive = "\(work.settings.folders.temp)/\(name).tar"
        let result = try await Self.pack(path, into: archive, work)
        guard result == .succeeded else { return result }
        try await publisher.publish(archive, as: name, isContainer: true)
        return .succeeded
    }

    /// Keeps what the older form does not: modes and links.
    private static func pack(_ path: String, into archive: String, _ work: StepWork) async throws -> TaskResult {
        let isFolder = FileTree.isFolder(path)
        let parent = isFolder ? path : String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let name = isFolder ? "." : String(path.split(separator: "/").last ?? ".")
        let launch = ProcessLaunch(
            executable: try ExecutableSearch.require("tar", path: work.environment["PATH"]),
            arguments: ["-cf", archive, "-C", parent.isEmpty ? "/" : parent, name],
            environment: work.environment,
            workingDirectory: work.folders.build
        )
        return work.judge(try await work.execute(launch), program: "tar")
    }
}

extension String {
    /// A path without slashes at its end, but for the root.
    var withoutSlashAtEnd: String {
        var path = self[...]
        while path.count > 1, path.last == "/" { path = path.dropLast() }
        return String(path)
    }
}
