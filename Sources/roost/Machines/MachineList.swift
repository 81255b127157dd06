import ArgumentParser
import RoostClient
import RoostWire

struct MachineList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List machines with their identities.",
        discussion: """
            Example:
              roost machine list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let machines = try await server.client.machines()
        try output.print(list: machines, empty: "There are no machines.") { _ in
            var table = Table("NAME", "IDENTITIES", "FROM", "LAST SEEN", "MADE BY")
            for machine in machines {
                table.add(
                    machine.name ?? "-",
                    machine.identities?.joined(separator: " ") ?? "",
                    machine.from.map { $0.isEmpty ? "anywhere" : $0.joined(separator: " ") } ?? "-",
                    machine.lastSeenAt.map { TimeText.day($0) } ?? "never",
                    machine.createdBy ?? "-"
                )
            }
            return table
        }
    }
}
