import ArgumentParser
import RoostClient
import RoostWire

struct TrustUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a rule; what is not given stays as it is.",
        discussion: """
            Tokens that were given by the rule before are refused from then on. Conditions of --claim replace all that were there.

            Example:
              roost trust update github --subject 'repo:contoso/app:*'
            """
    )

    @OptionGroup var which: TrustRuleArgument

    @Option(help: "A new name.")
    var rename: String?

    @OptionGroup var options: TrustRuleOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if rename == nil, options.isEmpty { throw ValidationError("Say what to change, for example --subject.") }
    }

    func run(on server: Connection) async throws {
        let found = try await which.find(on: server)
        var draft = try await options.draft(on: server)
        draft.name = rename
        let changed = try await server.client.updateTrustRule(found.id, draft)
        try output.print(changed) { _ in "The trust rule '\(changed.name ?? which.name)' is changed." }
    }
}
