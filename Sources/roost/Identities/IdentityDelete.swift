import ArgumentParser
import RoostClient

struct IdentityDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an identity; its tokens are refused at once.",
        discussion: """
            Example:
              roost identity delete deployer
            """
    )

    @Argument(help: "Its name or id.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteIdentity(name)
        Terminal.print("Identity '\(name)' is deleted.")
    }
}
