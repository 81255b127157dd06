import ArgumentParser

/// `roost-machines`: what providers of machines on this computer take, and a program to kill while it makes some.
@main
struct Machines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-machines",
        abstract: "Measure and try the providers of machines.",
        subcommands: [Measure.self, Churn.self]
    )
}
