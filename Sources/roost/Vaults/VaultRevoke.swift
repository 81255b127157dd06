import ArgumentParser
import RoostClient
import RoostWire

struct VaultRevoke: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take all rights in a vault from somebody.",
        discussion: """
            Example:
              roost vault revoke team user:ada
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "From whom, as 'roost vault show' names them.")
    var who: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let changed = try await server.client.grant(.init(grantee: who, rights: []), in: vault)
        try output.print(changed) { _ in "\(who) has no right in the vault '\(vault)' any more." }
    }
}
