import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct IdentityRotateSigningKey: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-signing-key",
        abstract: "Make a new key for the tokens of identities and people.",
        discussion: """
            The new key is published at once and signs a day later; the old one is accepted until its last token has \
            expired. With --at-once the new key signs at once and the old ones' tokens are refused: for a key that \
            others may know.

            Example:
              roost identity rotate-signing-key
            """
    )

    @Flag(help: "Refuse what the keys until now have signed.")
    var atOnce = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let keys = try await server.client.rotateSigningKey(atOnce: atOnce)
        try output.print(list: keys, empty: "There are no keys.") { _ in
            var table = Table("KEY", "MADE", "SIGNS FROM")
            for key in keys {
                table.add(
                    key.id ?? "-",
                    key.createdAt.map { TimeText.day($0) } ?? "-",
                    key.signsFrom.map { "\(TimeText.moment($0)) UTC" } ?? "-"
                )
            }
            return table
        }
    }
}
