import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct PoolListEnrollmentTokens: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-enrollment-tokens",
        abstract: "List a pool's enrollment tokens, without their text.",
        discussion: """
            Example:
              roost pool list-enrollment-tokens linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let tokens = try await server.client.enrollmentTokens(pool: try await server.pool(pool).id)
        try output.print(list: tokens, empty: "The pool has no enrollment tokens.") { terminal in
            var table = Table("ID", "USED", "STATE", "FROM", "MADE BY")
            for token in tokens {
                table.add(
                    token.id?.uuidString.lowercased() ?? "-",
                    "\(token.used ?? 0) of \(token.uses ?? 0)",
                    Self.state(token, terminal),
                    token.from.map { $0.isEmpty ? "anywhere" : $0.joined(separator: " ") } ?? "-",
                    token.createdBy ?? "-"
                )
            }
            return table
        }
    }

    private static func state(_ token: EnrollmentTokenWire, _ terminal: Terminal) -> String {
        if token.revokedAt != nil { return terminal.styled("revoked", .red) }
        guard let end = token.expiresAt else { return "good" }
        if end <= Date() { return terminal.styled("expired \(TimeText.day(end))", .red) }
        if let used = token.used, let uses = token.uses, used >= uses { return "used up" }
        return "good until \(TimeText.day(end))"
    }
}
