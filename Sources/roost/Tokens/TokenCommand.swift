import ArgumentParser

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke personal access tokens.",
        discussion: """
            Example:
              roost token create ci --scope vso.build_execute --days 30
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self]
    )
}
