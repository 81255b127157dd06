import ArgumentParser
import RoostClient
import RoostWire

struct UserEnable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a person in again, with the roles, tokens and sign-ins they have.",
        discussion: """
            Example:
              roost user enable ada
            """
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        _ = try await server.client.setUser(name, isEnabled: true)
        Terminal.print("'\(name)' is enabled.")
    }
}

struct UserDisable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Refuse a person's tokens and sign-ins from now on; what they made goes on.",
        discussion: """
            Example:
              roost user disable ada
            """
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        _ = try await server.client.setUser(name, isEnabled: false)
        Terminal.print("'\(name)' is disabled. What they made goes on.")
    }
}
