import ArgumentParser

/// `roost artifact`: the group of commands about artifacts of runs.
struct ArtifactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact",
        abstract: "List, fetch and publish artifacts of runs.",
        discussion: """
            Examples:
              roost artifact list 12
              roost artifact download 12 drop --path out --pattern '**/*.dll'
            """,
        subcommands: [
            ArtifactList.self, ArtifactFiles.self, ArtifactDownload.self, ArtifactUpload.self, ArtifactDelete.self,
        ]
    )
}
