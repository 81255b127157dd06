import ArgumentParser
import RoostClient
import RoostWire

struct VaultSecretShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a secret; its value only when it is asked for.",
        discussion: """
            Example:
              roost vault secret show team db-password --value > password.txt
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret.")
    var name: String

    @Option(help: "The version; the newest without it.")
    var version: String?

    @Flag(help: "Print the value, and nothing else.")
    var value = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var secret = try await server.client.secret(name, version: version, in: server.vault(vault))
        if value, output.output == .table {
            guard let text = secret.value else { throw CommandFailure.incompleteAnswer(what: "value") }
            return Terminal.print(text)
        }
        if !value { secret.value = nil }
        try output.print(secret) { terminal in
            var facts = Facts()
            facts.add("Secret", secret.name)
            facts.add("Version", secret.version)
            facts.add("Enabled", secret.attributes?.enabled == false ? "no" : "yes")
            facts.add("Content type", secret.contentType)
            facts.add("Changed", TimeText.ago(VaultSecretList.date(secret.attributes?.updated)))
            facts.add("Expires", VaultSecretList.date(secret.attributes?.exp).map { TimeText.moment($0) })
            for (name, value) in (secret.tags ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.add("Tag \(name)", value)
            }
            return facts.render(terminal)
        }
    }
}
