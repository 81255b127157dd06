import ArgumentParser
import RoostClient
import RoostWire

struct TrustCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Trust an issuer's tokens of one audience and subject to register agents.",
        discussion: """
            The issuer's keys are fetched from it, or given with --keys-file where it cannot be reached.

            Example:
              roost trust create cluster --issuer https://oidc.example.com --audience https://build.example.com/ \
            --subject 'system:serviceaccount:build:agent-*' --pool linux
            """
    )

    @Argument(help: "Its name, unique in the organization.")
    var name: String

    @OptionGroup var options: TrustRuleOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard options.issuer != nil, options.audience != nil, options.subject != nil else {
            throw ValidationError("A rule needs --issuer, --audience and --subject.")
        }
        guard options.allPools || !options.pool.isEmpty else {
            throw ValidationError("Say where agents may be registered: --pool POOL, or --all-pools.")
        }
    }

    func run(on server: Connection) async throws {
        var draft = try await options.draft(on: server)
        draft.name = name
        let made = try await server.client.createTrustRule(draft)
        try output.print(made) { _ in
            "The trust rule '\(made.name ?? name)' is made. Try a token with 'roost trust test FILE'."
        }
    }
}
