import ArgumentParser

/// `roost-machines`: programs that tests of machines start, and kill.
@main
struct Machines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-machines",
        abstract: "Try the providers of machines.",
        subcommands: [Churn.self]
    )
}
