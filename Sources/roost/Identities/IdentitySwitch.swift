import ArgumentParser
import RoostClient
import RoostWire

struct IdentityEnable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let an identity get and use tokens again.",
        discussion: """
            Example:
              roost identity enable deployer
            """
    )

    @Argument(help: "Its name or id.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        _ = try await server.client.updateIdentity(name, DirectoryIdentityWire(isEnabled: true))
        Terminal.print("Identity '\(name)' is enabled.")
    }
}

struct IdentityDisable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Refuse an identity and its tokens from now on.",
        discussion: """
            Example:
              roost identity disable deployer
            """
    )

    @Argument(help: "Its name or id.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        _ = try await server.client.updateIdentity(name, DirectoryIdentityWire(isEnabled: false))
        Terminal.print("Identity '\(name)' is disabled.")
    }
}
