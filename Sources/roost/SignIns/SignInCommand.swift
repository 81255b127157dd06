import ArgumentParser

struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in",
        abstract: "List and end open sign-ins: browsers on the dashboard, and programs that you let in.",
        discussion: """
            Examples:
              roost sign-in list
              roost sign-in end --others
            """,
        subcommands: [SignInList.self, SignInEnd.self]
    )
}
