import ArgumentParser
import RoostClient
import RoostWire

struct MachineAssign: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Say which identities a machine has; those it had and are not named are taken away.",
        discussion: """
            Example:
              roost machine assign build-7 builders readers
            """
    )

    @Argument(help: "Name of the machine.")
    var name: String

    @Argument(help: "Its identities from now on; none takes all away.")
    var identities: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let machine = try await server.client.assignIdentities(identities, to: name)
        try output.print(machine) { _ in
            let all = machine.identities ?? []
            return all.isEmpty ? "\(name) has no identity." : "\(name) is \(all.joined(separator: ", "))."
        }
    }
}
