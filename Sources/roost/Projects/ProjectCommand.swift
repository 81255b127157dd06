import ArgumentParser

struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Make, list and change projects.",
        discussion: """
            Example:
              roost project update main --default-pool linux
            """,
        subcommands: [ProjectList.self, ProjectCreate.self, ProjectUpdate.self]
    )
}
