import ArgumentParser

/// `roost-faults`: a server, agents and machines are killed at random while a provider lies; what was promised must hold all the same.
@main
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-faults",
        abstract: "Try an elastic pool while everything around it fails.",
        subcommands: [FaultRunCommand.self, FaultServerCommand.self],
        defaultSubcommand: FaultRunCommand.self
    )
}
