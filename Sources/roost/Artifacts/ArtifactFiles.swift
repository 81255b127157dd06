import ArgumentParser
import RoostClient
import RoostWire

struct ArtifactFiles: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "List the files of an artifact.",
        discussion: """
            Example:
              roost artifact files 12 drop
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: "Name of the artifact.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let files = try await server.client.artifactFiles(run: number, name: name)
        try output.print(list: files, empty: "Artifact '\(name)' has no files.") { _ in
            var table = Table("SIZE", "PATH")
            for file in files {
                table.add(SizeText.of(file.size), file.target.map { "\(file.path) -> \($0)" } ?? file.path)
            }
            return table
        }
    }
}
