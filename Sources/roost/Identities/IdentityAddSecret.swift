import ArgumentParser
import RoostClient
import RoostWire

struct IdentityAddSecret: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-secret",
        abstract: "Make a secret for an identity, and print it, this once.",
        discussion: """
            The secret alone goes to standard output.

            Example:
              roost identity add-secret deployer --days 90 > secret.txt
            """
    )

    @Argument(help: "Name or id of the identity.")
    var name: String

    @Option(help: "Days until it ends; two years at most.")
    var days: Double = 180

    @Option(help: "What it is for.")
    var label = ""

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard days > 0, days.isFinite else { throw ValidationError("--days takes a number above 0.") }
    }

    func run(on server: Connection) async throws {
        let secret = try await server.client.addSecret(to: name, IdentitySecretWire(name: label, days: days))
        guard let text = secret.secret else { throw CommandFailure.incompleteAnswer(what: "secret") }
        try output.print(secret) { _ in text }
        if output.output == .table {
            let end = secret.expiresAt.map { "good until \(TimeText.moment($0)) UTC" } ?? "made"
            Terminal.printError("The secret is \(end). It is not shown again.")
        }
    }
}
