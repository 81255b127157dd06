import ArgumentParser

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "List people, and shut them out or let them in again.",
        discussion: """
            What a person made goes on without them. The right to manage the organization is needed.

            Examples:
              roost user list
              roost user disable ada
            """,
        subcommands: [UserList.self, UserShow.self, UserEnable.self, UserDisable.self]
    )
}
