import ArgumentParser

struct MachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine",
        abstract: "Give machines identities, and serve them on the machine.",
        discussion: """
            A machine's identity reads secrets and registers agents without a secret of a person. On the server an administrator makes
            the machine and gives it identities; on the machine, root runs the endpoint at which its programs ask for tokens.

            Example:
              roost machine create build-7 --identity builders > build-7.key
              sudo roost machine endpoint --url https://roost.example --key-file build-7.key
            """,
        subcommands: [
            MachineCreate.self, MachineList.self, MachineAssign.self, MachineNewKey.self, MachineDelete.self,
            MachineEndpointCommand.self,
        ]
    )
}
