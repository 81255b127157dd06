import ArgumentParser
import RoostClient
import RoostWire

struct IdentityAddFederated: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-federated",
        abstract: "Let tokens of another issuer stand for an identity.",
        discussion: """
            Issuer, subject and audience must be those of the token, letter by letter.

            Example:
              roost identity add-federated deployer --issuer https://token.actions.githubusercontent.com \
            --subject repo:acme/shop:ref:refs/heads/main
            """
    )

    @Argument(help: "Name or id of the identity.")
    var name: String

    @Option(help: ArgumentHelp("The token's 'iss'.", valueName: "url"))
    var issuer: String

    @Option(help: "The token's 'sub'.")
    var subject: String

    @Option(help: "The token's 'aud'.")
    var audience = "api://AzureADTokenExchange"

    @Option(help: "What it is for.")
    var label = ""

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let wanted = FederatedCredentialWire(name: label, issuer: issuer, subject: subject, audience: audience)
        let identity = try await server.client.addFederated(to: name, wanted)
        try output.print(identity) { IdentityFacts.render(identity, $0) }
    }
}
