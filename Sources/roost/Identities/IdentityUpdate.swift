import ArgumentParser
import RoostClient
import RoostWire

struct IdentityUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change what an identity may do, or its name.",
        discussion: """
            Example:
              roost identity update deployer --scope vso.build
            """
    )

    @Argument(help: "Its name or id.")
    var name: String

    @Option(help: "A new name.")
    var rename: String?

    @OptionGroup var rights: IdentityRightOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var wanted = try await rights.wire(server)
        wanted.name = rename
        let identity = try await server.client.updateIdentity(name, wanted)
        try output.print(identity) { IdentityFacts.render(identity, $0) }
    }
}
