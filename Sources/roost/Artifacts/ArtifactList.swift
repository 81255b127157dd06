import ArgumentParser
import RoostClient
import RoostWire

struct ArtifactList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the artifacts of a run.",
        discussion: """
            Example:
              roost artifact list 12
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.artifacts(run: number)
        try output.print(list: all, empty: "Run \(number) has no artifacts.") { _ in
            var table = Table("ID", "NAME", "TYPE", "FILES", "SIZE")
            for artifact in all {
                table.add(
                    "\(artifact.id)",
                    artifact.name,
                    artifact.type,
                    artifact.content.map { "\($0.files)" } ?? "-",
                    artifact.content.map { SizeText.of($0.size) } ?? artifact.data ?? "-"
                )
            }
            return table
        }
    }
}
