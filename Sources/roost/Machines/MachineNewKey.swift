import ArgumentParser
import RoostClient
import RoostWire

struct MachineNewKey: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-key",
        abstract: "Give a machine a new key, and print it, this once; the old one is refused from now on.",
        discussion: """
            Example:
              roost machine new-key build-7 > build-7.key
            """
    )

    @Argument(help: "Name of the machine.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let machine = try await server.client.renewMachineKey(name)
        guard let key = machine.key else { throw CommandFailure.incompleteAnswer(what: "key") }
        try output.print(machine) { _ in key }
        if output.output == .table { Terminal.printError("The key of '\(name)' is not shown again.") }
    }
}
