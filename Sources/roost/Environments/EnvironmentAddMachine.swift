import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct EnvironmentAddMachine: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-machine",
        abstract: "Make an agent a machine of an environment, for rolling deployments.",
        discussion: """
            Example:
              roost environment add-machine production web-1 --tags web,eu
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: "Name or number of the agent.")
    var agent: String

    @Option(help: "Pool the agent is in.")
    var pool: String?

    @Option(help: ArgumentHelp("Tags by which deployments choose, with commas between.", valueName: "tags"))
    var tags: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let machine = try await server.agent(agent, pool: pool)
        let list = (tags ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let changed = try await server.client.addMachine(
            project: found.project,
            environment: found.id,
            EnvironmentResourceWire(tags: list.filter { !$0.isEmpty }, agentId: machine.id)
        )
        try output.print(changed) { _ in
            "Agent '\(machine.agent.name ?? agent)' is a machine of '\(found.name)'\(list.isEmpty ? "" : " with the tags \(list.joined(separator: ", "))")."
        }
    }
}
