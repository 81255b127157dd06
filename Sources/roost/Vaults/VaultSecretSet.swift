import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct VaultSecretSet: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make a new version of a secret.",
        discussion: """
            The value comes from a file, byte for byte but for one line end behind it, because others can read arguments.

            Example:
              roost vault secret set team db-password --file password.txt --tag owner=ada
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret: letters, digits and dashes.")
    var name: String

    @Option(help: ArgumentHelp("File with the value; '-' is the standard input.", valueName: "file"))
    var file: String

    @Option(help: "What the value is, such as text/plain.")
    var contentType: String?

    @Option(help: ArgumentHelp("A tag; may be repeated.", valueName: "name=value"))
    var tag: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let draft = SecretWire(
            value: try Self.value(file),
            contentType: contentType,
            tags: tag.isEmpty ? nil : Assignment.dictionary(tag)
        )
        var made = try await server.client.setSecret(name, draft, in: server.vault(vault))
        made.value = nil
        try output.print(made) { _ in "Secret '\(made.name)' has the version \(made.version) now." }
    }

    private static func value(_ path: String) throws -> String {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data, let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure.fileUnreadable(path: path)
        }
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}
