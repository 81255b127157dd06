import ArgumentParser
import RoostClient
import RoostLanguage
import RoostWire

/// `roost vault`: secrets that people and programs read where they are allowed to.
struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault",
        abstract: "Keep secrets in vaults, and say who may read and change them.",
        discussion: """
            Example:
              roost vault create team
              roost vault grant team user:ada get list
              roost vault secret set team db-password --file password.txt
            """,
        subcommands: [
            VaultList.self, VaultShow.self, VaultCreate.self, VaultDelete.self, VaultGrantCommand.self,
            VaultRevoke.self, VaultSecretCommand.self,
        ]
    )
}

extension Connection {
    /// A vault by its name.
    func vault(_ name: String) async throws -> VaultWire {
        let all = try await client.vaults()
        guard let found = all.first(where: { $0.name == name.lowercased() }) else {
            throw CommandFailure.notFound(
                kind: "vault",
                name: name,
                near: nearName(name, among: all.compactMap(\.name)),
                list: "roost vault list"
            )
        }
        return found
    }
}
