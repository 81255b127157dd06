import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct MachineCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a machine with identities, and print its key, this once.",
        discussion: """
            The key alone goes to standard output; keep it in a file that only root of the machine may read.

            Example:
              roost machine create build-7 --identity builders --from 10.1.0.0/16 > build-7.key
            """
    )

    @Argument(help: "Name of the machine.")
    var name: String

    @Option(help: "An identity it may be, of the kind managed-identity; may be repeated, the first is the usual one.")
    var identity: [String] = []

    @Option(help: "Addresses from which its key is good, such as 10.0.0.0/8; may be repeated.")
    var from: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let wrong = from.first(where: { AddressRange($0) == nil }) {
            throw ValidationError("'\(wrong)' is no range of addresses. Write it as 10.0.0.0/8 or 2001:db8::/32.")
        }
    }

    func run(on server: Connection) async throws {
        let made = try await server.client.createMachine(MachineWire(name: name, identities: identity, from: from))
        guard let key = made.key else { throw CommandFailure.incompleteAnswer(what: "key") }
        try output.print(made) { _ in key }
        if output.output == .table { Terminal.printError("The key of '\(name)' is not shown again.") }
    }
}
