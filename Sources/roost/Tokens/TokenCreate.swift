import RoostClient
import ArgumentParser
import RoostLanguage
import RoostModel
import RoostWire

struct TokenCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it, this once.",
        discussion: """
            The token alone goes to standard output. Scopes: \(TokenScope.all.map(\.rawValue).joined(separator: ", ")).

            Example:
              roost token create agents --scope vso.agentpools_manage --days 7 > token.txt
            """
    )

    @Argument(help: "A name to know it by.")
    var name: String

    @Option(help: "What it allows; may be repeated.")
    var scope: [String]

    @Option(help: "Days until it ends.")
    var days: Double = 30

    @Option(help: "User it acts for; yourself when nothing is said.")
    var user: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let known = TokenScope.all.map(\.rawValue)
        for scope in scope where !known.contains(scope) {
            let advice =
                nearName(scope, among: known).map { "Did you mean '\($0)'?" }
                ?? "Known are \(known.joined(separator: ", "))."
            throw ValidationError("There is no scope '\(scope)'. \(advice)")
        }
        guard days > 0, days.isFinite else { throw ValidationError("--days takes a number above 0.") }
    }

    func run(on server: Connection) async throws {
        let request = TokenRequestWire(user: user, name: name, scopes: scope, days: days)
        let token = try await server.client.createToken(request)
        guard let text = token.token else { throw CommandFailure.incompleteAnswer(what: "token") }
        try output.print(token) { _ in text }
        if output.output == .table {
            let end = token.expiresAt.map { "good until \(TimeText.moment($0)) UTC" } ?? "made"
            Terminal.printError("Token '\(token.name ?? name)' is \(end). It is not shown again.")
        }
    }
}
