import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct VaultSecretList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the secrets of a vault, without their values.",
        discussion: """
            Example:
              roost vault secret list team --deleted
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Flag(help: "Those that are deleted and can be recovered.")
    var deleted = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let secrets = try await server.client.secrets(isDeleted: deleted, in: server.vault(vault))
        try output.print(list: secrets, empty: deleted ? "No secret is deleted." : "There is no secret yet.") { _ in
            var table = Table("NAME", "ENABLED", "CHANGED", deleted ? "PURGED AFTER" : "EXPIRES")
            for secret in secrets {
                let end = deleted ? secret.scheduledPurgeDate : secret.attributes?.exp
                table.add(
                    secret.name,
                    secret.attributes?.enabled == false ? "no" : "yes",
                    TimeText.ago(Self.date(secret.attributes?.updated)),
                    Self.date(end).map { TimeText.moment($0) } ?? ""
                )
            }
            return table
        }
    }

    static func date(_ seconds: Int?) -> Date? { seconds.map { Date(timeIntervalSince1970: Double($0)) } }
}
