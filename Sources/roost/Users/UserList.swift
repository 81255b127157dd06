import ArgumentParser
import RoostClient
import RoostWire

struct UserList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List everybody who has a token, a role or a sign-in, or changed something.",
        discussion: """
            Example:
              roost user list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let users = try await server.client.users()
        try output.print(list: users, empty: "There are no people.") { terminal in
            var table = Table("NAME", "STATE", "ROLES", "TOKENS", "SIGN-INS", "LAST SEEN", "LAST CHANGE")
            for user in users {
                table.add(
                    user.name ?? "-",
                    UserShow.state(user, terminal),
                    UserShow.isAdministrator(user) ? "administrator" : "\(user.roles?.count ?? 0)",
                    "\(user.goodTokens ?? 0)",
                    "\(user.openSignIns ?? 0)",
                    TimeText.ago(user.lastSeenAt),
                    TimeText.ago(user.lastChangeAt)
                )
            }
            return table
        }
    }
}
