import ArgumentParser

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Ask about jobs.",
        discussion: """
            Example:
              roost job why 42
            """,
        subcommands: [JobWhy.self]
    )
}
