import RoostWire
import RoostClient
import ArgumentParser
import Foundation
import RoostLanguage

struct TokenRevoke: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Make a token useless at once.",
        discussion: """
            Example:
              roost token revoke ci
            """
    )

    @Argument(help: "Id of the token, or its name when only one good token has it.")
    var id: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        if let uuid = UUID(uuidString: id) {
            try await server.client.revokeToken(uuid)
        } else {
            let good = try await server.client.tokens().filter { $0.revokedAt == nil }
            let named = good.filter { $0.name?.lowercased() == id.lowercased() }
            guard let uuid = named.first?.id, named.count == 1 else {
                let near = named.isEmpty ? nearName(id, among: good.compactMap(\.name)) : nil
                throw CommandFailure.notFound(
                    kind: named.isEmpty ? "token" : "single token",
                    name: id,
                    near: near,
                    list: "roost token list"
                )
            }
            try await server.client.revokeToken(uuid)
        }
        Terminal.print("Token '\(id)' is revoked.")
    }
}
