import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a service connection; what is not given stays as it is.",
        discussion: """
            Example:
              roost service-connection update builds --new-secret
              roost service-connection update production --kind federation
            """
    )

    @Argument(help: "Name or id of the connection.")
    var name: String

    @Option(help: "Its new name; files that name it must be changed too.")
    var rename: String?

    @Option(help: "The last part of its address.")
    var webhook: String?

    @OptionGroup var signature: WebhookSignatureOptions

    @Option(
        help: ArgumentHelp("Of a registry: read its new password from a file; - is standard input.", valueName: "path")
    )
    var passwordFile: String?

    @OptionGroup(title: "Of a cloud") var cloud: CloudOptions

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.serviceConnection(name)
        var draft = ServiceConnectionWire(name: rename, description: description)
        if found.connection.type == "azurerm" {
            try cloud.apply(to: &draft, over: found.connection, secretFile: signature.secretFile)
        } else {
            try signature.apply(to: &draft, webhook: webhook)
        }
        if let passwordFile { draft.authorization?.parameters?["password"] = try SecretFile.read(passwordFile) }
        let changed = try await server.client.updateServiceConnection(project: found.project, id: found.id, draft)
        try output.print(changed) { terminal in changed.facts(terminal) }
    }
}
