import ArgumentParser
import RoostClient

struct MachineDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a machine; its key is refused from now on.",
        discussion: """
            Example:
              roost machine delete build-7
            """
    )

    @Argument(help: "Name of the machine.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteMachine(name)
        try output.print(["name": name]) { _ in "\(name) is deleted." }
    }
}
