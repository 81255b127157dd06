import ArgumentParser
import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline

/// What `roost lint` and `roost expand` are told of a run that does not exist.
struct SourceOptions: ParsableArguments {
    @Option(
        name: [.customLong("parameters"), .customLong("parameter"), .customShort("p")],
        help: ArgumentHelp("A value for a parameter of the file; may be repeated.", valueName: "name=value")
    )
    var parameters: [Assignment] = []

    @Option(
        name: [.customLong("variables"), .customLong("variable"), .customShort("v")],
        help: ArgumentHelp(
            "A variable of the run, also a predefined one such as Build.SourceBranch; may be repeated.",
            valueName: "name=value"
        )
    )
    var variables: [Assignment] = []

    @Option(
        name: [.customLong("repository"), .customShort("r")],
        help: ArgumentHelp(
            "The folder of a checkout that stands for a repository of the file's resources; may be repeated.",
            valueName: "alias=folder"
        )
    )
    var repositories: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "The folder paths with a leading '/' are relative to; else the top of the git working tree.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var root: String?

    func validate() throws {
        if let root, !isFolder(root) { throw ValidationError("--root: there is no folder '\(root)'.") }
        for repository in repositories where !isFolder(repository.value) {
            throw ValidationError(
                "--repository \(repository.name)=\(repository.value): there is no folder '\(repository.value)'."
            )
        }
    }

    /// Folders of other repositories, by alias.
    var folders: [String: String] { Assignment.dictionary(repositories) }

    /// What compile-time expressions may read.
    func request(for place: PipelinePlace, parameters defaults: [String: String] = [:]) -> CompileRequest {
        CompileRequest(
            parameters: defaults.merging(Assignment.dictionary(parameters)) { $1 },
            queueTimeVariables: Assignment.dictionary(variables),
            predefinedVariables: place.predefined,
            repository: PlannedRepository(alias: "self", type: "git", name: place.repositoryName)
        )
    }
}

/// Whether a path names a folder.
func isFolder(_ path: String) -> Bool {
    var isDirectory = ObjCBool(false)
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
}
