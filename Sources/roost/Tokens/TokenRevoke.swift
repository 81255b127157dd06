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
            Agents that were registered with it go on, and so do sign-ins that began with it, unless --end-sign-ins is given.

            Example:
              roost token revoke ci
            """
    )

    @Argument(help: "Id of the token, or its name when only one good token has it.")
    var id: String

    @Flag(help: "Also end the open sign-ins that began with it.")
    var endSignIns = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let uuid = try await uuid(on: server)
        try await server.client.revokeToken(uuid, endSignIns: endSignIns)
        Terminal.print("Token '\(id)' is revoked.")
        // The token may have been the one of this command, which then cannot ask any more.
        let left = (try? await server.client.signIns().count { $0.tokenId == uuid }) ?? 0
        guard left > 0 else { return }
        let them = left == 1 ? "1 sign-in that began with it is" : "\(left) sign-ins that began with it are"
        Terminal.printError("\(them) still open; see 'roost sign-in list'.")
    }

    private func uuid(on server: Connection) async throws -> UUID {
        if let uuid = UUID(uuidString: id) { return uuid }
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
        return uuid
    }
}
