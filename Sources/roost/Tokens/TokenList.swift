import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct TokenList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tokens, without their text.",
        discussion: """
            Example:
              roost token list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let tokens = try await server.client.tokens()
        try output.print(list: tokens, empty: "There are no tokens.") { terminal in
            var table = Table("ID", "NAME", "USER", "STATE", "LAST USED", "SCOPES")
            for token in tokens {
                table.add(
                    token.id?.uuidString.lowercased() ?? "-",
                    token.name ?? "-",
                    token.user ?? "-",
                    Self.state(token, terminal),
                    token.lastUsedAt.map { TimeText.day($0) } ?? "never",
                    token.scopes?.joined(separator: " ") ?? ""
                )
            }
            return table
        }
    }

    private static func state(_ token: TokenWire, _ terminal: Terminal) -> String {
        if token.revokedAt != nil { return terminal.styled("revoked", .red) }
        guard let end = token.expiresAt else { return "good" }
        return end <= Date() ? terminal.styled("expired \(TimeText.day(end))", .red) : "good until \(TimeText.day(end))"
    }
}
