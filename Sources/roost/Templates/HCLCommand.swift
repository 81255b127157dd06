import ArgumentParser

/// `roost hcl`: the language of image templates by itself.
struct HCLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hcl",
        abstract: "Read HCL, the language of image templates.",
        subcommands: [HCLDecodeCommand.self]
    )
}
