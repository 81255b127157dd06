import ArgumentParser
import RoostClient

struct ArtifactDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an artifact of a run.",
        discussion: """
            Example:
              roost artifact delete 12 drop
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: "Name of the artifact.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteArtifact(run: number, name: name)
        Terminal.print("Artifact '\(name)' of run \(number) is deleted.")
    }
}
