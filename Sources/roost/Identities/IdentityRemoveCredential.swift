import ArgumentParser
import Foundation
import RoostClient

/// Which credential of which identity.
struct IdentityCredentialOptions: ParsableArguments {
    @Argument(help: "Name or id of the identity.")
    var name: String

    @Argument(help: "Id of the credential.")
    var id: String

    func validate() throws {
        guard UUID(uuidString: id) != nil else {
            throw ValidationError("'\(id)' is no id. See 'roost identity show \(name)'.")
        }
    }

    func remove(from server: Connection, _ what: String) async throws {
        guard let uuid = UUID(uuidString: id) else { return }
        try await server.client.removeCredential(uuid, from: name)
        Terminal.print("The \(what) '\(id)' is removed; tokens that came from it are refused.")
    }
}

struct IdentityRemoveSecret: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-secret",
        abstract: "Remove a secret; tokens that came from it are refused at once.",
        discussion: """
            Example:
              roost identity remove-secret deployer 2f0c6a52-6f6e-4b0f-9d0e-0d4f4f6f7a11
            """
    )

    @OptionGroup var credential: IdentityCredentialOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws { try await credential.remove(from: server, "secret") }
}

struct IdentityRemoveCertificate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-certificate",
        abstract: "Remove a certificate; tokens that came from it are refused at once.",
        discussion: """
            Example:
              roost identity remove-certificate deployer 2f0c6a52-6f6e-4b0f-9d0e-0d4f4f6f7a11
            """
    )

    @OptionGroup var credential: IdentityCredentialOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws { try await credential.remove(from: server, "certificate") }
}

struct IdentityRemoveFederated: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-federated",
        abstract: "Remove a federated credential; tokens that came from it are refused at once.",
        discussion: """
            Example:
              roost identity remove-federated deployer 2f0c6a52-6f6e-4b0f-9d0e-0d4f4f6f7a11
            """
    )

    @OptionGroup var credential: IdentityCredentialOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await credential.remove(from: server, "federated credential")
    }
}
