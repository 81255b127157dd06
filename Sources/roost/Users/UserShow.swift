import ArgumentParser
import RoostClient
import RoostWire

struct UserShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a person: roles, tokens and sign-ins, and what they made that goes on without them.",
        discussion: """
            Example:
              roost user show ada
            """
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let user = try await server.client.user(name)
        try output.print(user) { terminal in Self.facts(user, terminal).render(terminal) }
    }

    private static func facts(_ user: UserWire, _ terminal: Terminal) -> Facts {
        var facts = Facts()
        facts.add("Name", user.name)
        facts.add("State", state(user, terminal))
        facts.add("Since", user.disabledAt.map { "\(TimeText.moment($0)) UTC, by \(user.disabledBy ?? "-")" })
        for role in user.roles ?? [] {
            facts.add("Role", "\(role.role ?? "-") on \(role.on ?? "-") \(role.name ?? "")")
        }
        facts.add("Tokens", "\(user.goodTokens ?? 0) good of \(user.tokens ?? 0)")
        facts.add("Sign-ins", "\(user.openSignIns ?? 0) open")
        facts.add("Last seen", TimeText.ago(user.lastSeenAt))
        facts.add("Last change", TimeText.ago(user.lastChangeAt))
        let made = (user.made ?? [:]).sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        facts.add("Made", made.joined(separator: ", "))
        return facts
    }

    static func state(_ user: UserWire, _ terminal: Terminal) -> String {
        user.isEnabled == false ? terminal.styled("disabled", .red) : "enabled"
    }

    static func isAdministrator(_ user: UserWire) -> Bool {
        user.roles?.contains { $0.on == "organization" && $0.role == "administrator" } ?? false
    }
}
