import ArgumentParser
import RoostClient
import RoostWire

struct IdentityShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an identity, what it may do and its credentials, without their text.",
        discussion: """
            Example:
              roost identity show deployer
            """
    )

    @Argument(help: "Its name, id or client id.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let identity = try await server.client.identity(name)
        try output.print(identity) { IdentityFacts.render(identity, $0) }
    }
}
