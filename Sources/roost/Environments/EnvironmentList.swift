import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the environments of a project.",
        discussion: """
            Example:
              roost environment list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.environments(project: server.project())
        let empty =
            "There are no environments yet. A deployment makes one on its first use, as does 'roost environment create'."
        try output.print(list: all, empty: empty) { _ in
            var table = Table("ID", "NAME", "MACHINES", "AT ONCE", "DESCRIPTION")
            for environment in all {
                table.add(
                    "\(environment.id ?? 0)",
                    environment.name ?? "-",
                    "\(environment.resources?.count ?? 0)",
                    environment.limitText,
                    environment.description ?? ""
                )
            }
            return table
        }
    }
}

extension EnvironmentWire {
    var limitText: String { concurrencyLimit.map { "at most \($0)" } ?? "no limit" }
}
