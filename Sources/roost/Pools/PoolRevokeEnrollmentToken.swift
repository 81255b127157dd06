import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct PoolRevokeEnrollmentToken: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-enrollment-token",
        abstract: "Make an enrollment token useless at once; agents that joined with it go on.",
        discussion: """
            Example:
              roost pool revoke-enrollment-token linux 2f0c6a52-6f6e-4b0f-9d0e-0d4f4f6f7a11
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Argument(help: "Id of the token.")
    var id: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        guard UUID(uuidString: id) != nil else {
            throw ValidationError("'\(id)' is no id. See 'roost pool list-enrollment-tokens \(pool)'.")
        }
    }

    func run(on server: Connection) async throws {
        guard let uuid = UUID(uuidString: id) else { return }
        try await server.client.revokeEnrollmentToken(pool: try await server.pool(pool).id, id: uuid)
        Terminal.print("Enrollment token '\(id)' is revoked.")
    }
}
